import { describe, expect, test } from 'vitest';
import layers from '../../../test/fixtures/keras/layers.json' with { type: 'json' };
import { LoneOp } from '../../../test/support/ops.ts';
import type { Step } from '../op.ts';
import { referenceAveragePooling2d } from '../reference/averagePooling2d.ts';
import { referenceBatchNormalization } from '../reference/batchNormalization.ts';
import { referenceConv2d } from '../reference/conv2d.ts';
import { referenceDepthwiseConv2d } from '../reference/depthwiseConv2d.ts';
import { referenceGlobalAveragePooling2d } from '../reference/globalAveragePooling2d.ts';
import { referenceLayerNormalization } from '../reference/layerNormalization.ts';
import { referenceMaxPooling2d } from '../reference/maxPooling2d.ts';
import type { ReferenceOp } from '../reference/op.ts';
import { averagePooling2d } from './averagePooling2d.ts';
import { batchNormalization } from './batchNormalization.ts';
import { conv2d } from './conv2d.ts';
import { depthwiseConv2d } from './depthwiseConv2d.ts';
import type { Padding, Pair } from './geometry.ts';
import { globalAveragePooling2d } from './globalAveragePooling2d.ts';
import { layerNormalization } from './layerNormalization.ts';
import { maxPooling2d } from './maxPooling2d.ts';

interface Values {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

/** One batch through a layer, as Keras computed it. */
interface Pass {
  readonly input: Values;
  readonly output: Values;
  readonly upstream: Values;
  readonly gradients: Readonly<Record<string, Values>>;
  readonly moving?: Readonly<Record<string, Values>>;
}

interface Layer {
  readonly type: string;
  readonly filters: number;
  readonly kernelSize: Pair;
  readonly poolSize: Pair;
  readonly strides: Pair | null;
  readonly padding: Padding;
  readonly depthMultiplier: number;
  readonly useBias: boolean;
  readonly momentum?: number;
  readonly epsilon?: number;
  readonly center?: boolean;
  readonly scale?: boolean;
  readonly trainable?: boolean;
  readonly axis?: number | readonly number[];
  readonly activation?: string;
}

interface Case extends Pass {
  readonly layer: Layer;
  readonly weights: Readonly<Record<string, Values>>;
  readonly steps?: readonly Pass[];
  readonly inference?: Pass;
}

function opOf(layer: Layer, shape: readonly number[]): { step: Step; reference: ReferenceOp } | undefined {
  const { filters, kernelSize, poolSize, padding, depthMultiplier, useBias } = layer;
  const strides = layer.strides ?? poolSize;
  // Activations are ops of their own.
  if (layer.activation) return undefined;
  const { momentum = 0.99, epsilon = 1e-3, center = true, scale = true } = layer;
  switch (layer.type) {
    case 'Conv2D': {
      const step = conv2d({ filters, kernelSize, strides, padding, useBias, l1: 0, l2: 0 });
      return { step, reference: referenceConv2d(step.spec, shape) };
    }
    case 'DepthwiseConv2D': {
      const step = depthwiseConv2d({ kernelSize, strides, padding, depthMultiplier, useBias, l1: 0, l2: 0 });
      return { step, reference: referenceDepthwiseConv2d(step.spec, shape) };
    }
    case 'MaxPooling2D': {
      const step = maxPooling2d({ poolSize, strides, padding });
      return { step, reference: referenceMaxPooling2d(step.spec, shape) };
    }
    case 'AveragePooling2D': {
      const step = averagePooling2d({ poolSize, strides, padding });
      return { step, reference: referenceAveragePooling2d(step.spec, shape) };
    }
    case 'GlobalAveragePooling2D': {
      const step = globalAveragePooling2d();
      return { step, reference: referenceGlobalAveragePooling2d(step.spec, shape) };
    }
    case 'BatchNormalization': {
      const frozen = layer.trainable === false;
      const step = batchNormalization({ momentum, epsilon, center, scale, frozen });
      return { step, reference: referenceBatchNormalization(step.spec, shape) };
    }
    case 'LayerNormalization': {
      const axes = Array.isArray(layer.axis) ? layer.axis.length : 1;
      const step = layerNormalization({ axes, epsilon, center, scale });
      return { step, reference: referenceLayerNormalization(step.spec, shape) };
    }
    default:
      return undefined;
  }
}

const cases = Object.entries(layers as unknown as Record<string, Case>).flatMap(([name, given]) => {
  const passes = given.steps ?? [given];
  const shape = passes[0].input?.shape.slice(1);
  const made = shape && opOf(given.layer, shape);
  if (!made) return [];
  const all = passes.map((pass) => ({ pass, training: true }));
  if (given.inference) all.push({ pass: given.inference, training: false });
  return [{ name, ...made, shape, weights: Object.values(given.weights), passes: all }];
});

function rowsOf({ shape, values }: Values): Float64Array[] {
  const width = values.length / shape[0];
  return Array.from({ length: shape[0] }, (_, s) =>
    Float64Array.from(values.slice(s * width, (s + 1) * width)),
  );
}

function expectNear(got: readonly number[], { values }: Values, what: string): void {
  const largest = values.reduce((a, b) => Math.max(a, Math.abs(b)), 1);
  expect(got.length, what).toBe(values.length);
  values.forEach((value, k) => {
    expect(Math.abs(got[k] - value) / largest, what).toBeLessThan(2e-6);
  });
}

interface Got {
  readonly y: readonly number[];
  readonly dx: readonly number[];
  readonly gradients: readonly (readonly number[])[];
  readonly statistics: readonly (readonly number[])[];
}

function expectPass({ output, gradients, moving }: Pass, got: Got): void {
  const { input, ...ofWeights } = gradients;
  expectNear(got.y, output, 'outputs');
  expectNear(got.dx, input, 'gradient of the inputs');
  got.gradients.forEach((gradient, k) => {
    expectNear(gradient, Object.values(ofWeights)[k], `gradient ${k}`);
  });
  // Moving statistics come last.
  const after = Object.values(moving ?? {});
  after.forEach((values, k) => {
    expectNear(got.statistics[got.statistics.length - after.length + k], values, `statistics ${k}`);
  });
}

test('the fixture has cases of every layer', () => {
  expect(cases.length).toBeGreaterThan(170);
});

describe('outputs, gradients and moving statistics are those of Keras within 2e-6 of the largest value', () => {
  test.each(cases)('$name', ({ step, reference, shape, weights, passes }) => {
    const lone = new LoneOp(step, shape);
    lone.setWeights(weights.map(({ values }) => values));
    const own = [...reference.parameters.map((parameter) => parameter.weights), ...reference.statistics];
    own.forEach((array, k) => {
      array.set(weights[k].values);
    });
    for (const { pass, training } of passes) {
      const x = rowsOf(pass.input);
      const dy = rowsOf(pass.upstream);
      const { y, dx, ...rest } = lone.run(x, dy, training);
      expectPass(pass, { y: y.flat(), dx: dx.flat(), ...rest });
      const plain = (rows: readonly Float64Array[]): number[] => rows.flatMap((row) => [...row]);
      expectPass(pass, {
        y: plain(reference.forward(x, training)),
        dx: plain(reference.backward(dy)),
        gradients: reference.parameters.map(({ gradient }) => [...gradient]),
        statistics: reference.statistics.map((values) => [...values]),
      });
    }
  });
});
