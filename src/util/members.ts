import { DactylError } from './errors.ts';

/*
 * A table names all members of a family. In Node it has them all (`all.ts`); in a page's bundle (`members.page.ts`, which the field `browser` of
 * package.json puts into its place) the usual ones, until `dactyl/nn/all` adds the rest, and a function such as `Lion()` its own.
 */

const joined = new Map<string, unknown>();

/** A table as a page has it: every name, and nothing beside those that are not in the bundle. */
export type MembersInPage<T> = { -readonly [K in keyof T]: T[K] | undefined };

/** What a function of the package brings with it, for whoever names it later. */
export function join(family: string, name: string, member: unknown): void {
  joined.set(`${family} ${name}`, member);
}

/** E_BUNDLE where it is not in the bundle. */
export function memberOf<T>(family: string, table: Readonly<Record<string, T>>, name: string): T {
  const member = (table as Readonly<Record<string, T | undefined>>)[name] ?? joined.get(`${family} ${name}`);
  if (member !== undefined) return member as T;
  throw new DactylError(
    'E_BUNDLE',
    `The ${family} ${name} is not in this page's bundle: import 'dactyl/nn/all' once.`,
  );
}
