import { expect, test } from 'vitest';
import { mostProbable } from '../analysis/mostProbable.ts';
import { errorOf } from '../../test/support/models.ts';
import { pixels } from '../../test/support/networks.ts';
import { classCounts, type Examples } from '../data/examples.ts';
import { UNIPEN_DIGITS } from '../data/unipen/drawnDigits.ts';
import { decodeFitState } from '../nn/fitState.ts';
import { decodeModel } from '../nn/saved.ts';
import { Random } from '../util/random.ts';
import { NUMERICS_VERSION } from './numerics.ts';
import { PAPER_RECIPE, type Recipe, type RecipeLayer, recipeOf } from './recipe.ts';
import { completeLayers } from './recipeLayers.ts';
import { runTrial, type TrialOptions, type TrialOutcome } from './trial.ts';
import { teachersOf, type TrialConfiguration, trialKey, versionsOf } from './trialConfiguration.ts';
import type { DataSource } from './trialData.ts';

/** Noise with a bright row where the label says. */
function digits(count: number, seed: number): Examples {
  const random = new Random(seed, 'digits');
  const { data } = pixels(count, 784, random);
  const labels = Uint8Array.from({ length: count }, () => random.integer(10));
  labels.forEach((label, s) =>
    data.fill(200, s * 784 + (2 * label + 4) * 28, s * 784 + (2 * label + 5) * 28),
  );
  return { images: { data, shape: [count, 28, 28] }, labels, classes: 10 };
}

const SOURCE: DataSource = { train: digits(90, 1), test: digits(40, 2) };
const SMALL: Recipe = { ...PAPER_RECIPE, units: [12, 8], epochs: 4, batchSize: 16, learningRate: 0.01 };

function configurationOf(
  change: Partial<Recipe> = {},
  rest: Partial<TrialConfiguration> = {},
): TrialConfiguration {
  const split = { kind: 'test' } as const;
  const recipe = recipeOf(SMALL, change);
  return { ...versionsOf(recipe), data: ['made up'], split, seed: 0, recipe, ...rest };
}

async function run(configuration: TrialConfiguration, options: TrialOptions = {}): Promise<TrialOutcome> {
  return runTrial(configuration, SOURCE, options);
}

/** All of an outcome but the time it took. */
function bits({ result, model, probabilities }: TrialOutcome): unknown {
  return { ...result, seconds: undefined, model: [...model], probabilities };
}

const SOFTMAX = { type: 'Dense', units: 10, activation: 'softmax' };
/** SMALL's network, layer by layer. */
const DENSE = completeLayers([
  { type: 'Input', shape: [28, 28] },
  { type: 'Rescaling', scale: 1 / 255 },
  { type: 'Flatten' },
  { type: 'Dense', units: 12, activation: 'relu' },
  { type: 'Dense', units: 8 },
  { type: 'Activation', activation: 'relu' },
  SOFTMAX,
]);
const EVERYTHING: RecipeLayer[] = completeLayers([
  { type: 'Input', shape: [28, 28, 1] },
  { type: 'Rescaling', scale: 1 / 255 },
  { type: 'Conv2D', filters: 3, kernelSize: 5, strides: 3, activation: 'elu' },
  { type: 'BatchNormalization' },
  { type: 'MaxPooling2D', poolSize: 2 },
  { type: 'DepthwiseConv2D', kernelSize: 2 },
  { type: 'Flatten' },
  { type: 'LayerNormalization' },
  { type: 'Dropout', rate: 0.2 },
  SOFTMAX,
]);

