/**
 * The longest that events waited while `fit` or a promised form ran: milliseconds of processor time of the thread between two of them. Each case in a process of its own.
 * `node bench/turns.ts [NAME …]`: those whose names begin so.
 */
import { execFileSync } from 'node:child_process';
import * as nn from '../src/nn.ts';
import type { Layer, Sequential } from '../src/nn.ts';
import { Random } from '../src/util/random.ts';

const { AUC, Conv2D, Dense, Dropout, Flatten, GlobalAveragePooling2D, Input, MaxPooling2D, Rescaling } = nn;
const { Activation, AveragePooling2D, BatchNormalization, DepthwiseConv2D, LayerNormalization } = nn;

type Watched = () => Promise<unknown>;

interface Case {
  readonly threads?: true;
  /** Makes ready; what it returns is watched. */
  readonly prepare: (threads: number) => Watched | Promise<Watched>;
}

/** `zeros`: a share. */
function images(count: number, shape: readonly number[], zeros = 0): nn.Tensor<Uint8Array> {
  const random = new Random(1, 'inputs');
  const data = new Uint8Array(count * shape.reduce((a, b) => a * b));
  for (let i = 0; i < data.length; i++) if (random.uniform() >= zeros) data[i] = 1 + random.integer(255);
  return { data, shape: [count, ...shape] };
}

const classes = (count: number, kinds = 10): nn.Tensor<Int32Array> => ({
  data: new Int32Array(count).map((_, s) => s % kinds),
  shape: [count],
});

function modelOf(
  shape: readonly number[],
  layers: readonly Layer[],
  compiled: Partial<Parameters<Sequential['compile']>[0]> = {},
): Sequential {
  const model = new nn.Sequential([Input(shape), Rescaling(1 / 255), ...layers], { seed: 1 });
  model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', ...compiled });
  return model;
}

const softmax = (units = 10): Layer => Dense(units, { activation: 'softmax' });
const relu = (units: number, more: object = {}): Layer => Dense(units, { activation: 'relu', ...more });
const several = (count: number, layer: () => Layer): Layer[] => Array.from({ length: count }, layer);

/** Two epochs of two steps of so many rows. */
function steps(rows: number, shape: readonly number[], layers: () => Layer[], options: object = {}): Case {
  return {
    threads: true,
    prepare: (threads) => {
      const model = modelOf(shape, [...layers(), softmax()]);
      const [x, y] = [images(2 * rows, shape, 0.8), classes(2 * rows)];
      return () => model.fit(x, y, { batchSize: rows, epochs: 2, verbose: 0, threads, ...options });
    },
  };
}

function atOnce(rows: number, zeros = 0): Case {
  return {
    prepare: () => {
      const model = modelOf([20], [relu(32), softmax()]);
      const [x, y] = [images(rows, [20], zeros), classes(rows)];
      return () => model.fit(x, y, { epochs: 2, batchSize: rows, verbose: 0 });
    },
  };
}

/** Of 64 rows. */
function wide(width: number, layers: () => Layer[], options: object = {}, compiled = {}): Case {
  return {
    prepare: () => {
      const model = modelOf([width], [...layers(), softmax()], compiled);
      const x = images(64, [width]);
      return () => model.fit(x, classes(64), { batchSize: 64, epochs: 2, verbose: 0, ...options });
    },
  };
}

const KERAS = (): Layer[] => [
  ...[Conv2D(32, 3, { activation: 'relu' }), MaxPooling2D()],
  ...[Conv2D(64, 3, { activation: 'relu' }), MaxPooling2D(), Flatten(), Dropout(0.5)],
];
const LARGE = (): Layer[] => [
  ...[Conv2D(64, 5, { activation: 'relu' }), Conv2D(64, 5, { activation: 'relu' })],
  ...[GlobalAveragePooling2D(), softmax()],
];
const VGG = (): Layer[] => [
  ...[Conv2D(64, 3, { activation: 'relu', padding: 'same' }), BatchNormalization()],
  ...[Conv2D(64, 3, { activation: 'relu', padding: 'same' }), MaxPooling2D()],
  ...[GlobalAveragePooling2D(), softmax()],
];

/** Two steps of one image each, to ten classes. */
const one = (shape: readonly number[], layers: () => Layer[]): Case => ({
  prepare: () => {
    const model = modelOf(shape, [...layers(), GlobalAveragePooling2D(), softmax()]);
    const [x, y] = [images(2, shape), classes(2)];
    return () => model.fit(x, y, { epochs: 1, batchSize: 1, verbose: 0 });
  },
});

