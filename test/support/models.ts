import type { Engine } from '../../src/engine/engine.ts';
import { Dense, Input } from '../../src/nn/layers.ts';
import { type CompileOptions, Sequential } from '../../src/nn/sequential.ts';
import type { ErrorCode } from '../../src/util/errors.ts';
import { Random } from '../../src/util/random.ts';
import type { Tensor } from '../../src/util/tensor.ts';

export const CLASSES = 3;
export const WIDTH = 6;

/** Points around three centres, and the number of the centre. */
export function points(
  count: number,
  seed = 1,
): { inputs: Tensor<Float32Array>; labels: Tensor<Uint8Array> } {
  const random = new Random(seed, 'points');
  const labels = Uint8Array.from({ length: count }, () => random.integer(CLASSES));
  const inputs = Float32Array.from({ length: count * WIDTH }, (_, k) => {
    const centre = k % CLASSES === labels[Math.floor(k / WIDTH)] ? 1 : 0;
    return centre + random.normal() / 2;
  });
  return { inputs: { data: inputs, shape: [count, WIDTH] }, labels: { data: labels, shape: [count] } };
}

export interface SmallOptions {
  seed?: number;
  engine?: Engine;
  activation?: string;
  optimizer?: CompileOptions['optimizer'];
  metrics?: readonly 'accuracy'[];
}

/** 6 → 5 → 3, compiled. */
export function smallModel({
  activation = 'tanh',
  optimizer = 'adam',
  metrics = ['accuracy'],
  ...options
}: SmallOptions = {}): Sequential {
  const model = new Sequential(
    [Input([WIDTH]), Dense(5, { activation }), Dense(CLASSES, { activation: 'softmax' })],
    options,
  );
  model.compile({ optimizer, loss: 'sparseCategoricalCrossentropy', metrics });
  return model;
}

/** What `use` throws or rejects with: its code and message. */
export async function errorOf(use: () => unknown): Promise<{ code: ErrorCode; message: string }> {
  try {
    await use();
  } catch (error) {
    const { code, message } = error as { code: ErrorCode; message: string };
    return { code, message };
  }
  throw new Error('expected an error, received none');
}
