import type { Labels } from './losses.ts';
import { expect, test, vi } from 'vitest';
import { CLASSES, errorOf, points, smallModel, WIDTH } from '../../test/support/models.ts';
import type { Callback } from './callbacks.ts';
import type { FitOptions } from './fitOptions.ts';
import { Conv2D, Dense, Dropout, Flatten, Input, type Layer, layersFrom, Rescaling } from './layers.ts';
import { toCategorical } from './losses.ts';
import { Adam, SGD } from './optimizers.ts';
import { Sequential } from './sequential.ts';

const QUIET = { verbose: 0 } as const;
const { inputs, labels } = points(20);
const any = (value: unknown): never => value as never;

test.each<[string, () => unknown, string]>([
  ['Adam(0.5)', () => Adam(any(0.5)), 'Adam: expected an object with learningRate, '],
  ['SGD(0.5)', () => SGD(any(0.5)), 'received the number 0.5.'],
  ['Adam(null)', () => Adam(any(null)), 'received null.'],
  ['a rate as text', () => Adam({ learningRate: any('0.1') }), "received the text '0.1'."],
  ['nesterov: 1', () => SGD({ nesterov: any(1) }), 'nesterov: true or false; received the number 1.'],
  ["'l2'", () => Dense(3, { kernelRegularizer: any('l2') }), "with l1, l2; received the text 'l2'."],
  ['{ L2 }', () => Dense(3, { kernelRegularizer: any({ L2: 0.1 }) }), "received 'L2' (nearest: "],
  ['activation: null', () => Dense(3, { activation: any(null) }), 'Unknown activation: '],
  ['initializer: null', () => Dense(3, { kernelInitializer: any(null) }), 'received null.'],
  ['Input(784)', () => Input(any(784)), 'such as [28, 28]; received the number 784.'],
  ['Input([28, NaN])', () => Input([28, NaN]), 'such as [28, 28]; received [28, NaN].'],
  ['a kernel of [3, Infinity]', () => Conv2D(3, [3, Infinity]), 'such as [3, 3]; received [3, Infinity].'],
  ['Dropout(null)', () => Dropout(any(null)), 'received null.'],
  ['Rescaling(text)', () => Rescaling(any('0.1')), "received the text '0.1'."],
  ['swish', () => Dense(3, { activation: 'swish' }), "received 'swish', which is called silu here."],
  ['gellu', () => Dense(3, { activation: 'gellu' }), "received 'gellu' (nearest: gelu)."],
  [
    'labels as text',
    () => toCategorical(any(['1', '2'])),
    "labels[0]: expected a number, the class; received the text '1'.",
  ],
  [
    'an activation without a parameter as an object',
    () => Dense(3, { activation: any({ name: 'relu' }) }),
    "Dense: expected 'relu' without a parameter; received an object with name.",
  ],
  [
    'sample weights of trainOnBatch',
    () => smallModel().trainOnBatch(inputs, labels, any(new Float32Array(20))),
    'trainOnBatch: expected inputs and labels; received a Float32Array.',
  ],
  [
    'predict: async: 1',
    () => smallModel().predict(inputs, any({ async: 1 })),
    'predict: expected async: true or false; received the number 1.',
  ],
  [
    'evaluate: async: null',
    () => smallModel().evaluate(inputs, labels, any({ async: null })),
    'evaluate: expected async: true or false; received null.',
  ],
  [
    'predict: signal: 5',
    () => smallModel().predict(inputs, any({ async: true, signal: 5 })),
    'predict: expected signal: an AbortSignal; received the number 5.',
  ],
  ['BigInt labels', () => toCategorical(any(BigInt64Array.of(1n))), 'received a BigInt64Array.'],
])('%s is E_ARGUMENT, not a default', async (_, use, words) => {
  const { code, message } = await errorOf(use);
  expect(code).toBe('E_ARGUMENT');
  expect(message).toContain(words);
});