/** The same, to as many numbers as it has. */
const decoded = (shape: readonly number[], layers: () => Layer[], loss: nn.CompileOptions['loss']): Case => ({
  prepare: () => {
    const model = modelOf(shape, layers(), { loss });
    const x = images(2, shape);
    // `Float32Array.from` leaves a list behind whose collection takes 40 ms.
    const y = { data: new Float32Array(x.data).map((value) => value / 255), shape: x.shape };
    return () => model.fit(x, y, { epochs: 1, batchSize: 1, verbose: 0 });
  },
});

/** Two rows of eight values to as many outputs. */
function wideOutput(
  outputs: number,
  activation: string,
  kind: 'classes' | 'labels' | 'values',
  metrics: nn.MetricOption[] = [],
): Case {
  const losses = {
    classes: { name: 'sparseCategoricalCrossentropy', fromLogits: activation === 'linear' } as const,
    labels: 'binaryCrossentropy',
    values: 'meanSquaredError',
  };
  return {
    prepare: () => {
      const model = modelOf([8], [Dense(outputs, { activation })], { loss: losses[kind], metrics });
      const values = { data: new Float32Array(2 * outputs).map((_, i) => i % 2), shape: [2, outputs] };
      const y = kind === 'classes' ? classes(2, outputs) : values;
      return () => model.fit(images(2, [8]), y, { epochs: 2, batchSize: 1, verbose: 0 });
    },
  };
}

