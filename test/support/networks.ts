import { ACTIVATIONS, type ActivationName, parameterOf } from '../../src/engine/activations/activations.ts';
import type { NetworkSpec, Rows, Targets } from '../../src/engine/engine.ts';
import type { Step } from '../../src/engine/op.ts';
import { activation as activationStep } from '../../src/engine/ops/activation.ts';
import { dense as denseStep, type DenseSpec } from '../../src/engine/ops/dense.ts';
import { DenseRows } from '../../src/engine/rows.ts';
import type { Random } from '../../src/util/random.ts';
import { sizeOf, type Tensor } from '../../src/util/tensor.ts';

export const ACTIVATION_NAMES = Object.keys(ACTIVATIONS) as ActivationName[];

export interface DenseOptions extends Partial<Omit<DenseSpec, 'kind' | 'units'>> {
  readonly activation?: ActivationName;
  readonly parameter?: number;
}

/** A dense step, and one for its activation where it has one. */
export function dense(
  units: number,
  { activation = 'linear', parameter, ...options }: DenseOptions = {},
): Step[] {
  const step = denseStep({ units, useBias: true, l1: 0, l2: 0, ...options });
  if (activation === 'linear') return [step];
  return [step, activationStep({ activation, parameter: parameter ?? parameterOf(activation)?.usual ?? 0 })];
}

/** inputs → units[0] → … → classes, the options on every layer, softmax at the end. */
export function network(
  inputs: number,
  units: readonly number[],
  classes: number,
  options: DenseOptions = {},
  scaling: { scale?: number; offset?: number } = {},
): NetworkSpec {
  const hidden = units.flatMap((width) => dense(width, options));
  return {
    shape: [inputs],
    scale: 1,
    offset: 0,
    ...scaling,
    steps: [...hidden, ...dense(classes, { ...options, activation: 'softmax', parameter: 0 })],
  };
}

/** Kernels uniform on ±√(6 / (fan in + fan out)), biases on ±0.1, as float32 numbers. */
export function randomWeights({ shape, steps }: NetworkSpec, random: Random): Float32Array[] {
  let width = sizeOf(shape);
  return steps.flatMap(({ spec }) => {
    if (spec.kind !== 'dense') return [];
    const { units, useBias } = spec as DenseSpec;
    const limit = Math.sqrt(6 / (width + units));
    const kernel = uniform(width * units, -limit, limit, random);
    width = units;
    return useBias ? [kernel, uniform(units, -0.1, 0.1, random)] : [kernel];
  });
}

export function uniform(length: number, from: number, to: number, random: Random): Float32Array {
  return Float32Array.from({ length }, () => from + (to - from) * random.uniform());
}

/** Like MNIST's pixels: four of five are zero. */
export function pixels(rows: number, width: number, random: Random): Tensor<Uint8Array> {
  const data = Uint8Array.from({ length: rows * width }, () =>
    random.integer(5) === 0 ? 1 + random.integer(255) : 0,
  );
  return { data, shape: [rows, width] };
}

export function asFloats({ data, shape }: Tensor): Tensor<Float32Array> {
  return { data: Float32Array.from(data), shape };
}

/** The same as numbers that are read with their zeros: `createRows` leaves out those of sparse inputs. */
export function withZeros({ scale, offset }: NetworkSpec, { data, shape: [rows, width] }: Tensor): Rows {
  return new DenseRows({ data: Float32Array.from(data), shape: [rows, width] }, width, scale, offset);
}

export function classes(rows: number, count: number, random: Random): Targets {
  return { kind: 'classes', classes: Uint8Array.from({ length: rows }, () => random.integer(count)) };
}

/** Rows of probabilities that do not all sum to one. */
export function softTargets(rows: number, count: number, random: Random): Targets {
  return { kind: 'values', values: uniform(rows * count, 0, 2 / count, random) };
}

export function firstRows(count: number): Uint32Array {
  return Uint32Array.from({ length: count }, (_, s) => s);
}

/** The largest difference between two arrays, relative to the largest magnitude in `expected` (or to `floor`). */
export function largestGap(received: ArrayLike<number>, expected: ArrayLike<number>, floor = 1e-30): number {
  if (received.length !== expected.length) return Infinity;
  let gap = 0;
  let scale = floor;
  for (let k = 0; k < expected.length; k++) {
    const difference = Math.abs(received[k] - expected[k]);
    if (!(difference <= gap)) gap = difference;
    scale = Math.max(scale, Math.abs(expected[k]));
  }
  return gap / scale;
}

export function bitsOf(arrays: readonly Float32Array[]): number[][] {
  return arrays.map((array) => [...new Uint32Array(array.buffer, array.byteOffset, array.length)]);
}
