import { expect, test } from 'vitest';
import { errorOf, points, smallModel } from '../../test/support/models.ts';
import { pixels } from '../../test/support/networks.ts';
import { createWasmEngine } from '../engine/wasm.ts';
import { Random } from '../util/random.ts';
import type { Tensor } from '../util/tensor.ts';
import type { FitOptions } from './fitOptions.ts';
import { decodeFitState, encodeFitState, type FitState } from './fitState.ts';
import type { Distortion } from '../images/distortion.ts';
import { Dense, Dropout, Flatten, Input, RandomDistortion, Rescaling } from './layers.ts';
import { Adam, SGD } from './optimizers.ts';
import { SCHEDULES } from './schedules.ts';
import { type CompileOptions, Sequential } from './sequential.ts';

const QUIET = { verbose: 0 } as const;

/** Everything about a run but its length. */
interface Run {
  make: () => Sequential;
  inputs: Tensor;
  labels: Tensor;
  options: FitOptions;
}

function digits(count: number, seed: number): { inputs: Tensor<Uint8Array>; labels: Tensor<Uint8Array> } {
  const random = new Random(seed, 'digits');
  const { data } = pixels(count, 784, random);
  const labels = Uint8Array.from({ length: count }, () => random.integer(10));
  return { inputs: { data, shape: [count, 28, 28] }, labels: { data: labels, shape: [count] } };
}

const DISTORTION = { rotation: 0.26, scale: 0.15, shear: 0.15, shift: 2.5, elastic: 1.2 };

