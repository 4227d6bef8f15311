import { createHash } from 'node:crypto';
import { decodeModel, encodeModel, MODEL_FORMAT, modelContent } from '../nn/saved.ts';
import type { Sequential } from '../nn/sequential.ts';
import { requireType } from '../util/options.ts';
import { encodeUnsealed, seal } from '../util/sealed.ts';
import { inSteps } from '../util/steps.ts';
import { yieldToEvents } from '../util/yieldToEvents.ts';
import { writeFileAtomic, writeFileAtomicInTurns } from './atomic.ts';
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

/** Hashed at a time: a few milliseconds. */
const PART_BYTES = 2 ** 22;

/** The same file, with events let through amid it: that of millions of weights takes longer than others should wait. Throws E_FILE. */
export async function saveModelInTurns(model: Sequential, path: string): Promise<void> {
  await yieldToEvents();
  const { tensors, metadata } = await inSteps(modelContent(model), yieldToEvents);
  await yieldToEvents();
  const bytes = await inSteps(encodeUnsealed(tensors, MODEL_FORMAT, metadata), yieldToEvents);
  const hash = createHash('sha256');
  for (let from = 0; from < bytes.length; from += PART_BYTES) {
    await yieldToEvents();
    hash.update(bytes.subarray(from, from + PART_BYTES));
  }
  seal(bytes, MODEL_FORMAT, hash.digest('hex'));
  await writeFileAtomicInTurns(path, bytes);
}

/** Reads a model that `saveModel` wrote; the content is not trusted. Throws E_FILE or E_FORMAT. */
export function loadModel(path: string): Sequential {
  requireType('loadModel', 'path: a text', typeof path === 'string', path);
  return decodeModel(readFile(path), path);
}
