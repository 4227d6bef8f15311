import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { OptimizerSpec, Targets } from '../src/engine/engine.ts';
import type { AnyRule } from '../src/engine/rules/rule.ts';
import { CLIPPINGS, type OptimizerName, RULES } from '../src/engine/rules/rules.ts';
import { referenceEngine, type ReferenceNetwork } from '../src/engine/reference.ts';
import {
  Activation,
  AveragePooling2D,
  BatchNormalization,
  Conv2D,
  Dense,
  DepthwiseConv2D,
  Dropout,
  Flatten,
  Input,
  type Layer,
  LayerNormalization,
  MaxPooling2D,
  Reshape,
} from '../src/nn/layers.ts';
import { LAYERS } from '../src/nn/layers/table.ts';
import { planLayers } from '../src/nn/plan.ts';
import { Sequential } from '../src/nn/sequential.ts';
import { Random } from '../src/util/random.ts';
import { atOnce } from '../src/util/steps.ts';
import { sizeOf } from '../src/util/tensor.ts';
import { ACTIVATION_NAMES, bitsOf, firstRows, uniform } from './support/networks.ts';
import { engine, LOSSES, type Stack, stack, layersOf, made, gap, RUNS, seedOf } from './support/stacks.ts';

test('the random stacks hold every layer but the distortion, which the reference engine draws elsewhere', () => {
  const types = fc
    .sample(stack, { numRuns: RUNS.numRuns, seed: RUNS.seed })
    .flatMap((given) => layersOf(given, 0).map(({ type }) => type));
  const expected = Object.keys(LAYERS).filter((type) => type !== 'RandomDistortion');
  expect([...new Set<string>(types)].sort()).toEqual(expected.sort());
});

test('a fifth of the random stacks of images have steps that are computed as one', () => {
  const images = fc
    .sample(stack, { numRuns: RUNS.numRuns, seed: RUNS.seed })
    .filter(({ shape }) => shape.length > 1)
    .map((given) => planLayers(layersOf(given, 0)).network.steps);
  const fused = images.filter((steps) => steps.some(({ fuse }, k) => fuse?.(steps.slice(0, k))));
  expect(fused.length).toBeGreaterThan(images.length / 5);
});

describe('random stacks against the reference engine', () => {
  test('outputs of every step and logits within 2e-5, losses within 1e-5, gradients of inputs within 1e-4', () => {
    const property = fc.property(stack, (given) => {
      const { plan, fast, slow, inputs, targets } = made(given);
      const [rows, plain] = [fast.createRows(inputs), slow.createRows(inputs)];
      for (let steps = 1; steps <= plan.network.steps.length; steps++) {
        expect(
          gap(fast.outputsOf(rows, steps), slow.outputsOf(plain, steps)),
          `outputs of step ${steps}`,
        ).toBeLessThan(2e-5);
      }
      expect(gap(fast.logitsOf(rows), slow.logitsOf(plain)), 'logits').toBeLessThan(2e-5);
      expect(gap(fast.predict(rows), slow.predict(plain)), 'answers').toBeLessThan(2e-5);
      const [measured, expected] = [fast.evaluate(rows, targets), slow.evaluate(plain, targets)];
      expect(gap([measured.lossSum], [expected.lossSum]), 'loss').toBeLessThan(1e-5);
      expect(gap(fast.inputGradients(rows, seedOf), slow.inputGradients(plain, seedOf)), 'dx').toBeLessThan(
        1e-4,
      );
      fast.dispose();
    });
    fc.assert(property, RUNS);
  });

  test('loss of a batch within 1e-5, gradients of all that is trained within 1e-4', () => {
    const property = fc.property(stack, (given) => {
      const { plan, fast, slow, inputs, targets, batch } = made(given);
      const [rows, plain] = [fast.createRows(inputs), slow.createRows(inputs)];
      const got = fast.gradients(rows, targets, batch);
      const expected = slow.float64Gradients(plain, targets, batch);
      expect(got).toHaveLength(plan.weights.filter(({ trained }) => trained).length);
      got.forEach((gradient, k) => {
        expect(gap(gradient, expected[k]), `gradient ${k}`).toBeLessThan(1e-4);
      });
      // It leaves no trace, not even in moving statistics.
      expect(bitsOf(fast.getWeights())).toEqual(bitsOf(made(given).fast.getWeights()));
      fast.dispose();
    });
    fc.assert(property, RUNS);
  });
});

