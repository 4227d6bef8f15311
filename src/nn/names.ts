import { describe } from '../util/describe.ts';
import { DactylError } from '../util/errors.ts';
import { likelyMeant } from '../util/nearest.ts';
import { ADVICE } from './advice/members.ts';

/** Keras' snake_case is accepted too: `leaky_relu` is `leakyRelu`. */
function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** Looks `name` up in a family (a table by name) or throws E_ARGUMENT with the family's names, and what is called so elsewhere. */
export function resolveName<N extends string>(
  family: string,
  table: Readonly<Record<N, unknown>>,
  name: unknown,
): N {
  const key = typeof name === 'string' ? camelCase(name) : '';
  if (Object.hasOwn(table, key)) return key as N;
  const known = Object.keys(table);
  const received = typeof name === 'string' ? `'${name}'` : describe(name);
  throw new DactylError(
    'E_ARGUMENT',
    `Unknown ${family}: expected one of ${known.join(', ')}; received ${received}${adviceOn(key, family, known)}.`,
  );
}

function adviceOn(key: string, family: string, known: readonly string[]): string {
  if (key === '')
    return family === 'activation' ? '; your own is Activation({ name, forward, derivative })' : '';
  const alias = valueOf(ADVICE.aliases, key) ?? valueOf(ADVICE.aliases, key.toLowerCase());
  if (alias !== undefined && known.includes(alias)) return `, which is called ${alias} here`;
  if (valueOf(ADVICE.lacking, key) === family) return `; there is no such ${family} yet`;
  const meant = likelyMeant(key, known);
  return meant === undefined ? '' : ` (nearest: ${meant})`;
}

function valueOf(table: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
