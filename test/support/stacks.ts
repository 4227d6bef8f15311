import fc from 'fast-check';
import { expect } from 'vitest';
import type { LogitSeed, Targets } from '../../src/engine/engine.ts';
import { lossRule, type LossSpec } from '../../src/engine/losses/losses.ts';
import { referenceEngine } from '../../src/engine/reference.ts';
import { createWasmEngine } from '../../src/engine/wasm.ts';
import {
  Activation,
  AveragePooling2D,
  BatchNormalization,
  Conv2D,
  Dense,
  DepthwiseConv2D,
  Dropout,
  Flatten,
  GlobalAveragePooling2D,
  Input,
  type Layer,
  LayerNormalization,
  MaxPooling2D,
  Rescaling,
  Reshape,
} from '../../src/nn/layers.ts';
import { definitionOf } from '../../src/nn/layers/layer.ts';
import { planLayers } from '../../src/nn/plan.ts';
import { Random } from '../../src/util/random.ts';
import { sizeOf, type Tensor } from '../../src/util/tensor.ts';
import { ACTIVATION_NAMES, firstRows, uniform } from './networks.ts';

export const engine = createWasmEngine();

/** One layer of a stack: which of those that fit what is below, and its numbers. */
interface Choice {
  readonly kind: number;
  readonly a: number;
  readonly b: number;
  readonly flag: boolean;
  readonly frozen: boolean;
}

const choice = fc.record({
  kind: fc.nat(99),
  a: fc.nat(99),
  b: fc.nat(99),
  flag: fc.boolean(),
  frozen: fc.boolean(),
});

export const LOSSES: readonly (LossSpec & { readonly last: string })[] = [
  { name: 'sparseCategoricalCrossentropy', last: 'softmax' },
  { name: 'sparseCategoricalCrossentropy', fromLogits: true, last: 'linear' },
  { name: 'categoricalCrossentropy', last: 'softmax' },
  { name: 'categoricalCrossentropy', fromLogits: true, last: 'linear' },
  { name: 'binaryCrossentropy', last: 'sigmoid' },
  { name: 'binaryCrossentropy', fromLogits: true, last: 'linear' },
  { name: 'meanSquaredError', last: 'linear' },
  { name: 'meanSquaredError', last: 'softmax' },
  { name: 'meanAbsoluteError', last: 'tanh' },
  { name: 'huber', delta: 0.4, last: 'sigmoid' },
];

export interface Stack {
  readonly shape: readonly number[];
  readonly choices: readonly Choice[];
  readonly loss: number;
  readonly bytes: boolean;
  readonly weighted: boolean;
  /** How the last activation stands: with its layer, alone, or after a dropout. */
  readonly end: number;
  readonly outputs: number;
  readonly rows: number;
  readonly seed: number;
}

export const stack: fc.Arbitrary<Stack> = fc.record({
  shape: fc.oneof(
    fc.tuple(fc.integer({ min: 2, max: 7 }), fc.integer({ min: 2, max: 7 }), fc.integer({ min: 1, max: 3 })),
    fc.tuple(fc.integer({ min: 1, max: 12 })),
  ),
  choices: fc.array(choice, { maxLength: 6 }),
  loss: fc.nat(LOSSES.length - 1),
  bytes: fc.boolean(),
  weighted: fc.boolean(),
  end: fc.nat(2),
  outputs: fc.integer({ min: 2, max: 9 }),
  rows: fc.integer({ min: 2, max: 9 }),
  seed: fc.nat(1000),
});

/** The layers; `rate` of every dropout. */
export function layersOf({ shape, choices, loss, bytes, end, outputs }: Stack, rate: number): Layer[] {
  const layers: Layer[] = [Input(shape)];
  if (bytes) layers.push(Rescaling(1 / 255));
  let current = shape;
  const put = (layer: Layer): void => {
    layers.push(layer);
    current = definitionOf(layer)!.plan(layer, current).shape;
  };
  // Over few channels it gives values that are equal but for rounding: which is the largest is then no question.
  let normalized = false;
  for (const each of choices) {
    for (const layer of chosen(each, current, rate)) {
      normalized ||= layer.type === 'LayerNormalization';
      put(
        normalized && layer.type === 'MaxPooling2D'
          ? AveragePooling2D(layer.poolSize, { padding: layer.padding })
          : layer,
      );
    }
  }
  if (current.length > 1) put(choices.length % 2 === 0 ? Flatten() : GlobalAveragePooling2D());
  const { last } = LOSSES[loss];
  if (end === 0) return [...layers, Dense(outputs, { activation: last })];
  layers.push(Dense(outputs));
  if (end === 2) layers.push(Dropout(rate));
  return [...layers, Activation(last)];
}

