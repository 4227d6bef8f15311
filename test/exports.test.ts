import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode } from 'fast-png';
import { expect, test } from 'vitest';
import { RULES } from '../src/engine/rules/rules.ts';
import * as dactyl from '../src/index.ts';
import { subjectOf } from './support/evaluations.ts';
import { smallModel } from './support/models.ts';

/** An argument that is an options object: a key that it does not know is refused. */
class Options {
  readonly value: object;
  constructor(value: object) {
    this.value = value;
  }
}

/** An argument of any kind: whatever is given, there is no error but a `DactylError`. */
const ANYTHING = Symbol('anything');

const options = (value: object): Options => new Options(value);
const numbers = [0.1, 0.3, -0.2, 0.4, 0.2];
const others = [0.2, 0.1, 0.4, 0.3, 0.1];
const pixels = Uint8Array.from({ length: 12 * 784 }, (_, i) => (i * 37) % 256);
const images = { data: pixels, shape: [12, 28, 28] };
const labels = Uint8Array.from({ length: 12 }, (_, i) => i % 10);
const dataset = { images, labels, classes: 10 };
const data = { train: dataset, test: dataset };
const subject = await subjectOf('constant', data);
const { model } = subject;
const subjects = [subject];
const target = { classes: labels };
const reader = { name: 'a', hash: '', model, temperature: 1, sureFrom: 0.9 };
const probabilities = model.predict(images).data;
const predictions = { probabilities, labels, classes: 10 };
const top = dactyl.topLabel(predictions);
const bins = dactyl.reliabilityDiagram(top);
const uniforms = new Float64Array(12).fill(0.5);
const halves = [0, 1, 2, 3, 4].map(() => [0.1, 0.2]);
const random = new dactyl.Random(1, 'test');
const counts = Array.from({ length: 10 }, () => new Array<number>(10).fill(1));
const table = dactyl.parsePredictions('label,predicted\n1,1\n2,1\n1,2\n', 'a.csv');
const study = { name: 'a', question: 'b?', arms: { relu: {}, tanh: { activation: 'tanh' } }, seeds: 2 };
const search = {
  name: 'a',
  question: 'b?',
  arms: { relu: {} },
  space: { learningRate: { kind: 'uniform', from: 1e-4, to: 1e-2 } },
  configurations: 4,
  rungs: [1, 2],
};
const resolved = dactyl.resolveStudy(study);
const searched = dactyl.resolveTuning(search as Parameters<typeof dactyl.resolveTuning>[0]);
const work = options({});
const state = {
  run: '',
  epoch: 0,
  position: 0,
  lossSum: 0,
  correct: 0,
  order: Uint32Array.of(0),
  shuffle: Uint32Array.of(1, 2, 3, 4),
  history: {},
  network: new Map(),
};

const observations = dactyl.driftObservations(
  Uint8Array.from({ length: 100 * 784 }, (_, i) => (i * 37) % 251),
  [28, 28],
  { probabilities: new Float64Array(1000).fill(0.1), none: new Float64Array(100), classes: 10 },
);

const TABLE = `label,a,b,c,d\n${Array.from({ length: 20 }, (_, k) => `${k % 2},${k},255,3,4`).join('\n')}`;

const ONE_PIXEL = encode({ width: 1, height: 1, depth: 8, channels: 1, data: Uint8Array.of(7) });