/** An optimizer that is not its defaults, with decay and one way of clipping. */
const optimizer: fc.Arbitrary<OptimizerSpec> = fc
  .record({
    name: fc.constantFrom(...(Object.keys(RULES) as OptimizerName[])),
    decay: fc.boolean(),
    clipping: fc.constantFrom(undefined, ...CLIPPINGS),
    flags: fc.boolean(),
  })
  .map(({ name, decay, clipping, flags }) => {
    const { options }: AnyRule = RULES[name];
    const values = Object.entries(options).map(([key, option]) => {
      if (!('valid' in option)) return [key, flags];
      // A larger epsilon, so that what is rounding in a gradient stays it in the step.
      if (key === 'epsilon') return [key, 0.01];
      if (key === 'momentum') return [key, flags ? 0.5 : 0];
      return [key, key === 'learningRate' ? 0.02 : option.value];
    });
    const chosen = { name, ...(Object.fromEntries(values) as object) };
    return {
      ...chosen,
      ...(decay && { weightDecay: 0.1 }),
      ...(clipping && { [clipping]: 0.3 }),
    } as unknown as OptimizerSpec;
  });

/** Steps of both engines from the same weights each time; what a step makes of gradients that are rounding alone is not compared. */
function expectSteps(given: Stack, spec: OptimizerSpec): void {
  const { plan, fast, slow, inputs, targets, batch } = made(given);
  const [rows, plain] = [fast.createRows(inputs), slow.createRows(inputs)];
  const trained = plan.weights.map((weight) => weight.trained);
  fast.setOptimizer(spec);
  slow.setOptimizer(spec);
  for (let step = 0; step < 3; step++) {
    const before = fast.getWeights();
    slow.setWeights(before);
    const gradients = slow.float64Gradients(plain, targets, batch);
    slow.setWeights(before);
    const [got, expected] = [fast.trainBatch(rows, targets, batch), slow.trainBatch(plain, targets, batch)];
    expect(gap([got.loss], [expected.loss]), `loss of step ${step}`).toBeLessThan(1e-5);
    const [after, wanted] = [fast.getWeights(), slow.getWeights()];
    let place = 0;
    after.forEach((weights, k) => {
      const { name } = plan.weights[k];
      if (!trained[k] && !name.startsWith('moving_')) {
        expect(bitsOf([weights]), `${name}, frozen`).toEqual(bitsOf([before[k]]));
        return;
      }
      if (!trained[k]) {
        expect(gap(weights, wanted[k]), name).toBeLessThan(1e-5);
        return;
      }
      const gradient = gradients[place++];
      weights.forEach((w, i) => {
        const rounding = spec.name === 'lion' && Math.abs(gradient[i]) < 1e-3;
        expect(Math.abs(w - wanted[k][i]), `${name}[${i}] after step ${step}`).toBeLessThan(
          rounding ? 0.1 : 1e-4,
        );
      });
    });
  }
  fast.dispose();
}

describe('random stacks, trained', () => {
  test('three steps of every optimizer, with decay and clipping: losses within 1e-5, weights within 1e-4; what is frozen keeps its bits', () => {
    fc.assert(
      fc.property(stack, optimizer, (given, spec) => {
        expectSteps(given, spec);
      }),
      RUNS,
    );
  });

  test.each(LOSSES)('the same of $name, last activation $last, after a dropout', (loss) => {
    const given = { shape: [5], choices: [], bytes: false, weighted: true, outputs: 4, rows: 6, seed: 3 };
    expectSteps(
      { ...given, loss: LOSSES.indexOf(loss), end: 2 },
      { name: 'sgd', learningRate: 0.1, momentum: 0, nesterov: false },
    );
  });

  test('a network of which nothing is trained keeps its weights, whatever is asked of it', () => {
    const layers = [
      Input([3]),
      Dense(4, { trainable: false }),
      Dense(2, { trainable: false, activation: 'softmax' }),
    ];
    const network = engine.createNetwork(planLayers(layers).network);
    const random = new Random(1, 'frozen');
    network.setWeights([12, 4, 8, 2].map((size) => uniform(size, -1, 1, random)));
    network.setOptimizer({ name: 'sgd', learningRate: 1, momentum: 0, nesterov: false, globalClipnorm: 1 });
    const before = bitsOf(network.getWeights());
    const rows = network.createRows({ data: uniform(6, -1, 1, random), shape: [2, 3] });
    const targets: Targets = { kind: 'classes', classes: [0, 1] };
    const { loss } = network.trainBatch(rows, targets, firstRows(2));
    expect(loss).toBeCloseTo(network.evaluate(rows, targets).lossSum / 2, 6);
    expect(network.gradients(rows, targets, firstRows(2))).toEqual([]);
    expect(bitsOf(network.getWeights())).toEqual(before);
  });
});