function chosen({ kind, a, b, flag, frozen }: Choice, shape: readonly number[], rate: number): Layer[] {
  const common = frozen ? { trainable: false } : {};
  const activation = ACTIVATION_NAMES[b % ACTIVATION_NAMES.length];
  const curved = activation === 'softmax' && shape.length > 1 ? 'tanh' : activation;
  const anywhere = [
    () => Activation(curved),
    () => Dropout(rate),
    () => BatchNormalization({ ...common, momentum: 0.8, scale: flag }),
    () => LayerNormalization({ ...common, center: flag }),
  ];
  if (shape.length === 1) {
    const flat = [
      ...anywhere,
      () => Dense(1 + (a % 9), { ...common, activation, useBias: flag }),
      () => Dense(1 + (a % 9), { ...common, kernelRegularizer: { l1: 0.01, l2: 0.02 } }),
      () => Reshape(shape[0] % 2 === 0 ? [2, shape[0] / 2, 1] : [1, 1, shape[0]]),
    ];
    return [flat[kind % flat.length]()];
  }
  const [height, width] = shape;
  const padding = flag ? 'same' : 'valid';
  const size = [1 + (a % Math.min(3, height)), 1 + (b % Math.min(3, width))] as const;
  const strides = [1 + (b % 2), 1 + (a % 2)] as const;
  const image = [
    ...anywhere,
    () => Conv2D(1 + (a % 5), size, { ...common, padding, strides, useBias: b % 3 > 0 }),
    () => Conv2D(1 + (b % 9), size, { ...common, padding, activation: curved }),
    () => DepthwiseConv2D(size, { ...common, padding, depthMultiplier: 1 + (a % 2), activation: curved }),
    () => MaxPooling2D(size, { padding, strides }),
    () => AveragePooling2D(size, { padding, strides }),
    () => Reshape([width, height, shape[2]]),
    () => Flatten(),
  ];
  // Convolution, activation and pooling that may be computed as one.
  if (kind % 2 === 1 && height > 1 && width > 1) {
    const same = { ...common, padding: 'same', useBias: flag } as const;
    const pooling = MaxPooling2D(2);
    if (a % 3 === 0) return [Conv2D(1 + (b % 9), size, same), pooling];
    if (a % 3 === 1) return [Conv2D(1 + (b % 9), size, { ...same, activation: curved }), pooling];
    const inside = [Math.min(size[0], height - 1), Math.min(size[1], width - 1)] as const;
    return [Conv2D(1 + (b % 9), inside, { ...same, padding: 'valid' }), Activation(curved), pooling];
  }
  return [image[kind % image.length]()];
}

/** The same network in both engines, with data that fit it. */
export function made(given: Stack, rate = 0) {
  const plan = planLayers(layersOf(given, rate));
  const random = new Random(given.seed, 'stack');
  const fast = engine.createNetwork(plan.network);
  const slow = referenceEngine.createNetwork(plan.network);
  const weights = plan.weights.map(({ name, shape }) => {
    const size = sizeOf(shape);
    if (name === 'moving_variance' || name === 'gamma') return uniform(size, 0.5, 1.5, random);
    const spread = Math.sqrt(3 / Math.max(1, size / shape[shape.length - 1]));
    return uniform(size, -spread, spread, random);
  });
  const { rows: count, outputs, loss } = given;
  const width = sizeOf(given.shape);
  const inputs: Tensor = given.bytes
    ? { data: Uint8Array.from({ length: count * width }, () => random.integer(256)), shape: [count, width] }
    : { data: uniform(count * width, -1, 1, random), shape: [count, width] };
  const { last: _, ...spec } = LOSSES[loss];
  const targets: Targets =
    spec.name === 'sparseCategoricalCrossentropy'
      ? { kind: 'classes', classes: Uint8Array.from({ length: count }, () => random.integer(outputs)) }
      : { kind: 'values', values: uniform(count * outputs, 0, 1, random) };
  const weighted = given.weighted
    ? { ...targets, weights: Float64Array.from({ length: count }, () => random.integer(9) / 4) }
    : targets;
  for (const network of [fast, slow]) {
    network.setWeights(weights);
    network.setLoss(lossRule(spec));
  }
  const batch = firstRows(count);
  return { plan, fast, slow, weights, inputs, targets: weighted, batch };
}

/** The largest difference, relative to the largest magnitude expected or to 1; Infinity where one is NaN. */
export function gap(received: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(received.length).toBe(expected.length);
  let [difference, scale] = [0, 1];
  for (let k = 0; k < expected.length; k++) {
    const here = Math.abs(received[k] - expected[k]);
    difference = here <= difference ? difference : Number.isNaN(here) ? Infinity : here;
    scale = Math.max(scale, Math.abs(expected[k]));
  }
  return difference / scale;
}

export const RUNS = { numRuns: 150, seed: 1 };

export const seedOf: LogitSeed = (row, logits, d) => {
  d.forEach((_, j) => (d[j] = Math.sin(1 + row + 2 * j) + 0.1 * Math.tanh(logits[j])));
};