/** Arguments that each exported function takes. */
const ARGUMENTS: Record<string, unknown[]> = {
  ...Object.fromEntries(Object.values(RULES).map(({ builder }) => [builder, [options({})]])),
  AUC: [],
  Accuracy: [],
  Activation: ['relu', options({})],
  BalancedAccuracy: [],
  CSVLogger: ['log.csv', options({})],
  DactylError: [ANYTHING, ANYTHING, ANYTHING],
  AveragePooling2D: [2, options({})],
  MaxPooling2D: [2, options({})],
  Conv2D: [2, 3, options({})],
  DepthwiseConv2D: [3, options({})],
  GlobalAveragePooling2D: [options({})],
  BatchNormalization: [options({})],
  LayerNormalization: [options({})],
  Dense: [2, options({})],
  Dropout: [0.5, options({})],
  F1Score: [options({})],
  Flatten: [options({})],
  History: [],
  Input: [[2], options({})],
  MeanAbsoluteError: [],
  MeanSquaredError: [],
  ModelCheckpoint: ['model.safetensors', options({})],
  Precision: [options({})],
  Random: [1, 'purpose'],
  RandomDistortion: [options({ rotation: 0, scale: 0, shear: 0, shift: 0, elastic: 0 }), options({})],
  Recall: [options({})],
  ReduceLROnPlateau: [options({})],
  Rescaling: [1, 0, options({})],
  Reshape: [[1], options({})],
  RootMeanSquaredError: [],
  Sequential: [[dactyl.Input([2]), dactyl.Dense(2)], options({})],
  TensorBoard: [options({})],
  TopKAccuracy: [5],
  adversarialMeasures: [{ subjects: [], settings: {} }],
  alignPredictions: [[table]],
  alpaydinF: [halves],
  anytimeHalfWidth: [5, options({})],
  anytimeInterval: [numbers, options({})],
  bytesFile: ['a.csv', new Uint8Array(0)],
  apsScores: [probabilities, 10, uniforms, () => 0],
  baselineImages: ['blank', images, new Float32Array(784)],
  bestStudy: [{ tuning: searched, arms: [] }],
  bootstrap: [numbers, dactyl.mean, options({ random, resamples: 100 })],
  brierScore: [predictions],
  chanceCalibrationError: [top, options({ random, resamples: 10 })],
  classificationReport: [labels, labels, options({})],
  clopperPearson: [1, 5, 0.9],
  confidentLearning: [predictions],
  conformalQuantile: [uniforms, 0.1],
  confusionMatrix: [labels, labels, 10],
  corruptImages: [pixels, dactyl.CORRUPTIONS[0], options({ level: 0, seed: 1 })],
  cosineDecay: [options({})],
  countSets: [
    dactyl.lacScores(probabilities),
    { labels, classes: 10, groups: new Uint8Array(12) },
    () => 0.5,
    1,
  ],
  counterfactuals: [model, images],
  createLocalExecutor: [data, 1, { folder: tmpdir(), everySeconds: 1 }, 1],
  createWasmEngine: [(kernels: unknown) => kernels],
  crossedBootstrap: [
    [Uint8Array.of(0, 1, 1, 0), Uint8Array.of(1, 1, 1, 0)],
    [Uint8Array.of(0, 1, 1, 0), Uint8Array.of(1, 0, 1, 0)],
    options({ random, resamples: 100 }),
  ],
  dataIdentity: [data, () => ''],
  dataSet: [options({ name: 'a', ...data }), () => ''],
  debiasedSquaredError: [bins],
  decodeFitState: [dactyl.encodeFitState(state), 'file'],
  decodeModel: [dactyl.encodeModel(smallModel()), 'file', options({})],
  dietterichT: [halves, options({})],
  driftObservations: [
    pixels,
    [28, 28],
    { probabilities: new Float64Array(120).fill(0.1), none: new Float64Array(12), classes: 10 },
  ],
  driftProfile: [observations, 10],
  effectSize: [numbers, 0.9],
  encodeFitState: [state, ANYTHING],
  encodeModel: [model],
  encodeReader: [model, options({ name: 'a', temperature: 1, sureFrom: 0.9 })],
  equalMassDiagram: [top, 5],
  estimateError: [{ count: 2, confidence: 1.5, right: 1 }],
  estimatedAccuracy: [observations],
  expectedCalibrationError: [bins],
  expectedCost: [[counts], counts, 1],
  exponentialDecay: [options({ rate: 0.5, every: 10 })],
  faithfulness: [model, images, labels, new Float32Array(12 * 784), options({ steps: 2 })],
  firstDecision: [numbers, 0.1, options({})],
  fitTemperature: [Float64Array.from(probabilities, (p) => 3 * p), labels, 10],
  gradient: [model, images, target],
  gradientTimesInput: [model, images, target],
  hiddenUnits: [model, images, labels, options({})],
  holm: [[0.1, 0.2]],
  integratedGradients: [model, images, target, options({ baseline: images, steps: 2 })],
  judgePredictions: [dactyl.alignPredictions([table]), options({})],
  labelScores: [predictions, 'selfConfidence'],
  lacScores: [probabilities],
  layerOutputs: [model, images, 'dense'],
  layersFrom: [[{ type: 'Flatten' }]],
  layerwiseRelevance: [model, images, target, options({ rule: 'epsilon', epsilon: 0.1 })],
  linearDecay: [options({})],
  loadDataset: [new TextEncoder().encode(TABLE), options({})],
  loadMnist: [options({})],
  loadModel: [join(tmpdir(), 'none.safetensors')],
  loadPicture: [ONE_PIXEL],
  logLoss: [predictions],
  mcnemar: [3, 4],
  mean: [numbers],
  meanImage: [dataset],
  measureAdversarial: [subjects, data, options({ quick: true }), work],
  measureAnswers: [subjects, dataset, work],
  measureCalibration: [subjects, data, options({ quick: true }), work],
  measureDrift: [observations, dactyl.driftProfile(observations, 10)],
  measureDrawings: [
    subjects,
    data,
    { ...dataset, writers: new Uint16Array(12), sources: new Uint8Array(12), sourceNames: [''] },
    options({ quick: true }),
    work,
  ],
  measureEquity: [subjects, data, options({ quick: true }), work],
  measureExplanations: [subject, data, options({ quick: true }), work],
  measureLabelErrors: [subjects, data, options({}), work],
  measureMembership: [[], dataset, work],
  measurePrivacy: [subjects, data, options({ quick: true }), work],
  measureRobustness: [subjects, data, options({ quick: true }), work],
  measureSensitivity: [subjects, data, options({ quick: true }), work],
  measureUntouched: [
    subjects,
    data,
    { ...dataset, writers: new Uint16Array(12) },
    options({ quick: true }),
    work,
  ],
  membershipTrial: [subject, data, Uint32Array.of(0, 1)],
  mondrianQuantiles: [uniforms, { categories: new Uint8Array(12), count: 1 }, 0.1],
  nadeauBengio: [numbers, { trainSize: 10, testSize: 5 }, options({})],
  nearestTraining: [model, images, images, 2],
  occlusion: [model, images, target, options({ side: 14, stride: 14 })],
  pairedAnswers: [Uint8Array.of(0, 1), Uint8Array.of(1, 1)],
  pairedDifferences: [numbers, others],
  pairedPermutation: [numbers, options({})],
  pairedSuperiority: [numbers, 0.9],
  pairedT: [numbers, options({})],
  parameterImportance: [[{ levels: null, values: numbers }], others, 1, work],
  parsePredictions: ['label,predicted\n1,1\n2,1\n', 'file'],
  parseStudy: [JSON.stringify(study), 'file'],
  parseTuning: [JSON.stringify(search), 'file', false],
  piecewise: [options({ boundaries: [10], factors: [1, 0.1] })],
  placeAgainstRope: [{ low: 0, high: 1 }, 0.5],
  priceOfPrivacy: [[]],
  privacyRunsOf: [{ study: resolved, trials: [], data: {} }],
  privacySpent: [options({ rate: 0.1, noiseMultiplier: 1, steps: 10 }), options({})],
  quantile: [numbers, 0.5],
  rankByScore: [uniforms],
  rapsScores: [probabilities, 10, uniforms, options({ lambda: 0.1, k: 1 })],
  readDataSet: [[dactyl.bytesFile('a.csv', new TextEncoder().encode(TABLE))], options({}), {}],
  readDigits: [{ data: new Uint8Array(4), rows: 2, columns: 2, channels: 1 }, reader, options({})],
  readIdx: [Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 1, 7), 'file'],
  readIdxImages: [Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 7), 'file'],
  readIdxLabels: [Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 1, 7), 'file'],
  readStrokes: [[[0, 0, 1, 1]], reader, options({})],
  readerOf: [dactyl.encodeModel(model), options({})],
  reliabilityDiagram: [top, 5],
  resolveStudy: [options(study)],
  resolveTuning: [options(search)],
  riskCoverage: [top, 5],
  riskThreshold: [top, uniforms, options({ wanted: 0.1, delta: 0.1 })],
  robustnessMeasures: [{ reference: {}, subjects: [] }],
  runStudy: [options(study), options({})],
  runTuning: [options(search), options({})],
  saveModel: [model, join(tmpdir(), 'none', 'none.safetensors')],
  shippedReader: [],
  seedsForEquivalence: [0.1, options({ sd: 0.1 })],
  seedsForSuperiority: [options({ sd: 0.1, difference: 0.1 })],
  sensitivityMeasures: [{ subjects: [] }],
  smoothGrad: [model, images, target, options({ samples: 1 })],
  softmax: [[1, 2, 3, 4], 2, 1],
  standardDeviation: [numbers],
  stepDecay: [options({ factor: 0.5, every: 10 })],
  strokeMeasures: [pixels],
  studentCdf: [1, 3],
  studentInterval: [numbers, 0.9],
  studentQuantile: [0.9, 3],
  studyHash: [resolved],
  superiority: [numbers, others, 0.9],
  tTestPower: [5, options({ sd: 0.1, difference: 0.1 })],
  toCategorical: [labels, 10],
  topLabel: [predictions],
  tost: [numbers, 0.1, 0.05],
  tostPower: [5, 0.1, options({ sd: 0.1 })],
  trainedRows: [resolved.arms[0], data],
  tuneRaps: [predictions, uniforms, 0.1],
  tuningHash: [searched],
  twoSamplePermutation: [numbers, others, options({})],
  welch: [numbers, others, options({})],
  wilcoxon: [numbers, 'two-sided'],
  wilson: [1, 5, 0.9],
};

