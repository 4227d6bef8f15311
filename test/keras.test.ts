import { describe, expect, test } from 'vitest';
import { Dense, Input, layersFrom } from '../src/nn/layers.ts';
import { SGD } from '../src/nn/optimizers.ts';
import { type CompileOptions, Sequential } from '../src/nn/sequential.ts';
import type { FitOptions } from '../src/nn/fitOptions.ts';
import type { OptimizerSpec } from '../src/engine/engine.ts';
import type { LossSpec } from '../src/engine/losses/losses.ts';
import lossesFixture from './fixtures/keras/losses.json' with { type: 'json' };
import networksFixture from './fixtures/keras/networks.json' with { type: 'json' };
import type { Tensor } from '../src/util/tensor.ts';
import { gap, rowsOf, tensor, type Values } from './support/kerasValues.ts';

describe('networks', () => {
  interface Network {
    readonly layers: readonly { readonly type: string }[];
    readonly loss: LossSpec;
    readonly optimizer: { readonly name: string };
    readonly initial: readonly Values[];
    readonly inputs: Values;
    readonly targets: Values;
    readonly final: readonly Values[];
  }
  interface Trajectory extends Network {
    readonly batches: readonly (readonly number[])[];
    readonly losses: readonly number[];
    readonly accuracies?: readonly number[];
    readonly predictions: Values;
    readonly classWeight?: Readonly<Record<number, number>>;
    readonly sampleWeight?: readonly number[];
  }
  interface Fit extends Network {
    readonly batchSize: number;
    readonly epochs: number;
    readonly logs: Readonly<Record<string, readonly number[]>>;
    readonly validationData?: readonly Values[];
    readonly validationSplit?: number;
    readonly classWeight?: Readonly<Record<number, number>>;
    readonly sampleWeight?: readonly number[];
  }
  const cases = Object.entries(networksFixture);
  const named = (is: (value: object) => boolean): [string, unknown][] =>
    cases.filter(([, value]) => is(value));
  const trajectories = named((value) => 'batches' in value) as [string, Trajectory][];
  const fits = named((value) => 'logs' in value) as [string, Fit][];

  function made(
    { layers, loss, optimizer, initial }: Network,
    metrics: CompileOptions['metrics'],
  ): Sequential {
    const model = new Sequential(layersFrom(layers));
    model.compile({ optimizer: optimizer as OptimizerSpec, loss, metrics: metrics ?? [] });
    expect(model.getWeights().map(({ shape }) => shape)).toEqual(initial.map(({ shape }) => shape));
    model.setWeights(initial.map(tensor));
    return model;
  }

  test('the fixture has eight trajectories, nine fits and eighty splits', () => {
    expect([trajectories.length, fits.length, splits.length]).toEqual([8, 9, 80]);
  });

  test.each(trajectories)(
    'twenty steps of %s: losses and accuracies within 2e-6, weights and answers within 2e-5',
    async (_, given) => {
      const { batches, losses, accuracies, classWeight, sampleWeight } = given;
      using model = made(given, accuracies ? ['accuracy'] : []);
      const weighted = classWeight !== undefined || sampleWeight !== undefined;
      for (const [step, rows] of batches.entries()) {
        const [x, y] = [rowsOf(given.inputs, rows), rowsOf(given.targets, rows)];
        // An epoch of one batch is a step, and takes weights.
        const options: FitOptions = { batchSize: rows.length, shuffle: false, verbose: 0 };
        if (classWeight) options.classWeight = classWeight;
        if (sampleWeight) options.sampleWeight = rows.map((row) => sampleWeight[row]);
        const history = weighted ? (await model.fit(x, y, options)).history : undefined;
        const { loss, accuracy } = history
          ? { loss: history.loss[0], accuracy: history.accuracy![0] }
          : model.trainOnBatch(x, y);
        expect(gap([loss], [losses[step]]), `loss of step ${step}`).toBeLessThan(2e-6);
        if (accuracies) expect(accuracy, `accuracy of step ${step}`).toBeCloseTo(accuracies[step], 6);
      }
      model.getWeights().forEach(({ data }, k) => {
        expect(gap(data, given.final[k].values), `weights ${k}`).toBeLessThan(2e-5);
      });
      const { data, shape } = model.predict(rowsOf(given.inputs, [0, 1, 2, 3]));
      expect(shape).toEqual(given.predictions.shape);
      expect(gap(data, given.predictions.values), 'answers').toBeLessThan(2e-5);
    },
  );

  test.each(fits)('%s: every log but weighted metrics within 2e-6, weights within 2e-6', async (_, given) => {
    const { batchSize, epochs, logs, validationData, validationSplit, classWeight, sampleWeight } = given;
    using model = made(given, ['accuracy']);
    const options: FitOptions = { batchSize, epochs, shuffle: false, verbose: 0 };
    if (classWeight) options.classWeight = classWeight;
    if (sampleWeight) options.sampleWeight = sampleWeight;
    if (validationSplit !== undefined) options.validationSplit = validationSplit;
    if (validationData) {
      const [x, y, weights] = validationData.map(tensor) as (Tensor<Float32Array> | undefined)[];
      options.validationData = weights ? [x!, y!, weights] : [x!, y!];
    }
    const { history } = await model.fit(tensor(given.inputs), tensor(given.targets), options);
    const expected = Object.keys(logs).filter((name) => !name.includes('weighted'));
    expect(Object.keys(history).sort()).toEqual(expected.sort());
    for (const name of expected) expect(gap(history[name]!, logs[name]), name).toBeLessThan(2e-6);
    model.getWeights().forEach(({ data }, k) => {
      expect(gap(data, given.final[k].values), `weights ${k}`).toBeLessThan(2e-6);
    });
  });

  const splits = Object.entries(
    networksFixture['validationSplit: rows to train on, the first ones'] as Record<string, number | 'error'>,
  );

  test.each(splits)('validationSplit of %s: Keras trains on %s', async (name, expected) => {
    const [count, share] = /^(\d+) rows, share ([\d.]+)$/.exec(name)!.slice(1).map(Number);
    using model = new Sequential([Input([1]), Dense(1)]);
    const seen: number[][] = [];
    const told = function rows({ data }: Tensor): number {
      seen.push([...data]);
      return 0;
    };
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError', metrics: [told] });
    const numbers = Float32Array.from({ length: count }, (_, row) => row / count);
    const inputs = { data: new Float32Array(count), shape: [count, 1] };
    const labels = { data: numbers, shape: [count] };
    const options = { validationSplit: share, batchSize: count, shuffle: false, verbose: 0 } as const;
    const run = model.fit(inputs, labels, options);
    if (expected === 'error') {
      await expect(run).rejects.toMatchObject({ code: 'E_ARGUMENT' });
      return;
    }
    await run;
    // The only batch of training, then those of validation.
    expect(seen[0]).toEqual([...numbers.subarray(0, expected)]);
    expect(seen.slice(1).flat()).toEqual([...numbers.subarray(expected)]);
  });
});

