import { Value } from 'typebox/value';
import { readText } from '../../store/readFile.ts';
import { DactylError } from '../../util/errors.ts';
import { type Field, FIELDS } from './fields.ts';
import { MEANINGS } from './meaning.ts';
import { ServerConfig } from './schema.ts';

/** Variables of this prefix that are no setting of the server. */
export const OTHER_VARIABLES = ['DACTYL_WIDE', 'DACTYL_CONFIG', 'DACTYL_API_KEY'];

export interface ConfigSources {
  /** A JSON file; by default what DACTYL_CONFIG names. */
  readonly file?: string;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Of the command line, by the name in the file. */
  readonly flags?: Readonly<Record<string, unknown>>;
}

type Tree = Record<string, unknown>;

/**
 * The settings: defaults, over them the file's, the environment's and the command line's. Throws one E_ARGUMENT that names everything wrong, each with where it was set, what was expected
 * and what was received; E_FILE where the file cannot be read.
 */
export function loadConfig({ file, environment = {}, flags = {} }: ConfigSources): ServerConfig {
  const problems: string[] = [];
  const said = new Map<string, string>();
  const path = file ?? environment.DACTYL_CONFIG;
  const settings: Tree = path === undefined ? {} : fileSettings(path, problems);
  problems.push(...takenOut(settings, [], path ?? ''));
  for (const field of FIELDS) {
    const text = environment[field.variable];
    if (text === undefined) continue;
    put(settings, field.path, valueOf(field, text));
    said.set(pointerOf(field.path), field.variable);
  }
  for (const name of Object.keys(environment)) {
    if (!name.startsWith('DACTYL_') || OTHER_VARIABLES.includes(name)) continue;
    if (!FIELDS.some(({ variable }) => variable === name)) {
      problems.push(`${name}: no setting has this name`);
    }
  }
  for (const [name, value] of Object.entries(flags)) {
    if (value === undefined) continue;
    put(settings, [name], value);
    said.set(pointerOf([name]), `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`);
  }
  const config = Value.Default(ServerConfig, structuredClone(settings));
  const sourceOf = (pointer: string): string => said.get(pointer) ?? path ?? 'default';
  const refused = new Set<string>();
  // One by one: a schema's own list of errors ends after a few.
  for (const { path: names, schema, description, isOptional } of FIELDS) {
    const pointer = pointerOf(names);
    const value: unknown = Value.Pointer.Get(config, pointer);
    const error = Value.Errors(schema, value).at(0);
    if (error === undefined || (value === undefined && isOptional)) continue;
    const name = names.join('.');
    refused.add(name);
    // What a pattern is for stands in the description.
    const expected = ['pattern', 'const', 'anyOf'].includes(error.keyword)
      ? `expected ${description}`
      : `${error.message} (${description})`;
    problems.push(`${name} (${sourceOf(pointer)}): ${expected}, received ${shown(name, value)}`);
  }
  for (const { of, problems: problemsIn } of MEANINGS) {
    if (of.some((name) => refused.has(name))) continue;
    const pointers = of.map((name) => pointerOf(name.split('.')));
    const k = Math.max(
      0,
      pointers.findIndex((pointer) => Value.Pointer.Get(settings, pointer) !== undefined),
    );
    for (const problem of problemsIn(config as ServerConfig)) {
      if (problem !== undefined) problems.push(`${of[k]} (${sourceOf(pointers[k])}): ${problem}`);
    }
  }
  if (problems.length > 0) {
    throw new DactylError(
      'E_ARGUMENT',
      `The server’s settings: ${problems.length === 1 ? '1 is' : `${problems.length} are`} wrong. ${problems.map((problem) => `${problem}.`).join(' ')} docs/serving.md lists them all.`,
    );
  }
  return config as ServerConfig;
}

function fileSettings(path: string, problems: string[]): Tree {
  let settings: unknown;
  try {
    settings = JSON.parse(readText(path));
  } catch (error) {
    if (error instanceof DactylError) throw error;
    problems.push(`${path}: expected JSON (${(error as Error).message})`);
    return {};
  }
  if (typeof settings === 'object' && settings !== null && !Array.isArray(settings)) return settings as Tree;
  problems.push(`${path}: expected a JSON object`);
  return {};
}

/** What stands in a variable of the environment; a text that is no number stays one, for the schema to refuse. */
function valueOf({ type }: Field, text: string): unknown {
  switch (type) {
    case 'string':
      return text;
    case 'array':
      return text.split(',').filter((part) => part !== '');
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : text;
    case 'integer':
    case 'number':
      return text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text);
  }
}

function put(tree: Tree, path: readonly string[], value: unknown): void {
  const [name, ...rest] = path;
  if (rest.length === 0) tree[name] = value;
  else {
    const inner = tree[name];
    if (typeof inner !== 'object' || inner === null) tree[name] = {};
    put(tree[name] as Tree, rest, value);
  }
}

function pointerOf(path: readonly string[]): string {
  return `/${path.join('/')}`;
}

/** Takes out of what stands in the file names that no setting has and sections that are none, and says of each what is wrong with it. */
function takenOut(tree: Tree, path: readonly string[], file: string): string[] {
  return Object.entries(tree).flatMap(([name, value]) => {
    const own = [...path, name];
    if (FIELDS.some((field) => field.path.join() === own.join())) return [];
    const inside = FIELDS.filter((field) => field.path.slice(0, own.length).join() === own.join());
    const isTree = typeof value === 'object' && value !== null && !Array.isArray(value);
    if (inside.length > 0 && isTree) return takenOut(value as Tree, own, file);
    delete tree[name];
    const label = own.join('.');
    if (inside.length === 0) return [`${label} (${file}): no setting has this name`];
    const names = inside.map((field) => field.path[own.length]).join(', ');
    return [`${label} (${file}): expected an object with some of ${names}; received ${shown(label, value)}`];
  });
}

const SHOWN = 80;
/** What opens doors, or may have something in it that does. */
const HIDDEN = ['webhooks', 'webhooks.urls', 'webhooks.secrets'];

/** A value as messages show it: nothing that is hidden, no user and password of an address. */
function shown(name: string, value: unknown): string {
  if (HIDDEN.includes(name)) return `${Array.isArray(value) ? 'a list' : typeof value} (not shown)`;
  const text = (JSON.stringify(value) ?? 'nothing').replace(/\/\/[^/@]*@/g, '//…@');
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}
