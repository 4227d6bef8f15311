import { describe, expect, test } from 'vitest';
import {
  Activation,
  AveragePooling2D,
  BatchNormalization,
  Conv2D,
  Dense,
  DepthwiseConv2D,
  Flatten,
  GlobalAveragePooling2D,
  Input,
  type Layer,
  LayerNormalization,
  MaxPooling2D,
  Reshape,
} from '../src/nn/layers.ts';
import { layerOutputs } from '../src/nn/layerOutputs.ts';
import { SGD } from '../src/nn/optimizers.ts';
import { Sequential } from '../src/nn/sequential.ts';
import { DactylError } from '../src/util/errors.ts';
import { sizeOf, type Tensor } from '../src/util/tensor.ts';
import layersFixture from './fixtures/keras/layers.json' with { type: 'json' };
import { gap, tensor, type Values } from './support/kerasValues.ts';

describe('layers', () => {
  interface Pass {
    readonly input: Values;
    readonly output: Values;
    readonly upstream: Values;
    readonly gradients: Readonly<Record<string, Values>>;
    readonly moving?: Readonly<Record<string, Values>>;
  }
  interface Case extends Partial<Pass> {
    readonly layer: Readonly<Record<string, unknown>> & { readonly type: string };
    readonly weights: Readonly<Record<string, Values>>;
    readonly steps?: readonly Pass[];
    readonly inference?: Pass;
    readonly tolerance?: number;
  }
  type Options = Record<string, never>;

  /** As a user types it. */
  function typed({ type, ...fields }: Case['layer']): Layer {
    const { filters, kernelSize, poolSize, units, targetShape, activation, axis, ...options } = fields;
    const rest = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== null)) as Options;
    const active = activation === undefined ? rest : { ...rest, activation: activation as string };
    switch (type) {
      case 'Conv2D':
        return Conv2D(filters as number, kernelSize as [number, number], active);
      case 'DepthwiseConv2D':
        return DepthwiseConv2D(kernelSize as [number, number], active);
      case 'MaxPooling2D':
        return MaxPooling2D(poolSize as [number, number], rest);
      case 'AveragePooling2D':
        return AveragePooling2D(poolSize as [number, number], rest);
      case 'GlobalAveragePooling2D':
        return GlobalAveragePooling2D(rest);
      case 'BatchNormalization':
        return BatchNormalization(rest);
      case 'LayerNormalization':
        return LayerNormalization({ ...rest, ...(axis !== undefined && { axis: axis as number }) });
      case 'Dense':
        return Dense(units as number, active);
      case 'Reshape':
        return Reshape(targetShape as number[]);
      case 'Flatten':
        return Flatten();
      case 'Activation':
        return Activation(activation as string, rest);
      default:
        throw new Error(`no layer is typed as ${type}`);
    }
  }

  /** What Keras has and this library refuses, with the code and what the refusal is about. */
  const REFUSED: readonly [RegExp, string][] = [
    [/^GlobalAveragePooling2D keepDims/, 'E_ARGUMENT'],
    [/^Dense on an image/, 'E_SHAPE'],
    [/^Activation softmax on an image/, 'E_SHAPE'],
  ];
  const cases = Object.entries(layersFixture) as unknown as [string, Case][];
  const refusal = (name: string): string | undefined => REFUSED.find(([form]) => form.test(name))?.[1];

  /** The layer between its input and a frozen identity, so that the model's outputs are the layer's, flat. */
  function around(given: Case): { model: Sequential; layer: Layer } {
    const { input, output } = given.steps?.[0] ?? (given as Pass);
    const layer = typed(given.layer);
    const width = sizeOf(output.shape.slice(1));
    const model = new Sequential([
      Input(input.shape.slice(1)),
      layer,
      ...(output.shape.length > 2 && layer.type !== 'Flatten' ? [Flatten({ name: 'flat' })] : []),
      Dense(width, { name: 'identity', trainable: false, useBias: false }),
    ]);
    return { model, layer };
  }

  function identity(width: number): Tensor<Float32Array> {
    const data = Float32Array.from({ length: width * width }, (_, k) => Number(k % (width + 1) === 0));
    return { data, shape: [width, width] };
  }

  test('what Keras has and is not offered here is refused by name, and there are no more such cases', () => {
    const names = cases.map(([name]) => name).filter((name) => refusal(name) !== undefined);
    expect(names).toHaveLength(REFUSED.length);
    expect(cases.length).toBeGreaterThan(210);
    for (const [name, given] of cases) {
      const code = refusal(name);
      if (code === undefined) continue;
      let received: unknown;
      try {
        around(given).model.dispose();
      } catch (error) {
        received = error;
      }
      expect(received, name).toBeInstanceOf(DactylError);
      expect(received, name).toMatchObject({ code });
    }
  });

  test.each(cases.filter(([name]) => refusal(name) === undefined))(
    '%s: outputs, gradients of inputs and weights, and moving statistics within 4e-6',
    (_, given) => {
      const { model, layer } = around(given);
      using _owner = model;
      const passes = given.steps ?? [given as Pass];
      const tolerance = Math.max(4e-6, given.tolerance ?? 0);
      const names = Object.keys(given.weights);
      const width = sizeOf(passes[0].output.shape.slice(1));
      const weights = [...Object.values(given.weights).map(tensor), identity(width)];
      expect(model.getWeights().map(({ shape }) => shape)).toEqual(weights.map(({ shape }) => shape));
      model.setWeights(weights);
      // Its gradient is the label, so that one step of gradient descent with the rate `rows` takes Keras' gradient off the weights.
      const upstream = (target: Float32Array, output: Float32Array, gradient: Float32Array): number => {
        gradient.set(target);
        return output.reduce((sum, y, j) => sum + y * target[j], 0);
      };
      const normalizes = layer.type === 'BatchNormalization' && layer.trainable !== false;
      for (const pass of passes) {
        const rows = pass.input.shape[0];
        const x = tensor(pass.input);
        if (!normalizes && layer.type !== 'Flatten' && layer.type !== 'Reshape') {
          const name = model.plannedLayers[1].name;
          if (!(layer.type === 'Activation' && layer.activation === 'linear')) {
            const { data, shape } = layerOutputs(model, x, name);
            expect(shape).toEqual(pass.output.shape);
            expect(gap(data, pass.output.values), 'layerOutputs').toBeLessThan(tolerance);
          }
        }
        if (!normalizes) {
          expect(gap(model.predict(x).data, pass.output.values), 'outputs').toBeLessThan(tolerance);
          const seed = (row: number, _: Float32Array, d: Float32Array): void => {
            d.set(pass.upstream.values.slice(row * width, (row + 1) * width));
          };
          const dx = model.withRows(x, (own) => model.network.inputGradients(own, seed));
          expect(gap(dx, pass.gradients.input.values), 'gradient of the inputs').toBeLessThan(tolerance);
        }
        const before = model.getWeights();
        model.compile({ optimizer: SGD({ learningRate: rows }), loss: upstream });
        const labels = { data: tensor(pass.upstream).data, shape: [rows, width] };
        const { loss } = model.trainOnBatch(x, labels);
        const expectedLoss = pass.output.values.reduce((sum, y, k) => sum + y * pass.upstream.values[k], 0);
        expect(gap([loss * rows], [expectedLoss])).toBeLessThan(1e-5);
        const after = model.getWeights();
        names.forEach((name, k) => {
          const moved = pass.moving?.[name];
          if (moved) {
            expect(gap(after[k].data, moved.values), name).toBeLessThan(tolerance);
            return;
          }
          const expected = pass.gradients[name]?.values ?? [...after[k].data].map(() => 0);
          const taken = Array.from(before[k].data, (w, i) => w - after[k].data[i]);
          expect(gap(taken, expected), `gradient of ${name}`).toBeLessThan(tolerance);
          after[k] = before[k];
        });
        model.setWeights(after);
      }
      if (!given.inference) return;
      const { input, output } = given.inference;
      expect(gap(model.predict(tensor(input)).data, output.values), 'outputs in the end').toBeLessThan(
        tolerance,
      );
    },
  );
});