const FUNCTIONS = Object.entries(dactyl).filter(([, value]) => typeof value === 'function') as [
  string,
  (...values: unknown[]) => unknown,
][];

/** Of a valid argument, what another one has to be as well to be taken for it. */
function kindOf(value: unknown): string {
  if (value instanceof Options) return 'object';
  if (Array.isArray(value) || ArrayBuffer.isView(value)) return 'array';
  return typeof value;
}

const JUNK: unknown[] = [null, 5, 'text', [], { unknownKey: 1 }];

async function outcome(name: string, values: readonly unknown[]): Promise<unknown> {
  const plain = values.map((value) =>
    value instanceof Options ? value.value : value === ANYTHING ? undefined : value,
  );
  const use = dactyl[name as keyof typeof dactyl] as unknown as { new (...values: unknown[]): object } & ((
    ...values: unknown[]
  ) => unknown);
  try {
    await (/^[A-Z]/.test(name) && String(use).startsWith('class') ? new use(...plain) : use(...plain));
    return 'a result';
  } catch (error) {
    return error instanceof dactyl.DactylError ? 'a DactylError' : error;
  }
}

test('every exported function is walked', () => {
  expect(FUNCTIONS.map(([name]) => name).sort()).toEqual(Object.keys(ARGUMENTS).sort());
});

/** Where null is an argument, too: no random numbers. */
const NULLABLE: Record<string, number> = { apsScores: 2, rapsScores: 2 };
/** Another text would be another file. */
const WRITES = ['saveModel'];

test.each(Object.keys(ARGUMENTS))(
  '%s: null, a number, text, an array or an unknown key is a DactylError',
  async (name) => {
    const values = ARGUMENTS[name];
    for (const [position, valid] of values.entries()) {
      if (valid === ANYTHING) continue;
      for (const junk of JUNK) {
        const fits = junk === null ? NULLABLE[name] === position : kindOf(junk) === kindOf(valid);
        if (fits && WRITES.includes(name)) continue;
        const received = await outcome(name, values.with(position, junk));
        if (fits && received === 'a result') continue;
        expect(received, `${name}, argument ${position}: ${JSON.stringify(junk)}`).toBe('a DactylError');
      }
      if (!(valid instanceof Options)) continue;
      const more = values.with(position, { ...valid.value, unknownKey: 1 });
      expect(await outcome(name, more), `${name}, argument ${position}: an unknown key`).toBe(
        'a DactylError',
      );
    }
  },
);
