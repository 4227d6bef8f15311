import { findNodeAtLocation, type Node, parseTree, type ParseError, printParseErrorCode } from 'jsonc-parser';
import { Value } from 'typebox/value';
import { ACTIVATIONS } from '../engine/activations.ts';
import { INITIALIZERS } from '../nn/initializers.ts';
import { resolveName } from '../nn/names.ts';
import { DactylError } from '../util/errors.ts';
import { resolveStudy, type Study, StudyFile } from './configuration.ts';
import { firstProblem } from './studyFileProblem.ts';

const LONGEST = 2 ** 20;
const DEEPEST = 32;
const CHOSEN_BY_NAME = { activation: ACTIVATIONS, initializer: INITIALIZERS } as const;

interface Source {
  readonly text: string;
  readonly file: string;
  readonly root: Node;
}

/** The study that a file's text says. Throws E_FORMAT naming file, line and key, and the nearest valid key or value. */
export function parseStudy(text: string, file: string): Study {
  const source = { text, file, root: jsonTree(text, file) };
  refuseTwoOfAKey(source, source.root);
  const value: unknown = JSON.parse(text);
  const problem = firstProblem(StudyFile, value);
  if (problem) throw wrong(source, problem.path, problem.message, problem.atKey);
  if (!Value.Check(StudyFile, value)) throw wrong(source, [], 'not a study');
  checkNames(source, value);
  try {
    return resolveStudy(value);
  } catch (error) {
    if (!(error instanceof DactylError)) throw error;
    throw wrong(source, ['arms'], error.message, true);
  }
}

function jsonTree(text: string, file: string): Node {
  const notJson = (offset: number, reason: string): DactylError =>
    new DactylError('E_FORMAT', `${file}, line ${lineAt(text, offset)}: not JSON (${reason}).`);
  if (text.length > LONGEST) {
    throw new DactylError(
      'E_FORMAT',
      `${file}: expected at most ${LONGEST} characters, received ${text.length}; this is no study.`,
    );
  }
  let depth = 0;
  // What is in strings counts too, so no study may have 32 brackets open in one.
  for (let k = 0; k < text.length; k++) {
    if ('[{'.includes(text[k])) depth++;
    else if (']}'.includes(text[k])) depth--;
    if (depth > DEEPEST) throw notJson(k, `more than ${DEEPEST} brackets open`);
  }
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { disallowComments: true });
  const [first] = errors;
  if (errors.length > 0) throw notJson(first.offset, printParseErrorCode(first.error));
  if (!root) throw notJson(0, 'empty');
  return root;
}

/** JSON.parse would take the last in silence. */
function refuseTwoOfAKey(source: Source, node: Node): void {
  const seen = new Set<string>();
  for (const child of node.children ?? []) {
    if (node.type === 'object') {
      const [{ value: key, offset }] = child.children!;
      if (seen.has(key as string)) {
        throw new DactylError(
          'E_FORMAT',
          `${source.file}, line ${lineAt(source.text, offset)}: the key "${key as string}" stands here a second time; remove one.`,
        );
      }
      seen.add(key as string);
    }
    refuseTwoOfAKey(source, child);
  }
}

function checkNames(source: Source, { recipe, arms }: StudyFile): void {
  const places = [
    { path: ['recipe'], recipe: recipe ?? {} },
    ...Object.entries(arms).map(([arm, own]) => ({ path: ['arms', arm], recipe: own })),
  ];
  for (const place of places) {
    for (const [key, table] of Object.entries(CHOSEN_BY_NAME)) {
      const name = place.recipe[key as keyof typeof CHOSEN_BY_NAME];
      if (name === undefined) continue;
      try {
        resolveName(key, table as Record<string, unknown>, name);
      } catch (error) {
        if (!(error instanceof DactylError)) throw error;
        const path = [...place.path, key];
        throw wrong(source, path, `${path.join('.')}: ${error.message}`);
      }
    }
  }
}

/** `atKey`: the line of the key counts, not that of its value. */
function wrong(
  { text, file, root }: Source,
  path: readonly string[],
  message: string,
  atKey = false,
): DactylError {
  let found: Node | undefined;
  for (let length = path.length; !found && length >= 0; length--)
    found = findNodeAtLocation(
      root,
      path.slice(0, length).map((part) => (/^\d+$/.test(part) ? Number(part) : part)),
    );
  const place = atKey && found?.parent?.type === 'property' ? found.parent : found;
  const end = message.endsWith('.') ? '' : '.';
  return new DactylError('E_FORMAT', `${file}, line ${lineAt(text, place?.offset ?? 0)}: ${message}${end}`);
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split(/\r\n|\r|\n/).length;
}