const RECIPES: Record<string, Partial<Recipe>> = {
  'layers of its own in a strong recipe': {
    layers: EVERYTHING,
    distortion: { rotation: 0.26, scale: 0.15, shear: 0.15, shift: 2.5, elastic: 1.2 },
    averaging: 0.9,
    schedule: 'cosine',
    labelSmoothing: 0.1,
    optimizer: 'adamW',
    clipnorm: 1,
  },
  'layers of its own, early stopping': {
    layers: EVERYTHING,
    earlyStopping: { monitor: 'val_accuracy', patience: 2 },
    epochs: 8,
  },
  'layers of its own, differential privacy': {
    layers: DENSE,
    privacy: { clip: 0.5, noiseMultiplier: 0.7 },
    batchSize: 20,
    epochs: 5,
  },
  'the paper’s, smaller': {},
  'dropout, L2, SGD with momentum': {
    dropout: 0.3,
    l2: 1e-4,
    optimizer: 'sgd',
    learningRate: 0.1,
    momentum: 0.9,
  },
  'everything of a strong recipe': {
    distortion: { rotation: 0.26, scale: 0.15, shear: 0.15, shift: 2.5, elastic: 1.2 },
    averaging: 0.9,
    schedule: 'cosine',
    labelSmoothing: 0.1,
  },
  'differential privacy': {
    privacy: { clip: 0.5, noiseMultiplier: 0.7 },
    batchSize: 20,
    averaging: 0.5,
    epochs: 5,
  },
  'early stopping': {
    earlyStopping: { monitor: 'val_accuracy', patience: 2 },
    epochs: 20,
    activation: 'tanh',
  },
};

test.each(Object.keys(RECIPES))(
  '%s: twice the same bits; from every checkpoint the same result, model and outputs but for the seconds',
  async (name) => {
    const configuration = configurationOf(RECIPES[name]);
    const files: Uint8Array[] = [];
    const whole = await run(configuration, {
      checkpoint: { everySeconds: 0, save: (file) => void files.push(file.slice()) },
    });
    expect(bits(await run(configuration))).toEqual(bits(whole));
    expect(files.length).toBeGreaterThanOrEqual(24);
    for (let k = 0; k < files.length; k += 3) {
      const resumed = await run(configuration, { resume: files[k] });
      expect(bits(resumed)).toEqual(bits(whole));
      const { seconds } = decodeFitState(files[k], 'f').extra as { seconds: number };
      expect(resumed.result.seconds).toBeGreaterThan(seconds);
    }
  },
);

test('the result: key, history of every epoch, a hash each, what the model gives on the test set, the model as a file', async () => {
  const configuration = configurationOf();
  const { result, model, probabilities } = await run(configuration);
  expect(result.key).toBe(trialKey(configuration));
  for (const values of [...Object.values(result.history), result.weightsHash]) expect(values).toHaveLength(4);
  const predicted = mostProbable(probabilities);
  const right = predicted.filter((p, s) => p === SOURCE.test.labels[s]).length;
  expect(result.testAccuracy).toBe(right / 40);
  expect(result.testAccuracy).toBe(result.history.val_accuracy[3]);
  expect(result.testLoss).toBe(result.history.val_loss[3]);
  const cells = result.confusionMatrix.flat();
  expect(cells.reduce((a, b) => a + b)).toBe(40);
  const decoded = decodeModel(model, 'model');
  expect(decoded.weightsHash()).toBe(result.weightsHash[3]);
  expect(decoded.predict(SOURCE.test.images)).toEqual(probabilities);
});

test('distillation: by the teachers’ files, twice and from every checkpoint the same bits; others than without, or by others', async () => {
  const teacher = async (seed: number) => (await run(configurationOf({}, { seed }))).model;
  const teachers = [await teacher(1), await teacher(2)];
  const configuration = configurationOf({ distillation: { teachers: [1, 2], weight: 0.5 } });
  const files: Uint8Array[] = [];
  const whole = await run(configuration, {
    teachers,
    checkpoint: { everySeconds: 0, save: (file) => void files.push(file.slice()) },
  });
  expect(bits(await run(configuration, { teachers }))).toEqual(bits(whole));
  for (let k = 0; k < files.length; k += 5) {
    expect(bits(await run(configuration, { teachers, resume: files[k] }))).toEqual(bits(whole));
  }
  const last = ({ result }: TrialOutcome) => result.weightsHash[3];
  expect(last(await run(configurationOf()))).not.toBe(last(whole));
  const others = [await teacher(3), await teacher(4)];
  expect(last(await run(configuration, { teachers: others }))).not.toBe(last(whole));
  await expect(run(configuration)).rejects.toThrow('0 teachers for a recipe with 2');
});