describe('random stacks, to the bit', () => {
  test('rows have the same outputs whatever they are evaluated with', () => {
    const property = fc.property(stack, (given) => {
      const { fast, inputs } = made(given, 0.3);
      const all = fast.predict(fast.createRows(inputs));
      expect(all.length).toBe(given.rows * given.outputs);
      const [rows, ...shape] = inputs.shape;
      const width = inputs.data.length / rows;
      const apart = Array.from({ length: rows }, (_, row) => {
        const data = inputs.data.subarray(row * width, (row + 1) * width);
        return [...fast.predict(fast.createRows({ data, shape: [1, ...shape] }))];
      });
      expect(bitsOf([Float32Array.from(apart.flat())])).toEqual(bitsOf([all]));
      fast.dispose();
    });
    fc.assert(property, RUNS);
  });

  test('a state taken after two steps goes on in another network to the same weights and averages, with dropout', () => {
    const property = fc.property(stack, optimizer, (given, spec) => {
      const start = (): { steps: (count: number) => void; network: ReturnType<typeof made>['fast'] } => {
        const { fast, inputs, targets, batch } = made(given, 0.3);
        fast.setSeed(given.seed);
        fast.setOptimizer(spec);
        atOnce(fast.startAveraging(0.9));
        const rows = fast.createRows(inputs);
        const steps = (count: number): void => {
          for (let k = 0; k < count; k++) fast.trainBatch(rows, targets, batch);
        };
        return { steps, network: fast };
      };
      const [one, other] = [start(), start()];
      one.steps(2);
      const state = new Map(
        Object.entries(atOnce(one.network.saveState())).map(([name, { data, shape }]) => [
          name,
          { data: data.slice(), shape },
        ]),
      );
      one.steps(2);
      other.steps(1);
      atOnce(other.network.restoreState(state));
      other.steps(2);
      for (const { network } of [one, other]) atOnce(network.swapAverages());
      expect(bitsOf(other.network.getWeights())).toEqual(bitsOf(one.network.getWeights()));
      for (const { network } of [one, other]) atOnce(network.swapAverages());
      expect(bitsOf(other.network.getWeights())).toEqual(bitsOf(one.network.getWeights()));
      for (const { network } of [one, other]) network.dispose();
    });
    fc.assert(property, { ...RUNS, numRuns: 60 });
  });
});

