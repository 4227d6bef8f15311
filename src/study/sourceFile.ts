import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { ACTIVATIONS } from '../engine/activations/activations.ts';
import { INITIALIZERS } from '../nn/initializers/initializers.ts';
import { resolveName } from '../nn/names.ts';
import { DactylError } from '../util/errors.ts';
import { type JsonNode, jsonNodeAt, jsonTree } from '../util/jsonTree.ts';
import { placeBelow } from '../util/nesting.ts';
import type { Form } from '../data/dataSet.ts';
import { besideLayers, formAhead } from './configuration.ts';
import { DENSE_FIELDS, type Recipe } from './recipe.ts';
import { layersProblem } from './recipeLayers.ts';
import { firstProblem } from './studyFileProblem.ts';

const LONGEST = 2 ** 20;
/** No such file has more. */
export const MOST_BYTES = 4 * LONGEST;
const DEEPEST = 32;
export const CHOSEN_BY_NAME = { activation: ACTIVATIONS, initializer: INITIALIZERS } as const;

/** A JSON file that people write, with the places of its values. */
export interface Source {
  readonly text: string;
  readonly file: string;
  readonly root: JsonNode;
}

/** The file as JSON, or E_FORMAT naming file and line: not JSON, too long or too deep, a key twice. `what`: 'study', say. */
export function readSource(text: string, file: string, what: string): Source {
  const source = { text, file, root: treeOf(text, file, what) };
  refuseTwoOfAKey(source, source.root);
  return source;
}

/** Its value, held to a schema, or E_FORMAT naming file, line and key, and a valid key or value that is near. */
export function checkedValue<S extends TSchema>(source: Source, schema: S, what: string): Static<S> {
  const value: unknown = JSON.parse(source.text);
  const problem = firstProblem(schema, value);
  if (problem) throw wrong(source, problem.path, problem.message, problem.atKey);
  if (Value.Check(schema, value)) return value;
  const [{ instancePath, message }] = Value.Errors(schema, value);
  const path = instancePath.split('/').slice(1);
  throw wrong(source, path, `${path.join('.') || 'the file'}: ${message}; this is no ${what}`);
}

/** Activations, initializers and layers of a file's recipes: E_FORMAT for an unknown one, and for layers that are none of a classifier of digits. */
export function checkNetworks(
  source: Source,
  {
    recipe = {},
    arms,
    data,
  }: {
    readonly recipe?: Partial<Recipe>;
    readonly arms: Record<string, Partial<Recipe>>;
    readonly data?: string;
  },
): void {
  const places = [
    { path: ['recipe'], recipe },
    ...Object.entries(arms).map(([arm, own]) => ({ path: ['arms', arm], recipe: own })),
  ];
  for (const place of places) {
    checkLayers(source, place.path, place.recipe, { shared: recipe, form: formAhead({ data }) });
    for (const key of Object.keys(CHOSEN_BY_NAME)) {
      const name = (place.recipe as Record<string, unknown>)[key];
      if (name !== undefined) checkName(source, [...place.path, key], key, name);
    }
  }
}

/** `shared`: the recipe of all arms, whose layers an arm may replace, but not change; `form`: of the data, null where it is not known yet. */
function checkLayers(
  source: Source,
  path: readonly string[],
  { layers, ...own }: Partial<Recipe>,
  { shared, form }: { readonly shared: Partial<Recipe>; readonly form: Form | null },
): void {
  const name = path.join('.');
  const dense = DENSE_FIELDS.filter((field) => own[field] !== undefined);
  const inherits = shared.layers !== undefined && own.units === undefined;
  if (dense.length > 0 && (layers || inherits)) {
    throw wrong(source, [...path, dense[0]], `${name}: ${besideLayers(dense)}`, true);
  }
  const problem = layers && layersProblem(layers, form);
  if (!problem) return;
  const { index, message } = problem;
  const [place, at] = index === null ? [[], ''] : [[String(index)], `[${index}]`];
  throw wrong(source, [...path, 'layers', ...place], `${name}.layers${at}: ${message}`);
}

export function checkName(source: Source, path: readonly string[], key: string, name: unknown): void {
  try {
    resolveName(key, CHOSEN_BY_NAME[key as keyof typeof CHOSEN_BY_NAME] as Record<string, unknown>, name);
  } catch (error) {
    if (!(error instanceof DactylError)) throw error;
    throw wrong(source, path, `${path.join('.')}: ${error.message}`);
  }
}

/** What `work` refuses by itself is refused with file and line. */
export function withPlace<T>(source: Source, path: readonly string[], work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof DactylError)) throw error;
    throw wrong(source, path, error.message, true);
  }
}

/** `atKey`: the line of the key counts, not that of its value. */
export function wrong(
  { text, file, root }: Source,
  path: readonly string[],
  message: string,
  atKey = false,
): DactylError {
  let found: ReturnType<typeof jsonNodeAt>;
  for (let length = path.length; !found && length >= 0; length--)
    found = jsonNodeAt(root, path.slice(0, length));
  const { offset } = found?.node ?? root;
  const place = atKey ? (found?.keyOffset ?? offset) : offset;
  const end = message.endsWith('.') ? '' : '.';
  return new DactylError('E_FORMAT', `${file}, line ${lineAt(text, place)}: ${message}${end}`);
}

/** Whether there is an object with this key at this place. */
export function hasKey(source: Source, ...path: readonly string[]): boolean {
  return keysAt(source, ...path.slice(0, -1)).includes(path[path.length - 1]);
}

/** Keys of the object at this place, none where there is none. */
export function keysAt({ root }: Source, ...path: readonly string[]): string[] {
  const node = jsonNodeAt(root, path)?.node;
  return node?.kind === 'object' ? node.members.map(({ key }) => key) : [];
}

function treeOf(text: string, file: string, what: string): JsonNode {
  const notJson = (offset: number, reason: string): DactylError =>
    new DactylError('E_FORMAT', `${file}, line ${lineAt(text, offset)}: not JSON (${reason}).`);
  if (text.length > LONGEST) {
    throw new DactylError(
      'E_FORMAT',
      `${file}: expected at most ${LONGEST} characters, received ${text.length}; this is no ${what}.`,
    );
  }
  const tooDeep = placeBelow(text, DEEPEST);
  if (tooDeep !== undefined) throw notJson(tooDeep, `more than ${DEEPEST} brackets open`);
  return jsonTree(text, (offset, reason) => {
    throw notJson(offset, reason);
  });
}

/** JSON.parse would take the last in silence. */
function refuseTwoOfAKey(source: Source, node: JsonNode): void {
  if (node.kind === 'array') {
    for (const item of node.items) refuseTwoOfAKey(source, item);
  }
  if (node.kind !== 'object') return;
  const seen = new Set<string>();
  for (const { key, offset, value } of node.members) {
    if (seen.has(key)) {
      throw new DactylError(
        'E_FORMAT',
        `${source.file}, line ${lineAt(source.text, offset)}: the key "${key}" stands here a second time; remove one.`,
      );
    }
    seen.add(key);
    refuseTwoOfAKey(source, value);
  }
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split(/\r\n|\r|\n/).length;
}