test('early stopping: the model and the test accuracy are those of the best epoch', async () => {
  const { result, model } = await run(configurationOf(RECIPES['early stopping']));
  const { val_accuracy } = result.history;
  const best = val_accuracy.indexOf(Math.max(...val_accuracy));
  expect(val_accuracy.length).toBe(Math.min(20, best + 3));
  expect(result.testAccuracy).toBe(val_accuracy[best]);
  expect(decodeModel(model, 'model').weightsHash()).toBe(result.weightsHash[best]);
});

test('the usual network, layer by layer: the same bits under another key, called after its activation', async () => {
  const [usual, own] = [configurationOf(), configurationOf({ layers: DENSE })];
  expect(trialKey(own)).not.toBe(trialKey(usual));
  const [a, b] = [await run(usual), await run(own)];
  expect(b.result.weightsHash).toEqual(a.result.weightsHash);
  expect(b.result.activation).toBe('relu');
});

test('layers of its own learn from teachers that have them too, and from reweighted images', async () => {
  const own = { layers: EVERYTHING, epochs: 2 };
  const { model: teacher, result } = await run(configurationOf(own, { seed: 1 }));
  expect(result.activation).toBe('convolutional');
  const taught = configurationOf({ ...own, distillation: { teachers: [1], weight: 0.5 } });
  const hashes = [
    await run(configurationOf(own)),
    await run(taught, { teachers: [teacher] }),
    await run(configurationOf({ ...own, reweighting: { students: 2 } })),
  ].map((outcome) => outcome.result.weightsHash[1]);
  expect(new Set(hashes).size).toBe(3);
});

test('a trial of another arithmetic of convolution, or of one that its network does not have, is not run', async () => {
  const layers = { layers: EVERYTHING };
  await expect(run(configurationOf(layers, { convolution: 1 }))).rejects.toThrow('convolution 1, this is 2');
  await expect(run(configurationOf({}, { convolution: 2 }))).rejects.toThrow('convolution 2, this is none');
});

const CHANGES: [string, Partial<Recipe>, 'weights' | 'key only'][] = [
  ['activation', { activation: 'tanh' }, 'weights'],
  ['units', { units: [12, 9] }, 'weights'],
  ['initializer', { initializer: 'heNormal' }, 'weights'],
  ['dropout', { dropout: 0.1 }, 'weights'],
  ['l2', { l2: 1e-4 }, 'weights'],
  ['optimizer', { optimizer: 'sgd' }, 'weights'],
  ['learningRate', { learningRate: 0.011 }, 'weights'],
  ['momentum', { momentum: 0.5 }, 'key only'],
  ['schedule', { schedule: 'linear' }, 'weights'],
  ['epochs', { epochs: 5 }, 'weights'],
  ['batchSize', { batchSize: 15 }, 'weights'],
  ['labelSmoothing', { labelSmoothing: 0.1 }, 'weights'],
  ['averaging', { averaging: 0.5 }, 'weights'],
  ['distortion', { distortion: { rotation: 0, scale: 0, shear: 0, shift: 1, elastic: 0 } }, 'weights'],
  ['earlyStopping', { earlyStopping: { monitor: 'val_loss', patience: 1000 } }, 'key only'],
];

/** Absent by default, so that older trials keep their keys. */
const OPTIONAL: typeof CHANGES = [
  ['reweighting', { reweighting: { students: 2 } }, 'weights'],
  ['layers', { layers: EVERYTHING }, 'weights'],
  ['adamW', { optimizer: 'adamW' }, 'weights'],
  ['rmsprop', { optimizer: 'rmsprop' }, 'weights'],
  ['adagrad', { optimizer: 'adagrad' }, 'weights'],
  ['lion', { optimizer: 'lion' }, 'weights'],
  ['weightDecay', { weightDecay: 0.1 }, 'weights'],
  ['clipnorm', { clipnorm: 0.001 }, 'weights'],
  ['globalClipnorm', { globalClipnorm: 0.001 }, 'weights'],
  ['clipvalue', { clipvalue: 0.001 }, 'weights'],
  ['nesterov', { optimizer: 'sgd', momentum: 0.5, nesterov: true }, 'weights'],
  ['beta1', { beta1: 0.8 }, 'weights'],
  ['beta2', { beta2: 0.9 }, 'weights'],
  ['rho', { optimizer: 'rmsprop', rho: 0.5 }, 'weights'],
];