test('a parametrized activation has Keras’ default where none is given, and no other parameter than its own', async () => {
  expect(Dense(1, { activation: { name: 'elu' } })).toEqual(Dense(1, { activation: 'elu' }));
  expect(Dense(1, { activation: { name: 'elu' } }).parameter).toBe(1);
  expect(Dense(1, { activation: { name: 'leakyRelu' } }).parameter).toBe(0.2);
  expect(Dense(1, { activation: any({ name: 'leaky_relu', negativeSlope: 0.3 }) }).parameter).toBe(0.3);
  const other = { name: 'elu', negativeSlope: 1 };
  expect((await errorOf(() => Dense(1, { activation: any(other) }))).code).toBe('E_ARGUMENT');
});

test.each<[string, unknown, string]>([
  ['metric', { metric: ['accuracy'] }, "received 'metric' (nearest: metrics)"],
  ['metrics as text', { metrics: 'accuracy' }, "such as ['accuracy']; received the text 'accuracy'."],
  ['acc', { metrics: ['acc'] }, "received 'acc', which is called accuracy here."],
  ['mse', { loss: 'mse' }, "received 'mse', which is called meanSquaredError here."],
  ['a BigInt as optimizer', { optimizer: 3n }, 'received the BigInt 3n.'],
  ['null as optimizer', { optimizer: null }, 'received null.'],
])('compile: %s is E_ARGUMENT', async (_, options, words) => {
  const own = { optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', ...(options as object) };
  const { code, message } = await errorOf(() => {
    smallModel().compile(own);
  });
  expect(code).toBe('E_ARGUMENT');
  expect(message).toContain(words);
});

test.each<[string, () => unknown, string]>([
  ['sed', () => new Sequential([Input([2]), Dense(2)], any({ sed: 5 })), "received 'sed' (nearest: seed)."],
  [
    'options that are a number',
    () => new Sequential([Input([2]), Dense(2)], any(5)),
    'received the number 5.',
  ],
  [
    'no array',
    () => new Sequential(any(Input([2]))),
    'expected an array of layers; received an object with type, shape.',
  ],
  [
    'a layer that is not called',
    () => new Sequential([Input([2]), any(Flatten), Dense(2)]),
    'Call it: Flatten(…).',
  ],
  ['a text', () => new Sequential([Input([2]), any('relu'), Dense(2)]), "received the text 'relu'."],
  [
    'an unknown layer',
    () => layersFrom([Input([2]), any({ type: 'Conv4D' }), Dense(2)]),
    "received 'Conv4D'",
  ],
  [
    'a layer as plain data',
    () => new Sequential([Input([2]), any({ ...Dropout(0.1) }), Dense(2)]),
    'Plain data become layers by layersFrom([…]).',
  ],
  [
    'a hole in the array',
    () => new Sequential(Object.assign(new Array<never>(3), { 0: Input([2]), 2: Dense(2) })),
    'layers[1]: expected a layer made by its function, such as Dense(10); received undefined.',
  ],
  ['an entry that is no layer', () => layersFrom([any(null)]), 'received null.'],
  [
    'a layer without its numbers',
    () => layersFrom([Input([2]), any({ type: 'Dropout' }), Dense(2)]),
    'received undefined.',
  ],
  [
    'a layer with a field too many',
    () => layersFrom([Input([2]), any({ ...Dropout(0.1), seed: 1 }), Dense(2)]),
    "received 'seed'.",
  ],
  ['an engine that is none', () => new Sequential([Input([2]), Dense(2)], { engine: any({}) }), 'engine'],
])('Sequential: %s is E_ARGUMENT', async (_, make, words) => {
  const { code, message } = await errorOf(make);
  expect(code).toBe('E_ARGUMENT');
  expect(message).toContain(words);
});

test('layers cannot be changed afterwards: an attempt is refused and the model keeps its own', () => {
  const layers: Layer[] = [Input([2]), Dense(3), Dense(2, { activation: 'softmax' })];
  const model = new Sequential(layers);
  expect(() => Object.assign(layers[1], { units: 99 })).toThrow(TypeError);
  expect((model.layers[1] as { units: number }).units).toBe(3);
});

test.each<[string, unknown, string]>([
  ['a number', 5, 'fit: expected an object with epochs, '],
  ['null', null, 'received null.'],
  ['an array', [], 'received an array.'],
  ['epochs as text', { epochs: '3' }, "received the text '3'."],
  ['averaging as text', { averaging: '0.5' }, "received the text '0.5'."],
  ['shuffle: 1', { shuffle: 1 }, 'shuffle: true or false'],
  ['verbose: true', { verbose: true }, 'verbose: 0, 1 or 2; received true.'],
  ['an unknown schedule', { schedule: 'cosinus' }, "received 'cosinus' (nearest: cosine)"],
  ['a schedule without numbers', { schedule: () => undefined }, 'a factor >= 0 at 0; received undefined.'],
  ['a signal that is none', { signal: {} }, 'signal: an AbortSignal'],
  [
    'restore_best_weights',
    { earlyStopping: { patience: 1, monitor: 'loss', restore_best_weights: true } },
    '(nearest: restoreBestWeights)',
  ],
  ['min_delta', { earlyStopping: { patience: 1, monitor: 'loss', min_delta: 1 } }, '(nearest: minDelta)'],
  ['earlyStopping: true', { earlyStopping: true }, 'received true.'],
  [
    'a sample weight below 0',
    { validationData: [inputs, labels, new Float32Array(20).fill(-1)] },
    'sampleWeight[0]: expected a finite float32 number >= 0, received -1.',
  ],
  ['inputs alone', { validationData: [inputs] }, 'received 1 entries.'],
  [
    'validationData that is a tensor',
    { validationData: inputs },
    '[inputs, labels, sampleWeight]; received an object with data, shape.',
  ],
  ['privacy: true', { privacy: true }, 'received true.'],
  ['noise', { privacy: { clip: 1, noise: 1 } }, "received 'noise'."],
  [
    'distillation by a number',
    { distillation: { teachers: 3, weight: 1 } },
    'an array of models; received the number 3.',
  ],
  ['a teacher that is none', { distillation: { teachers: [null], weight: 1 } }, 'received null.'],
  ['distortion', { distortion: 0.1 }, "received 'distortion'"],
  ['a checkpoint without save', { checkpoint: { everySeconds: 1 } }, 'save: a function; received undefined.'],
  ['a checkpoint every', { checkpoint: { every: 1, save: () => 0 } }, "received 'every'."],
  ['resume from a file', { resume: new Uint8Array(9) }, 'a FitState'],
  ['one callback alone', { callbacks: {} }, 'callbacks: an array of objects'],
  ['on_epoch_end', { callbacks: [{ on_epoch_end: () => 0 }] }, "'on_epoch_end' (nearest: onEpochEnd)."],
  ['a callback that is a function', { callbacks: [() => 0] }, 'received a function.'],
  [
    'a hook that is none',
    { callbacks: [{ onEpochEnd: 3 }] },
    'onEpochEnd: a function; received the number 3.',
  ],
])('fit: %s is E_ARGUMENT, the model unchanged', async (_, options, words) => {
  const model = smallModel();
  const hash = model.weightsHash();
  const { code, message } = await errorOf(() => model.fit(inputs, labels, options as FitOptions));
  expect(code).toBe('E_ARGUMENT');
  expect(message).toContain(words);
  expect(model.weightsHash()).toBe(hash);
});

test('a callback of a class may keep what it likes, but no hook that is never called', async () => {
  class Recorder implements Callback {
    losses: number[] = [];
    onEpochEnd(_: number, { loss }: { loss: number }): void {
      this.losses.push(loss);
    }
  }
  class Mistaken extends Recorder {
    onEpochEnds(): void {
      this.losses = [];
    }
  }
  const recorder = new Recorder();
  await smallModel().fit(inputs, labels, { ...QUIET, epochs: 2, callbacks: [recorder] });
  expect(recorder.losses.length).toBe(2);
  const mistaken = smallModel().fit(inputs, labels, { ...QUIET, callbacks: [new Mistaken()] });
  expect((await errorOf(() => mistaken)).message).toContain("'onEpochEnds' (nearest: onEpochEnd).");
});

test.each<[string, unknown, string, string]>([
  [
    'BigInt labels',
    { data: BigInt64Array.from({ length: 20 }, () => 1n), shape: [20] },
    'E_ARGUMENT',
    'received a BigInt64Array.',
  ],
  [
    'bare BigInt labels',
    BigInt64Array.from({ length: 20 }, () => 1n),
    'E_ARGUMENT',
    'received a BigInt64Array.',
  ],
  ['an array', Array.from({ length: 20 }, () => 1), 'E_ARGUMENT', 'received an array.'],
  ['null', null, 'E_ARGUMENT', 'received null.'],
  ['text', '0123', 'E_ARGUMENT', "received the text '0123'."],
  ['a shape that is none', { data: new Uint8Array(20), shape: 20 }, 'E_ARGUMENT', 'expected { data, shape }'],
  [
    'classes that do not exist',
    new Uint8Array(20).fill(3),
    'E_LABEL',
    'expected a class from 0 to 2, received 3.',
  ],
])('labels: %s is refused by its type', async (_, own, expected, words) => {
  for (const use of ['fit', 'evaluate', 'trainOnBatch'] as const) {
    const { code, message } = await errorOf(() => smallModel()[use](inputs, own as Uint8Array));
    expect(code).toBe(expected);
    expect(message).toContain(words);
  }
});

test.each([Uint8Array, Uint8ClampedArray, Int32Array, Float32Array, Float64Array])(
  'a bare %o of n labels is a tensor of shape [n]: the same bits, also for validation',
  async (type) => {
    const trained = async (own: Labels): Promise<unknown> => {
      const model = smallModel();
      const { history } = await model.fit(inputs, own, { ...QUIET, validationData: [inputs, own] });
      model.trainOnBatch(inputs, own);
      return [model.weightsHash(), history, model.evaluate(inputs, own)];
    };
    expect(await trained(type.from(labels.data))).toEqual(await trained(labels));
  },
);

test('clamped bytes are bytes: the same bits as of a Uint8Array, in every way in', async () => {
  const bytes = Uint8Array.from({ length: 20 * WIDTH }, (_, i) => (i % 3 === 0 ? 0 : (i * 41) % 256));
  const trained = async (data: Uint8Array | Uint8ClampedArray): Promise<unknown> => {
    const model = smallModel();
    await model.fit({ data, shape: [20, WIDTH] }, labels, QUIET);
    const answers = model.predict({ data, shape: [20, WIDTH] });
    expect(answers.shape).toEqual([20, CLASSES]);
    return [model.weightsHash(), answers];
  };
  expect(await trained(Uint8ClampedArray.from(bytes))).toEqual(await trained(bytes));
});

function digits(data: Uint8Array | Float32Array): { data: Uint8Array | Float32Array; shape: number[] } {
  return { data, shape: [data.length / 4, 4] };
}

test('inputs in 0 to 1 before Rescaling(1 / 255): one warning a model, and none for what is meant', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  try {
    const make = (...before: Layer[]): Sequential => {
      const model = new Sequential([Input([4]), ...before, Dense(2, { activation: 'softmax' })]);
      model.compile({ optimizer: 'sgd', loss: 'sparseCategoricalCrossentropy' });
      return model;
    };
    const own = Uint8Array.of(0, 1);
    const shares = digits(Float32Array.of(0, 0.5, 1, 0, 0.25, 0, 0, 1));
    const model = make(Rescaling(1 / 255));
    await model.fit(shares, own, QUIET);
    await model.fit(shares, own, QUIET);
    expect(warn.mock.calls).toEqual([
      [
        'fit: the inputs lie in 0 to 1, and Rescaling multiplies them by 0.00392: they become 0.0039 at most. Give the images as bytes from 0 to 255, or leave Rescaling out.',
      ],
    ]);
    await make(Rescaling(1 / 255)).fit(digits(Uint8Array.of(0, 1, 1, 0, 0, 1, 0, 1)), own, QUIET);
    expect(warn).toHaveBeenCalledTimes(2);
    await make(Rescaling(1 / 255)).fit(digits(Uint8Array.of(0, 255, 1, 0, 0, 1, 0, 1)), own, QUIET);
    await make(Rescaling(1 / 255)).fit(digits(Float32Array.of(0, 2, 1, 0, 0, 1, 0, 1)), own, QUIET);
    await make(Rescaling(1 / 255)).fit(digits(new Float32Array(8)), own, QUIET);
    await make(Rescaling(2, -1)).fit(shares, own, QUIET);
    await make().fit(shares, own, QUIET);
    expect(warn).toHaveBeenCalledTimes(2);
  } finally {
    warn.mockRestore();
  }
});