const CASES: Readonly<Record<string, Case>> = {
  '1,024 rows of Keras’ example': steps(1024, [28, 28, 1], KERAS),
  '4,096 rows of it': steps(4096, [28, 28, 1], KERAS),
  '12,000 rows of it': steps(12_000, [28, 28, 1], KERAS),
  '12,000 rows of two convolutions, one with pooling': steps(12_000, [28, 28, 1], () => [
    ...[Conv2D(10, 3), Conv2D(10, 3, { activation: 'tanh' }), MaxPooling2D(), Flatten()],
  ]),
  '1,024 images of 14 × 14 × 32 through six kinds of layers': steps(1024, [14, 14, 32], () => [
    ...[Conv2D(32, 3, { padding: 'same' }), BatchNormalization(), DepthwiseConv2D(3), LayerNormalization()],
    ...[MaxPooling2D(), Dropout(0.3), Flatten()],
  ]),
  '4,096 images of 28 × 28 through eight layers': steps(4096, [28, 28, 1], () => [
    ...[Conv2D(10, 3), BatchNormalization(), Conv2D(10, 3, { activation: 'tanh' }), LayerNormalization()],
    ...[Conv2D(10, 3, { padding: 'same' }), Dropout(0.3), MaxPooling2D(), Flatten()],
  ]),
  '1,024 rows of three layers of 2,048 units': steps(1024, [784], () => several(3, () => relu(2048))),
  '16,384 sparse rows of two layers': steps(16_384, [784], () => [relu(512), relu(256)]),
  '60,000 sparse rows of two layers': steps(60_000, [784], () => [relu(500), relu(333)]),
  'early stopping of 5.8 million weights': steps(512, [784], () => several(2, () => relu(2048)), {
    validationSplit: 0.1,
    earlyStopping: { patience: 3, restoreBestWeights: true },
  }),
  '60,000 rows in memory that another model used': {
    prepare: async () => {
      const make = (): Sequential => modelOf([784], [relu(128), softmax()]);
      const x = images(60_000, [784], 0.8);
      const options = { batchSize: 60_000, epochs: 1, verbose: 0 } as const;
      const [first, second] = [make(), make()];
      await first.fit(x, classes(60_000), options);
      first.dispose();
      return () => second.fit(x, classes(60_000), options);
    },
  },
  '40,000 rows of 1,024 units': steps(40_000, [32], () => [relu(1024)]),
  'metrics of 20,000 rows of 1,003 classes': {
    prepare: () => {
      const model = modelOf([16], [softmax(1003)], { metrics: ['accuracy', 'topKAccuracy'] });
      const [x, y] = [images(20_000, [16]), classes(20_000, 1003)];
      return () => model.fit(x, y, { batchSize: 20_000, epochs: 1, verbose: 0 });
    },
  },
  'a teacher of two convolutions of 64 maps': {
    prepare: () => {
      const make = (maps: number): Sequential =>
        modelOf(
          [32, 32, 3],
          [
            ...[Conv2D(maps, 3, { activation: 'relu' }), Conv2D(maps, 3, { activation: 'relu' })],
            ...[MaxPooling2D(), Flatten(), softmax()],
          ],
        );
      const distillation = { teachers: [make(64)], weight: 0.5 };
      const model = make(8);
      const [x, y] = [images(256, [32, 32, 3]), classes(256)];
      return () => model.fit(x, y, { epochs: 1, verbose: 0, distillation });
    },
  },
  'averages of 25 million weights': wide(2048, () => several(6, () => relu(2048)), { averaging: 0.99 }),
  'early stopping of layers of 2,047 units': wide(2047, () => several(2, () => relu(2047)), {
    validationSplit: 0.1,
    earlyStopping: { patience: 2, restoreBestWeights: true },
  }),
  'penalties and clipping of 38 million weights': wide(
    2048,
    () => several(9, () => relu(2048, { kernelRegularizer: { l2: 1e-4 } })),
    {},
    { optimizer: nn.Adam({ clipnorm: 1 }) },
  ),
  'a layer of 49 million weights, averaged': wide(7000, () => [relu(64), relu(7000), relu(7000)], {
    averaging: 0.99,
  }),
  'privacy of 4 million weights': wide(2048, () => [relu(2048)], {
    privacy: { clip: 1, noiseMultiplier: 1 },
  }),
  'resume of 8.4 million weights': {
    prepare: async () => {
      const make = (): Sequential => modelOf([2048], [...several(2, () => relu(2048)), softmax()]);
      const x = images(64, [2048]);
      const options: nn.FitOptions = {
        ...{ batchSize: 64, epochs: 2, verbose: 0, averaging: 0.9, validationSplit: 0.1 },
        earlyStopping: { patience: 5, restoreBestWeights: true },
      };
      let state: nn.FitState | undefined;
      const save = (given: nn.FitState): void => {
        state = given;
      };
      await make().fit(x, classes(64), { ...options, checkpoint: { everySeconds: 0, save } });
      const model = make();
      return () => model.fit(x, classes(64), { ...options, resume: state! });
    },
  },
  '500,000 rows with weights': {
    prepare: () => {
      const model = modelOf([4], [relu(8), softmax(3)]);
      const sampleWeight = new Float32Array(500_000).fill(1);
      const [x, y] = [images(500_000, [4]), classes(500_000, 3)];
      return () => model.fit(x, y, { batchSize: 4096, epochs: 2, verbose: 0, sampleWeight });
    },
  },
  'the AUC of 500,000 rows': {
    prepare: () => {
      const output = Dense(1, { activation: 'sigmoid' });
      const model = modelOf([4], [relu(8), output], { loss: 'binaryCrossentropy', metrics: [AUC()] });
      const labels = { data: classes(500_000, 2).data, shape: [500_000, 1] };
      const x = images(500_000, [4]);
      return () => model.evaluate(x, labels, { async: true });
    },
  },
  'an image of 224 × 224 × 64 through pooling and depthwise windows of 7 × 7': {
    prepare: () => {
      const windows = [
        MaxPooling2D(7, { strides: 1 }),
        AveragePooling2D(7, { strides: 1 }),
        DepthwiseConv2D(7),
      ];
      const model = modelOf([224, 224, 64], [...windows, GlobalAveragePooling2D(), softmax()]);
      const [x, y] = [images(2, [224, 224, 64]), classes(2)];
      return () => model.fit(x, y, { epochs: 1, batchSize: 1, verbose: 0 });
    },
  },
  'an image of 512 × 512 × 32 to three maps': {
    prepare: () => {
      const model = modelOf([512, 512, 32], [Conv2D(3, 3), GlobalAveragePooling2D(), softmax()]);
      const [x, y] = [images(2, [512, 512, 32]), classes(2)];
      return () => model.fit(x, y, { epochs: 1, batchSize: 1, verbose: 0 });
    },
  },
  'an image of 512 × 512 × 32 through normalizations, an activation and dropout': one([512, 512, 32], () => [
    ...[LayerNormalization(), BatchNormalization(), Activation('gelu'), Dropout(0.5)],
  ]),
  'an image of 512 × 512 × 64 through an activation': one([512, 512, 64], () => [Activation('tanh')]),
  'an image of 512 × 512 × 64 through batch normalization': one([512, 512, 64], () => [BatchNormalization()]),
  'an image of 512 × 512 × 64 through layer normalization': one([512, 512, 64], () => [LayerNormalization()]),
  'an image of one row of 4 million pixels': one([1, 4_000_000, 2], () => [
    ...[MaxPooling2D([1, 3], { strides: [1, 1] }), AveragePooling2D([1, 3], { strides: [1, 1] })],
    DepthwiseConv2D([1, 3]),
  ]),
  'an image of 512 × 512 × 32 to one, by its probabilities': decoded(
    [512, 512, 32],
    () => [DepthwiseConv2D(1, { activation: 'sigmoid' })],
    'binaryCrossentropy',
  ),
  'an image of 512 × 512 × 64 to one, by its errors': decoded(
    [512, 512, 64],
    () => [DepthwiseConv2D(1)],
    'meanSquaredError',
  ),
  'eight million classes, by their logits': wideOutput(8_000_000, 'linear', 'classes', ['topKAccuracy']),
  'eight million classes': wideOutput(8_000_000, 'softmax', 'classes'),
  'the softmax of eight million values, by its errors': wideOutput(8_000_000, 'softmax', 'values'),
  'three errors of eight million outputs': wideOutput(8_000_000, 'linear', 'values', [
    ...['meanAbsoluteError', 'rootMeanSquaredError', 'meanSquaredError'],
  ]),
  'metrics of four million labels': wideOutput(4_000_000, 'sigmoid', 'labels', [
    ...['accuracy', 'precision', { name: 'f1Score', average: 'macro' }, 'balancedAccuracy'],
  ]),
  'metrics of four million classes': wideOutput(4_000_000, 'softmax', 'classes', [
    ...['accuracy', 'recall', { name: 'f1Score', average: 'micro' }, 'balancedAccuracy'],
  ]),
  'F1 of each of 10,000 labels': wideOutput(10_000, 'sigmoid', 'labels', ['f1Score']),
  'the AUC of a million labels': wideOutput(1_000_000, 'sigmoid', 'labels', ['auc']),
  'two million rows at once': atOnce(2_000_000),
  'a million sparse rows at once': atOnce(2 ** 20, 0.7),
  'four million of them': atOnce(4_000_000, 0.7),
  'an image of nine million pixels, normalized together': one([3000, 3000, 1], () => [
    LayerNormalization({ axis: [1, 2, 3] }),
  ]),
  'a convolution of 100,000 maps, with pooling': one([6, 6, 3], () => [Conv2D(100_000, 3), MaxPooling2D()]),
  'a convolution of 38 million weights': one([6, 6, 2048], () => [Conv2D(2048, 3)]),
  'the same with pooling': one([6, 6, 2048], () => [Conv2D(2048, 3), MaxPooling2D()]),
  'an image four million pixels high through a convolution with pooling': one([4_000_000, 2, 1], () => [
    ...[Conv2D(4, [3, 1]), MaxPooling2D()],
  ]),
  'four million inputs to 64 units': {
    prepare: () => {
      const model = modelOf([4_000_000], [relu(64), softmax()]);
      const [x, y] = [images(8, [4_000_000]), classes(8)];
      return () => model.fit(x, y, { epochs: 2, batchSize: 4, verbose: 0 });
    },
  },
  'images of 1.6 billion products, fit': {
    prepare: () => {
      const model = modelOf([128, 128, 3], LARGE());
      const [x, y] = [images(4, [128, 128, 3]), classes(4)];
      return () => model.fit(x, y, { epochs: 1, verbose: 0 });
    },
  },
  'images of 1.6 billion products, predict': {
    prepare: () => {
      const model = modelOf([128, 128, 3], LARGE());
      const x = images(4, [128, 128, 3]);
      return () => model.predict(x, { async: true });
    },
  },
  'images of 224 × 224 through the first block of VGG, fit': {
    prepare: () => {
      const model = modelOf([224, 224, 3], VGG());
      const [x, y] = [images(2, [224, 224, 3]), classes(2)];
      return () => model.fit(x, y, { epochs: 1, verbose: 0 });
    },
  },
  'images of 224 × 224 through the first block of VGG, predict': {
    prepare: () => {
      const model = modelOf([224, 224, 3], VGG());
      const x = images(2, [224, 224, 3]);
      return () => model.predict(x, { async: true });
    },
  },
};

