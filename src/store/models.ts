import { decodeModel, encodeModel } from '../nn/saved.ts';
import type { Sequential } from '../nn/sequential.ts';
import { requireType } from '../util/options.ts';
import { writeFileAtomic } from './atomic.ts';
import { readFile } from './readFile.ts';

/** Writes the model as one safetensors file (see `encodeModel` for it and its options). Throws E_FILE. */
export function saveModel(
  model: Sequential,
  path: string,
  options: { includeOptimizer?: boolean } = {},
): void {
  requireType('saveModel', 'path: a text', typeof path === 'string', path);
  writeFileAtomic(path, encodeModel(model, options));
}

/** Reads a model that `saveModel` wrote; the content is not trusted. Throws E_FILE or E_FORMAT. */
export function loadModel(path: string): Sequential {
  requireType('loadModel', 'path: a text', typeof path === 'string', path);
  return decodeModel(readFile(path), path);
}
