import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { readText } from '../store/readFile.ts';
import { Recipe } from '../study/recipe.ts';
import { hasKey, keysAt, MOST_BYTES, readSource, type Source, wrong } from '../study/sourceFile.ts';
import { DactylError } from '../util/errors.ts';

/**
 * E_FORMAT where a study's, a search's or a recipe's file stands for a model or a folder, with what to run instead. A model file, which begins with eight
 * bytes of a length, is left to what reads it, and so is whatever is none of these.
 */
export function refuseStudyFile(path: string): void {
  const source = jsonOf(path);
  if (source === undefined) return;
  const recipe = keysAt(source).find((key) => Object.hasOwn(Recipe.properties, key));
  if (hasKey(source, 'space')) refuse('space', 'search', `run it with dactyl tune ${path}`);
  if (hasKey(source, 'arms')) refuse('arms', 'study', `run it with dactyl study run ${path}`);
  if (recipe !== undefined) refuse(recipe, 'recipe', `train it with dactyl train --recipe ${path}`);

  function refuse(key: string, what: string, todo: string): never {
    const then = 'then name the folder or the model file that is written';
    throw wrong(source!, [key], `"${key}" makes this a ${what}; ${todo}, ${then}`, true);
  }
}

function jsonOf(path: string): Source | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats?.isFile() || stats.size > MOST_BYTES || !beginsAsObject(path)) return undefined;
  try {
    return readSource(readText(path, MOST_BYTES), path, 'study');
  } catch (error) {
    if (error instanceof DactylError) return undefined;
    throw error;
  }
}

/** By the first of a few bytes that is no white space; a byte order mark is none either. */
function beginsAsObject(path: string): boolean {
  const bytes = Buffer.alloc(256);
  const file = openSync(path, 'r');
  try {
    return bytes.toString('utf8', 0, readSync(file, bytes)).trimStart().startsWith('{');
  } finally {
    closeSync(file);
  }
}