const PRIVATE = { privacy: { clip: 1, noiseMultiplier: 1 } };

test.each<[string, Partial<Recipe>]>([
  ['without', {}],
  ['another clip', { privacy: { clip: 0.5, noiseMultiplier: 1 } }],
  ['more noise', { privacy: { clip: 1, noiseMultiplier: 1.1 } }],
])('privacy, %s: another key, other weights', async (_, change) => {
  const [a, b] = [configurationOf(PRIVATE), configurationOf(change)];
  expect(trialKey(a)).not.toBe(trialKey(b));
  const hashes = [await run(a), await run(b)].map(({ result }) => result.weightsHash.at(-1));
  expect(hashes[0]).not.toBe(hashes[1]);
});

test('every field of a recipe is tried below', () => {
  expect(CHANGES.map(([name]) => name).sort()).toEqual(Object.keys(PAPER_RECIPE).sort());
});

test.each([...CHANGES, ...OPTIONAL])('%s: %j changes the key, and the %s', async (_, change, what) => {
  const [plain, changed] = [configurationOf(), configurationOf(change)];
  expect(trialKey(changed)).not.toBe(trialKey(plain));
  const [a, b] = [await run(plain), await run(changed)];
  const same = a.result.weightsHash.at(-1) === b.result.weightsHash.at(-1);
  expect(same).toBe(what === 'key only');
});

test.each<[string, Partial<TrialConfiguration>]>([
  ['seed', { seed: 1 }],
  ['split', { split: { kind: 'fold', groups: 'images', folds: 3, repeat: 0, fold: 0 } }],
  ['half', { split: { kind: 'half' } }],
  ['fold', { split: { kind: 'fold', groups: 'images', folds: 3, repeat: 0, fold: 1 } }],
])('another %s changes key and weights', async (_, change) => {
  const [plain, changed] = [configurationOf(), configurationOf({}, change)];
  expect(trialKey(changed)).not.toBe(trialKey(plain));
  const [a, b] = [await run(plain), await run(changed)];
  expect(a.result.weightsHash.at(-1)).not.toBe(b.result.weightsHash.at(-1));
});

test('the key of data or arithmetic of another kind is another; a trial of other arithmetic is not run', async () => {
  const keys = [{}, { data: ['other'] }, { data: [] }, { numerics: NUMERICS_VERSION + 1 }].map((change) =>
    trialKey(configurationOf({}, change)),
  );
  expect(new Set(keys).size).toBe(4);
  await expect(run(configurationOf({}, { numerics: NUMERICS_VERSION + 1 }))).rejects.toThrow('numerics');
});

test('a checkpoint of another trial, cut or changed is E_FORMAT', async () => {
  const files: Uint8Array[] = [];
  const save = (file: Uint8Array): void => void files.push(file.slice());
  await run(configurationOf(), { checkpoint: { everySeconds: 0, save } });
  const file = files[10];
  const refused = async (resume: Uint8Array, configuration = configurationOf()): Promise<string> =>
    (await errorOf(() => run(configuration, { resume }))).code;
  expect(await refused(file, configurationOf({ learningRate: 0.02 }))).toBe('E_FORMAT');
  expect(await refused(file, configurationOf({}, { seed: 1 }))).toBe('E_FORMAT');
  expect(await refused(file, configurationOf({}, { data: ['other'] }))).toBe('E_FORMAT');
  expect(await refused(file.subarray(0, file.length - 4))).toBe('E_FORMAT');
  expect(await refused(new Uint8Array(0))).toBe('E_FORMAT');
  const flipped = file.slice();
  flipped[flipped.length - 9] ^= 1;
  expect(await refused(flipped)).toBe('E_FORMAT');
});