describe('losses', () => {
  interface Case {
    readonly loss: LossSpec & { readonly labelSmoothing?: number };
    readonly through?: 'softmax' | 'sigmoid';
    readonly target: Values;
    readonly output?: Values;
    readonly logits?: Values;
    readonly value: number;
    readonly gradient: Values;
    readonly weighted: Readonly<
      Record<string, { sampleWeight?: number[]; classWeight?: object; value: number; gradient: Values }>
    >;
  }
  /** Probabilities that no softmax or sigmoid of the network gave: refused. */
  const OF_PROBABILITIES = /of probabilities/;
  const cases = Object.entries(lossesFixture) as unknown as [string, Case][];
  const [refused, taken] = [true, false].map((is) =>
    cases.filter(([name]) => OF_PROBABILITIES.test(name) === is),
  );

  /** A network whose outputs before the last activation are its inputs. */
  function identity({ output, logits, through }: Case): { model: Sequential; inputs: Tensor<Float32Array> } {
    const inputs = tensor((output ?? logits)!);
    const width = inputs.shape[1];
    const layer = Dense(width, { activation: through ?? 'linear', kernelInitializer: 'zeros' });
    const model = new Sequential([Input([width]), layer]);
    const kernel = Float32Array.from({ length: width * width }, (_, k) => Number(k % (width + 1) === 0));
    const weights = [
      { data: kernel, shape: [width, width] },
      { data: new Float32Array(width), shape: [width] },
    ];
    model.setWeights(weights);
    return { model, inputs };
  }

  test.each(refused)('%s: refused, as the network has no such last layer', (_, given) => {
    const { model } = identity(given);
    using _owner = model;
    expect(() => {
      model.compile({ optimizer: 'sgd', loss: given.loss.name });
    }).toThrow(/as the last layer's activation; received linear/);
  });

  test.each(taken)(
    '%s: evaluate within 1e-6, fit and its step of SGD with every weighting within 2e-6',
    async (_, given) => {
      const { labelSmoothing = 0, ...loss } = given.loss;
      const { model, inputs } = identity(given);
      using _owner = model;
      const start = model.getWeights();
      const labels = tensor(given.target);
      const [rows, width] = inputs.shape;
      const optimizer = SGD({ learningRate: 1 });
      model.compile({ optimizer, loss });
      if (labelSmoothing === 0) {
        expect(gap([model.evaluate(inputs, labels).loss], [given.value])).toBeLessThan(1e-6);
      }
      const plain = { value: given.value, gradient: given.gradient };
      for (const [name, weighting] of [['none', plain], ...Object.entries(given.weighted)] as const) {
        const { value, gradient, ...weights } = weighting;
        model.compile({ optimizer, loss });
        model.setWeights(start);
        const options = { batchSize: rows, shuffle: false, verbose: 0, labelSmoothing, ...weights } as const;
        const { history } = await model.fit(inputs, labels, options as FitOptions);
        expect(gap(history.loss, [value]), `loss, weighting ${name}`).toBeLessThan(2e-6);
        const [kernel, bias] = model
          .getWeights()
          .map(({ data }, k) => start[k].data.map((w, i) => w - data[i]));
        const columns = Array.from({ length: width }, (_, j) =>
          gradient.values.reduce((sum, d, k) => sum + (k % width === j ? d : 0), 0),
        );
        expect(gap(bias, columns), `bias, weighting ${name}`).toBeLessThan(2e-6);
        const products = Array.from({ length: width * width }, (_, at) => {
          const [i, j] = [Math.floor(at / width), at % width];
          let sum = 0;
          for (let s = 0; s < rows; s++) sum += inputs.data[s * width + i] * gradient.values[s * width + j];
          return sum;
        });
        expect(gap(kernel, products), `kernel, weighting ${name}`).toBeLessThan(4e-6);
      }
    },
  );
});
