import { decodeModel, encodeModel } from '../nn/saved.ts';
import type { Sequential } from '../nn/sequential.ts';
import { writeFileAtomic } from './atomic.ts';
import { readFile } from './runs.ts';

/** Writes the model as one safetensors file (see `encodeModel`). Throws E_FILE. */
export function saveModel(model: Sequential, path: string): void {
  writeFileAtomic(path, encodeModel(model));
}

/** Reads a model that `saveModel` wrote; the content is not trusted. Throws E_FILE or E_FORMAT. */
export function loadModel(path: string): Sequential {
  return decodeModel(readFile(path), path);
}