/** A bright column at the place that the class says, in noise; any shape and number of classes. */
function columns(count: number, seed: number, shape: readonly number[], classes: number): Examples {
  const random = new Random(seed, 'columns');
  const [rows, width, channels = 1] = shape;
  const size = rows * width * channels;
  const { data } = pixels(count, size, random);
  const labels = Uint8Array.from({ length: count }, (_, i) => i % classes);
  labels.forEach((label, s) => {
    for (let r = 0; r < rows; r++) data[s * size + (r * width + (label % width)) * channels] = 255;
  });
  return { images: { data, shape: [count, ...shape] }, labels, classes };
}

test.each([
  [[20, 24, 3], 12],
  [[9, 14], 3],
  [[5, 40, 1], 37],
])(
  'images of the shape %j in %d classes: networks, hold-out, distortion, early stopping and results are theirs',
  async (shape, classes) => {
    const source = { train: columns(400, 1, shape, classes), test: columns(120, 2, shape, classes) };
    const distortion = { rotation: 0.1, scale: 0.05, shear: 0, shift: 0.3, elastic: 0.2 };
    const earlyStopping = { monitor: 'val_loss', patience: 1 } as const;
    const configuration = configurationOf(
      { units: [20], distortion, earlyStopping },
      { split: { kind: 'holdout' }, data: ['of its own'] },
    );
    const { result, model, probabilities } = await runTrial(configuration, source);
    expect(probabilities.shape).toEqual([120, classes]);
    expect(result.confusionMatrix.map((row) => row.reduce((a, b) => a + b))).toEqual(
      classCounts(source.test),
    );
    expect(result.history.val_loss).toHaveLength(result.weightsHash.length);
    const decoded = decodeModel(model, 'model');
    expect([decoded.outputs, decoded.inputShape.slice(0, 2)]).toEqual([classes, shape.slice(0, 2)]);
    decoded.dispose();
    const again = await runTrial(configuration, source);
    expect(again.result.weightsHash).toEqual(result.weightsHash);
  },
);

const DRAWN = digits(30, 3);

test('further images train as if they stood at the end of the training images (to the bit), under a key with their sums; reweighting and distillation go with them', async () => {
  const extra = { 'unipen-digits': DRAWN };
  const named = { extraData: ['unipen-digits'] } satisfies Partial<Recipe>;
  const hash = ({ result }: TrialOutcome) => result.weightsHash;
  const both = {
    images: { data: Uint8Array.of(...SOURCE.train.images.data, ...DRAWN.images.data), shape: [120, 28, 28] },
    labels: Uint8Array.of(...SOURCE.train.labels, ...DRAWN.labels),
    classes: 10,
  };
  const with30 = await runTrial(configurationOf(named), { ...SOURCE, extra });
  expect(hash(with30)).toEqual(hash(await runTrial(configurationOf(), { ...SOURCE, train: both })));
  expect(trialKey(configurationOf(named))).not.toBe(trialKey(configurationOf()));
  expect(configurationOf(named).extraData).toEqual(UNIPEN_DIGITS.identity);
  expect(configurationOf()).not.toHaveProperty('extraData');
  const weighted = { ...named, reweighting: { students: 2 } };
  const first = hash(await runTrial(configurationOf(weighted), { ...SOURCE, extra }));
  expect(first).not.toEqual(hash(with30));
  const taught = configurationOf({ ...named, distillation: { teachers: [1], weight: 0.5 } });
  // The teacher has the same recipe, so it learns from the same images.
  expect(teachersOf(taught)).toEqual([trialKey(configurationOf(named, { seed: 1 }))]);
  const { model } = await runTrial(configurationOf(named, { seed: 1 }), { ...SOURCE, extra });
  const pupil = await runTrial(taught, { ...SOURCE, extra }, { teachers: [model] });
  expect(hash(pupil)).not.toEqual(hash(with30));
});

test('a trial whose further images are not at hand, or are others by now, is not run', async () => {
  const named = { extraData: ['unipen-digits'] } satisfies Partial<Recipe>;
  await expect(run(configurationOf(named))).rejects.toThrow(
    /extraData: expected the images of unipen-digits as source\.extra\['unipen-digits'\]/,
  );
  await expect(run(configurationOf(named, { extraData: ['older'] }))).rejects.toThrow('further images older');
});