describe('chosen stacks: activations in place leave what is below as it was, and what is reshaped is read in its new shape', () => {
  const stacks: Record<string, Layer[]> = {
    'tanh on relu, then softmax': [
      Dense(6, { activation: 'relu' }),
      Activation('tanh'),
      Activation('softmax'),
    ],
    'sigmoid on relu': [Dense(6, { activation: 'relu' }), Activation('sigmoid')],
    'relu on max pooling': [Reshape([2, 3, 1]), MaxPooling2D([1, 2]), Activation('relu'), Flatten()],
    'relu on batch normalization': [Dense(6), BatchNormalization(), Activation('relu')],
    'relu on layer normalization': [Dense(6), LayerNormalization(), Activation('relu')],
    'relu on average pooling': [Reshape([2, 3, 1]), AveragePooling2D([1, 2]), Activation('relu'), Flatten()],
    'gelu on tanh, dropout between': [Dense(6, { activation: 'tanh' }), Dropout(0), Activation('gelu')],
    'batch normalization of a flattened image': [Reshape([3, 1, 2]), Flatten(), BatchNormalization()],
    'layer normalization of a flattened image': [
      Reshape([3, 1, 2]),
      Conv2D(2, 1),
      Flatten(),
      LayerNormalization(),
    ],
    'softmax of a flattened image': [
      Reshape([3, 1, 2]),
      DepthwiseConv2D(1),
      Flatten(),
      Activation('softmax'),
    ],
    'an image of other extents': [
      Reshape([2, 1, 3]),
      Conv2D(2, [2, 1]),
      Reshape([2, 1, 1]),
      Conv2D(2, [2, 1]),
      Flatten(),
    ],
    'two on the inputs': [Activation('tanh'), Activation('sigmoid'), Dense(4)],
    'every curve on every other': ACTIVATION_NAMES.flatMap((lower) => [
      Dense(3),
      Activation(lower),
      ...ACTIVATION_NAMES.map((upper) => Activation(upper)),
    ]),
  };

  test.each(Object.entries(stacks))('%s: outputs of every step and gradients within 1e-4', (_, hidden) => {
    const plan = planLayers([Input([6]), ...hidden, Dense(3), Activation('softmax')]);
    const random = new Random(2, 'in place');
    const weights = plan.weights.map(({ name, shape }) =>
      name === 'moving_variance'
        ? uniform(sizeOf(shape), 0.5, 1, random)
        : uniform(sizeOf(shape), -1, 1, random),
    );
    const fast = engine.createNetwork(plan.network);
    const slow: ReferenceNetwork = referenceEngine.createNetwork(plan.network);
    const inputs = { data: uniform(5 * 6, -1, 1, random), shape: [5, 6] };
    const targets: Targets = { kind: 'classes', classes: [0, 1, 2, 0, 1] };
    for (const network of [fast, slow]) network.setWeights(weights);
    const [rows, plain] = [fast.createRows(inputs), slow.createRows(inputs)];
    for (let steps = 1; steps <= plan.network.steps.length; steps++) {
      expect(gap(fast.outputsOf(rows, steps), slow.outputsOf(plain, steps)), `step ${steps}`).toBeLessThan(
        1e-5,
      );
    }
    const expected = slow.float64Gradients(plain, targets, firstRows(5));
    fast.gradients(rows, targets, firstRows(5)).forEach((gradient, k) => {
      expect(gap(gradient, expected[k]), `gradient ${k}`).toBeLessThan(1e-4);
    });
    slow.setWeights(weights);
    expect(gap(fast.inputGradients(rows, seedOf), slow.inputGradients(plain, seedOf))).toBeLessThan(1e-4);
  });
});

describe('training with differential privacy', () => {
  const images = { data: new Float32Array(6 * 16).fill(0.5), shape: [6, 4, 4, 1] };
  const labels = Uint8Array.of(0, 1, 0, 1, 0, 1);
  const fit = (hidden: Layer[]): Promise<unknown> => {
    const model = new Sequential([
      Input([4, 4, 1]),
      ...hidden,
      Flatten(),
      Dense(2, { activation: 'softmax' }),
    ]);
    model.compile({ optimizer: 'sgd', loss: 'sparseCategoricalCrossentropy' });
    const privacy = { noiseMultiplier: 1, clip: 1 };
    return model.fit(images, labels, { batchSize: 2, verbose: 0, privacy }).finally(() => {
      model.dispose();
    });
  };

  test.each([Conv2D(2, 2), DepthwiseConv2D(2), BatchNormalization(), LayerNormalization()])(
    'is refused by name where the gradient of one example is not known: $type',
    async (layer) => {
      await expect(fit([layer])).rejects.toMatchObject({
        code: 'E_ARGUMENT',
        message: expect.stringMatching(new RegExp(`received ${layer.type}\\b`, 'i')) as string,
      });
    },
  );

  test('takes frozen layers, pools, activations and dropout', async () => {
    const hidden = [Conv2D(2, 2, { trainable: false }), MaxPooling2D(), Activation('tanh'), Dropout(0.2)];
    await expect(fit(hidden)).resolves.toBeDefined();
  });
});