function digitModel(
  optimizer: CompileOptions['optimizer'],
  dropout = 0,
  seed = 3,
  distortion?: Distortion,
): Sequential {
  const hidden = dropout > 0 ? [Dropout(dropout)] : [];
  const model = new Sequential(
    [
      Input([28, 28]),
      ...(distortion ? [RandomDistortion(distortion)] : []),
      Rescaling(1 / 255),
      Flatten(),
      Dense(11, { activation: 'relu', kernelRegularizer: { l2: dropout > 0 ? 1e-4 : 0 } }),
      ...hidden,
      Dense(7, { activation: 'tanh' }),
      ...hidden,
      Dense(10, { activation: 'softmax' }),
    ],
    { seed },
  );
  model.compile({ optimizer, loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
  return model;
}

const train = digits(45, 1);
const validation = digits(20, 2);
const validationData = [validation.inputs, validation.labels] as const;
const shape = { epochs: 6, batchSize: 8, validationData } as const;

const RUNS: Record<string, Run> = {
  'Adam, relu, sparse first layer': {
    make: () => digitModel('adam'),
    ...train,
    options: shape,
  },
  'SGD with momentum, dropout and penalty': {
    make: () => digitModel(SGD({ learningRate: 0.05, momentum: 0.9 }), 0.4),
    ...train,
    options: { ...shape, seed: 12 },
  },
  'SGD without momentum, in file order, no validation': {
    make: () => digitModel('sgd'),
    ...train,
    options: { epochs: 6, batchSize: 8, shuffle: false },
  },
  'distortion, averaging, cosine and label smoothing': {
    make: () => digitModel(Adam({ learningRate: 0.01 }), 0, 3, DISTORTION),
    ...train,
    options: {
      ...shape,
      averaging: 0.9,
      schedule: SCHEDULES.cosine,
      labelSmoothing: 0.1,
    },
  },
  'distillation with distortion': {
    make: () => digitModel('adam', 0, 3, DISTORTION),
    ...train,
    options: {
      ...shape,
      distillation: { teachers: [digitModel('adam', 0, 8), digitModel('adam', 0, 9)], weight: 0.7 },
    },
  },
  'early stopping with averaging and dropout': {
    make: () => {
      const model = new Sequential([
        Input([6]),
        Dense(16, { activation: 'relu' }),
        Dropout(0.2),
        Dense(3, { activation: 'softmax' }),
      ]);
      model.compile({
        optimizer: SGD({ learningRate: 1, momentum: 0.5 }),
        loss: 'sparseCategoricalCrossentropy',
        metrics: ['accuracy'],
      });
      return model;
    },
    ...points(45),
    options: {
      epochs: 60,
      batchSize: 8,
      validationData: [points(60, 3).inputs, points(60, 3).labels],
      averaging: 0.9,
      earlyStopping: { monitor: 'val_loss', patience: 3, restoreBestWeights: true },
    },
  },
  'float inputs, dropout first, metrics none': {
    make: () => {
      const model = new Sequential([
        Input([6]),
        Dropout(0.3),
        Dense(5, { activation: 'gelu' }),
        Dropout(0.5),
        Dense(3, { activation: 'softmax' }),
      ]);
      model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy' });
      return model;
    },
    ...points(33),
    options: { epochs: 5, batchSize: 5 },
  },
};

interface Outcome {
  hash: string;
  history: unknown;
  states: FitState[];
}

/** Trains with a checkpoint after every step, from the start or from a state. */
async function finish({ make, inputs, labels, options }: Run, resume?: FitState): Promise<Outcome> {
  const states: FitState[] = [];
  const model = make();
  const { epoch, history } = await model.fit(inputs, labels, {
    ...QUIET,
    ...options,
    checkpoint: {
      everySeconds: 0,
      save: (state) => void states.push(state),
    },
    ...(resume && { resume }),
  });
  return { hash: model.weightsHash(), history: { epoch, ...history }, states };
}

test.each(Object.keys(RUNS))(
  '%s: from every checkpoint, by file, a new model ends with the same bits, history and later checkpoints',
  async (name) => {
    const run = RUNS[name];
    const { hash, history, states } = await finish(run);
    const files = states.map((state) => encodeFitState(state));
    expect(files.length).toBeGreaterThanOrEqual(25);
    for (let k = 0; k < files.length; k++) {
      const { state } = decodeFitState(files[k], 'checkpoint');
      const resumed = await finish(run, state);
      expect(resumed.hash).toBe(hash);
      expect(resumed.history).toEqual(history);
      expect(resumed.states).toHaveLength(files.length - 1 - k);
      // Each checkpoint holds weights, moments, streams, order, sums and the best epoch.
      for (let later = 0; later < resumed.states.length; later += 7) {
        expect(Buffer.compare(encodeFitState(resumed.states[later]), files[k + 1 + later])).toBe(0);
      }
    }
    const plain = run.make();
    await plain.fit(run.inputs, run.labels, { ...QUIET, ...run.options });
    expect(plain.weightsHash()).toBe(hash);
  },
);

test('early stopping did end the run, and not at its best epoch', async () => {
  const { history, states } = await finish(RUNS['early stopping with averaging and dropout']);
  const { epoch } = history as { epoch: number[] };
  expect(epoch.length).toBeLessThan(40);
  expect(states.at(-1)!.best!.epoch).toBe(epoch.length - 4);
});

test('a state kept in memory stays what it was: resumed from twice, and after training went on', async () => {
  const run = RUNS['distortion, averaging, cosine and label smoothing'];
  const { hash, states } = await finish(run);
  const files = states.map((state) => encodeFitState(state));
  for (const k of [0, 5, 17]) {
    expect(Buffer.compare(encodeFitState(states[k]), files[k])).toBe(0);
    expect((await finish(run, states[k])).hash).toBe(hash);
    expect((await finish(run, states[k])).hash).toBe(hash);
    expect(Buffer.compare(encodeFitState(states[k]), files[k])).toBe(0);
  }
});

test('resumed a second time from a checkpoint of a resumed run: the same bits', async () => {
  const run = RUNS['SGD with momentum, dropout and penalty'];
  const { hash, states } = await finish(run);
  const once = await finish(run, states[3]);
  const twice = await finish(run, once.states[9]);
  expect(twice.hash).toBe(hash);
});

test('resumed in a model that was trained on other data before, and on an engine that holds others: the same bits', async () => {
  const run = RUNS['Adam, relu, sparse first layer'];
  const { hash, states } = await finish(run);
  const engine = createWasmEngine();
  smallModel({ engine });
  const model = digitModel('adam');
  const other = digits(30, 8);
  await model.fit(other.inputs, other.labels, { ...QUIET, batchSize: 32, averaging: 0.9 });
  await model.fit(run.inputs, run.labels, {
    ...QUIET,
    ...run.options,
    resume: states[10],
  });
  expect(model.weightsHash()).toBe(hash);
});

const BASE = RUNS['distortion, averaging, cosine and label smoothing'];
const { states } = await finish(BASE);

test.each<[string, Partial<Run>]>([
  ['epochs', { options: { ...BASE.options, epochs: 7 } }],
  ['batch size', { options: { ...BASE.options, batchSize: 4 } }],
  ['order', { options: { ...BASE.options, shuffle: false } }],
  ['seed of fit', { options: { ...BASE.options, seed: 1 } }],
  ['schedule', { options: { ...BASE.options, schedule: SCHEDULES.linear } }],
  ['averaging', { options: { ...BASE.options, averaging: 0.8 } }],
  ['no averaging', { options: { ...BASE.options, averaging: 0 } }],
  ['smoothing', { options: { ...BASE.options, labelSmoothing: 0.2 } }],
  ['distortion', { make: () => digitModel(Adam({ learningRate: 0.01 }), 0, 3, { ...DISTORTION, shift: 2 }) }],
  ['early stopping', { options: { ...BASE.options, earlyStopping: { patience: 3 } } }],
  ['validation', { options: { ...BASE.options, validationData: [train.inputs, train.labels] } }],
  ['learning rate', { make: () => digitModel(Adam({ learningRate: 0.02 }), 0, 3, DISTORTION) }],
  ['optimizer', { make: () => digitModel('sgd', 0, 3, DISTORTION) }],
  ['seed of the model', { make: () => digitModel(Adam({ learningRate: 0.01 }), 0, 4, DISTORTION) }],
  ['layers', { make: () => digitModel(Adam({ learningRate: 0.01 }), 0.1, 3, DISTORTION) }],
  ['number of examples', digits(44, 1)],
])('a checkpoint of a run with other %s is refused, the model unchanged', async (_, difference) => {
  const { make, inputs, labels, options } = { ...BASE, ...difference };
  const model = make();
  const hash = model.weightsHash();
  const { code } = await errorOf(() =>
    model.fit(inputs, labels, { ...QUIET, ...options, resume: states[20] }),
  );
  expect(['E_FORMAT', 'E_SHAPE']).toContain(code);
  expect(model.weightsHash()).toBe(hash);
});

const relabelled = { data: train.labels.data.map((label) => 9 - label), shape: train.labels.shape };
const oneLabel = {
  data: train.labels.data.with(7, (train.labels.data[7] + 1) % 10),
  shape: train.labels.shape,
};
const onePixel = {
  data: train.inputs.data.with(9_999, 255 - train.inputs.data[9_999]),
  shape: train.inputs.shape,
};
const reversed = { data: validation.labels.data.toReversed(), shape: validation.labels.shape };

test.each<[string, Partial<Run>]>([
  ['all labels', { labels: relabelled }],
  ['one label', { labels: oneLabel }],
  ['one pixel', { inputs: onePixel }],
  [
    'one validation pixel',
    { options: { ...BASE.options, validationData: [digits(20, 3).inputs, validation.labels] } },
  ],
  ['validation labels', { options: { ...BASE.options, validationData: [validation.inputs, reversed] } }],
])(
  'a checkpoint of a run on the same data but for %s is E_FORMAT that says so, the model unchanged',
  async (_, difference) => {
    const { make, inputs, labels, options } = { ...BASE, ...difference };
    const model = make();
    const hash = model.weightsHash();
    const resume = decodeFitState(encodeFitState(states[20]), 'checkpoint').state;
    const { code, message } = await errorOf(() =>
      model.fit(inputs, labels, { ...QUIET, ...options, resume }),
    );
    expect(code).toBe('E_FORMAT');
    expect(message).toContain('other inputs, labels or validation data; give those of its run');
    expect(model.weightsHash()).toBe(hash);
  },
);

test('a checkpoint of a version that kept neither data nor rate is taken up, by file: the same bits', async () => {
  const { hash } = await finish(BASE);
  const { data, learningRate, ...older } = states[20];
  expect([data, learningRate]).toEqual([expect.stringMatching(/^([0-9a-f]{32}-){3}[0-9a-f]{32}$/), 0.01]);
  const resume = decodeFitState(encodeFitState(older), 'checkpoint').state;
  expect(resume.data).toBeUndefined();
  expect((await finish(BASE, resume)).hash).toBe(hash);
});

test('a rate that was set during a run with a schedule is still set after going on', async () => {
  const lower = async (resume?: FitState): Promise<{ hash: string; kept: FitState[] }> => {
    const model = BASE.make();
    const kept: FitState[] = [];
    await model.fit(BASE.inputs, BASE.labels, {
      ...QUIET,
      ...BASE.options,
      ...(resume && { resume }),
      checkpoint: { everySeconds: 0, save: (state) => kept.push(state) },
      callbacks: [
        {
          onEpochEnd(epoch) {
            if (epoch === 2) model.setLearningRate(0.003);
          },
        },
      ],
    });
    return { hash: model.weightsHash(), kept };
  };
  const { hash, kept } = await lower();
  const later = kept.find(({ epoch, position }) => epoch === 4 && position > 0)!;
  expect(later.learningRate).toBe(0.003);
  expect((await lower(decodeFitState(encodeFitState(later), 'checkpoint').state)).hash).toBe(hash);
});

test.each<[string, (state: FitState) => Partial<FitState>]>([
  ['a rate that is none', () => ({ learningRate: NaN })],
  ['an order that is none', ({ order }) => ({ order: order.with(0, order[1]) })],
  ['rows that do not exist', ({ order }) => ({ order: order.with(7, 4_000_000_000) })],
  ['a position between two batches', () => ({ position: 3 })],
  ['a position beyond the end', () => ({ position: 48 })],
  ['an epoch beyond the end', () => ({ epoch: 6 })],
  ['an epoch that its history does not know', () => ({ epoch: 4 })],
  ['more right than seen', ({ position }) => ({ correct: position + 1 })],
  ['a sum that is NaN', () => ({ lossSum: NaN })],
  ['a generator of zeros', () => ({ shuffle: new Uint32Array(4) })],
  ['a short generator', () => ({ shuffle: Uint32Array.of(1, 2) })],
  ['a history with a hole', ({ history }) => ({ history: { ...history, accuracy: [1] } })],
  [
    'a history without accuracies',
    ({ history: { loss, val_loss } }) => ({ history: { loss: loss!, val_loss: val_loss! } }),
  ],
  ['no network', () => ({ network: new Map() })],
  [
    'an array too many',
    ({ network }) => ({
      network: new Map([...network, ['more', { data: new Float32Array(1), shape: [1] }]]),
    }),
  ],
  [
    'an array of another type',
    ({ network }) => ({
      network: new Map([...network, ['optimizer', { data: new Float32Array(4), shape: [4] }]]),
    }),
  ],
  [
    'a short array',
    ({ network }) => ({
      network: new Map([...network, ['weights/0', { data: new Float32Array(8), shape: [8] }]]),
    }),
  ],
  ['a best epoch nobody asked for', () => ({ best: { epoch: 0, value: 1, weights: [] } })],
])('a checkpoint with %s is E_FORMAT, the model unchanged', async (_, change) => {
  const state = states[20];
  expect([state.epoch, state.position]).toEqual([3, 24]);
  const model = BASE.make();
  const hash = model.weightsHash();
  const resume = { ...state, ...change(state) };
  const { code } = await errorOf(() =>
    model.fit(BASE.inputs, BASE.labels, { ...QUIET, ...BASE.options, resume }),
  );
  expect(code).toBe('E_FORMAT');
  expect(model.weightsHash()).toBe(hash);
});
