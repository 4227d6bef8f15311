import type * as nn from '../../src/nn.ts';

/** What has no function of its own among these is named, as a page names it. */
export interface Names {
  readonly Dense: typeof nn.Dense;
  readonly Flatten: typeof nn.Flatten;
  readonly Input: typeof nn.Input;
  readonly Rescaling: typeof nn.Rescaling;
  readonly Sequential: typeof nn.Sequential;
  readonly layersFrom: typeof nn.layersFrom;
  readonly encodeModel: typeof nn.encodeModel;
  readonly decodeModel: typeof nn.decodeModel;
}

/** The members of each family by name, and layers as plain data. */
export interface Walked {
  readonly optimizer: readonly string[];
  readonly metric: readonly string[];
  readonly loss: readonly { readonly name: string; readonly activation: string }[];
  readonly schedule: readonly (Readonly<Record<string, unknown>> & { readonly name: string })[];
  readonly layer: readonly { readonly type: string }[];
  readonly activation: readonly string[];
  readonly initializer: readonly string[];
}

type Option = keyof nn.FitOptions;

/** 'works', or the error's code and message, for every member and every option of `fit`. */
export async function tryParts(library: Names, walked: Walked): Promise<Record<string, string>> {
  const { Dense, Input, Sequential, layersFrom, encodeModel, decodeModel } = library;
  const found: Record<string, string> = {};
  const attempt = async (what: string, use: () => unknown): Promise<void> => {
    try {
      await use();
      found[what] = 'works';
    } catch (error) {
      const { code, message } = error as { code?: string; message: string };
      found[what] = `${code ?? 'no code'}: ${message}`;
    }
  };
  const inputs = { data: Float32Array.from({ length: 32 }, (_, i) => Math.abs((i * 7) % 5)), shape: [8, 4] };
  const labels = Uint8Array.of(0, 1, 1, 0, 1, 0, 0, 1);
  const rows = { data: Float32Array.from({ length: 16 }, (_, i) => (i >> 1) & 1), shape: [8, 2] };
  const model = (activation = 'softmax', initializer = 'glorotUniform'): nn.Sequential =>
    new Sequential([Input([4]), Dense(2, { activation, kernelInitializer: initializer })]);
  const compiled = (options: object = {}): nn.Sequential => {
    const own = model();
    own.compile({ optimizer: 'adam', loss: 'sparse_categorical_crossentropy', ...options });
    return own;
  };
  const quiet = { epochs: 2, batchSize: 4, verbose: 0 } as const;
  const fit = (options: object): Promise<unknown> => compiled().fit(inputs, labels, { ...quiet, ...options });

  for (const optimizer of walked.optimizer) {
    await attempt(`optimizer ${optimizer}`, async () => {
      const own = compiled({ optimizer });
      await own.fit(inputs, labels, quiet);
      decodeModel(encodeModel(own));
    });
  }
  for (const metric of walked.metric) {
    await attempt(`metric ${metric}`, async () => {
      // The five largest of six outputs: one of two would always be among them.
      const own = new Sequential([Input([4]), Dense(6, { activation: 'softmax' })]);
      own.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: [metric] });
      await own.fit(inputs, labels, quiet);
      decodeModel(encodeModel(own));
    });
  }
  for (const { name, activation } of walked.loss) {
    await attempt(`loss ${name}`, () => {
      const own = model(activation);
      own.compile({ optimizer: 'sgd', loss: name });
      return own.fit(inputs, name.startsWith('sparse') ? labels : rows, quiet);
    });
  }
  for (const schedule of walked.schedule) await attempt(`schedule ${schedule.name}`, () => fit({ schedule }));
  for (const layer of walked.layer) await attempt(`layer ${layer.type}`, () => layersFrom([layer]));
  for (const name of walked.activation) await attempt(`activation ${name}`, () => model(name));
  for (const name of walked.initializer) await attempt(`initializer ${name}`, () => model('linear', name));

  let state: unknown = {
    order: new Uint32Array(),
    shuffle: new Uint32Array(),
    network: new Map(),
    history: {},
  };
  const save = (saved: unknown): void => {
    state ??= saved;
  };
  const OPTIONS: Readonly<Record<Option, unknown>> = {
    epochs: 1,
    batchSize: 3,
    validationData: [inputs, labels],
    validationSplit: 0.25,
    sampleWeight: [1, 2, 1, 2, 1, 2, 1, 2],
    classWeight: { 0: 2 },
    shuffle: false,
    seed: 3,
    verbose: 0,
    callbacks: [{ onEpochEnd: () => undefined }],
    signal: new AbortController().signal,
    schedule: () => 1,
    averaging: 0.9,
    labelSmoothing: 0.1,
    distillation: { teachers: [model()], weight: 0.5 },
    earlyStopping: { monitor: 'loss', patience: 1 },
    privacy: { clip: 1, noiseMultiplier: 0.5 },
    checkpoint: { everySeconds: 0, save },
    resume: undefined,
    threads: 2,
  };
  for (const [option, value] of Object.entries(OPTIONS)) {
    if (option === 'resume') continue;
    if (option === 'checkpoint') {
      const none = state;
      state = undefined;
      await attempt('feature checkpoint', () => fit({ checkpoint: value }));
      state ??= none;
    } else await attempt(`feature ${option}`, () => fit({ [option]: value }));
  }
  await attempt('feature resume', () => fit({ resume: state }));
  await attempt('feature batches', () => compiled().fit([[inputs, labels]], { verbose: 0 }));
  await attempt('feature batches: evaluate', () => compiled().evaluate([[inputs, labels]]));
  await attempt('feature batches: predict', () => model().predict([inputs]));
  await attempt('feature inputGradients', () => {
    const own = model();
    return own.withRows(inputs, (prepared) => own.network.inputGradients(prepared, () => undefined));
  });
  await attempt('feature trainingState', () =>
    decodeModel(encodeModel(compiled(), { includeOptimizer: true })),
  );
  return found;
}