/** Milliseconds of the longest turns. */
async function longest(work: () => Promise<unknown>): Promise<number[]> {
  const turns: number[] = [];
  let last = process.threadCpuUsage();
  let running = true;
  const look = (): void => {
    const { user, system } = process.threadCpuUsage(last);
    turns.push((user + system) / 1000);
    last = process.threadCpuUsage();
    if (running) setImmediate(look);
  };
  setImmediate(look);
  await new Promise((resolve) => setTimeout(resolve, 5));
  await work();
  running = false;
  return turns.sort((a, b) => b - a).slice(0, 3);
}

if (import.meta.main && process.argv[2] === 'case') {
  const [, , , name, threads] = process.argv;
  const begun = performance.now();
  const turns = await longest(await CASES[name].prepare(Number(threads)));
  const seconds = (performance.now() - begun) / 1000;
  console.log(
    `${turns.map((ms) => ms.toFixed(0).padStart(4)).join(' ')}   ${seconds.toFixed(1).padStart(5)} s`,
  );
  process.exit();
} else if (import.meta.main) measureTurns(process.argv.slice(2));

/** Prints, for each case, the three longest turns in milliseconds of processor time. */
export function measureTurns(wanted: readonly string[] = []): void {
  for (const [name, { threads }] of Object.entries(CASES)) {
    if (wanted.length > 0 && !wanted.some((start) => name.startsWith(start))) continue;
    for (const count of threads ? [1, 2] : [1]) {
      const of = execFileSync(process.execPath, [import.meta.filename, 'case', name, String(count)]);
      console.log(`  ${name.padEnd(62)} ${count} ${String(of).trimEnd()}`);
    }
  }
}
