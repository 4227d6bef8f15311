import { afterEach, expect, test, vi } from 'vitest';
import { CLASSES, errorOf, points, smallModel, WIDTH } from '../../test/support/models.ts';
import { pixels } from '../../test/support/networks.ts';
import { createWasmEngine } from '../engine/wasm.ts';
import { Random } from '../util/random.ts';
import type { Tensor } from '../util/tensor.ts';
import type { Callback } from './callbacks.ts';
import type { FitOptions } from './fit.ts';
import { Dense, Dropout, Input, RandomDistortion } from './layers.ts';
import { SGD } from './optimizers.ts';
import { decodeModel, encodeModel } from './saved.ts';
import { Sequential } from './sequential.ts';

const QUIET = { verbose: 0 } as const;

afterEach(() => {
  vi.restoreAllMocks();
});

function slice<D extends Float32Array | Uint8Array>(
  { data, shape }: Tensor<D>,
  first: number,
  last: number,
): Tensor {
  const size = data.length / shape[0];
  return {
    data: data.subarray(first * size, last * size),
    shape: [Math.min(last, shape[0]) - first, ...shape.slice(1)],
  };
}

/** The losses of single rows in the order in which `fit` visits them, with weights that hardly move. */
async function visits(options: FitOptions): Promise<number[][]> {
  const { inputs, labels } = points(40);
  const model = smallModel({ optimizer: SGD({ learningRate: 1e-30 }) });
  const epochs: number[][] = [];
  await model.fit(inputs, labels, {
    ...QUIET,
    epochs: 3,
    batchSize: 1,
    ...options,
    callbacks: [
      {
        onEpochBegin: () => void epochs.push([]),
        onBatchEnd: (_, { loss }) => void epochs[epochs.length - 1].push(loss),
      },
    ],
  });
  return epochs;
}

test('shuffle: false trains in file order, the last batch short: the bits of trainOnBatch on the slices', async () => {
  const { inputs, labels } = points(50);
  const [fitted, stepped] = [smallModel(), smallModel()];
  await fitted.fit(inputs, labels, { ...QUIET, epochs: 2, batchSize: 16, shuffle: false });
  for (let epoch = 0; epoch < 2; epoch++) {
    for (let first = 0; first < 50; first += 16) {
      stepped.trainOnBatch(slice(inputs, first, first + 16), slice(labels, first, first + 16));
    }
  }
  expect(fitted.weightsHash()).toBe(stepped.weightsHash());
});

test('shuffle: every row once an epoch, in an order new every epoch and with every seed', async () => {
  const [inOrder] = await visits({ shuffle: false });
  const shuffled = await visits({ seed: 1 });
  const others = await visits({ seed: 2 });
  const sorted = inOrder.toSorted((a, b) => a - b);
  for (const epoch of [...shuffled, ...others]) {
    expect(epoch.toSorted((a, b) => a - b)).toEqual(sorted);
    expect(epoch).not.toEqual(inOrder);
  }
  expect(new Set([...shuffled, ...others].map(String)).size).toBe(6);
  expect(await visits({ seed: 1 })).toEqual(shuffled);
});

test("the same seed twice gives the same hash, another seed another; the default is the model's", async () => {
  const { inputs, labels } = points(60);
  const train = async (seed: number, fitSeed?: number): Promise<string> => {
    const model = new Sequential(
      [Input([WIDTH]), Dense(8), Dropout(0.3), Dense(CLASSES, { activation: 'softmax' })],
      { seed },
    );
    model.compile({ optimizer: 'adam', loss: 'sparse_categorical_crossentropy' });
    await model.fit(inputs, labels, {
      ...QUIET,
      epochs: 2,
      batchSize: 7,
      ...(fitSeed !== undefined && { seed: fitSeed }),
    });
    return model.weightsHash();
  };
  const hashes = [await train(0), await train(1), await train(-1), await train(2 ** 40), await train(0, 5)];
  expect(new Set(hashes).size).toBe(5);
  expect([
    await train(0, 0),
    await train(1, 1),
    await train(-1),
    await train(2 ** 40),
    await train(0, 5),
  ]).toEqual(hashes);
});

test("fit's seed decides dropout too, and each fit starts its streams afresh", async () => {
  const { inputs, labels } = points(40);
  const model = new Sequential([
    Input([WIDTH]),
    Dense(8),
    Dropout(0.5),
    Dense(CLASSES, { activation: 'softmax' }),
  ]);
  const start = model.getWeights();
  const train = async (seed: number): Promise<string> => {
    model.setWeights(start);
    model.compile({ optimizer: 'adam', loss: 'sparse_categorical_crossentropy' });
    await model.fit(inputs, labels, { ...QUIET, shuffle: false, seed });
    return model.weightsHash();
  };
  const hashes = [await train(1), await train(2), await train(1)];
  expect(hashes[2]).toBe(hashes[0]);
  expect(hashes[1]).not.toBe(hashes[0]);
});

test("History: Keras' keys in order, one value an epoch; means over batches weighted by size, at the weights of each batch", async () => {
  const { inputs, labels } = points(50);
  const validation = points(20, 2);
  const model = smallModel();
  const batches: { loss: number; accuracy: number; size: number }[] = [];
  const measured: { loss: number; accuracy: number }[] = [];
  const { epoch, history } = await model.fit(inputs, labels, {
    ...QUIET,
    epochs: 3,
    batchSize: 16,
    validationData: [validation.inputs, validation.labels],
    callbacks: [
      {
        onBatchEnd: (_, logs) => void batches.push(logs),
        onEpochEnd: () => void measured.push(model.evaluate(validation.inputs, validation.labels)),
      },
    ],
  });
  expect(epoch).toEqual([0, 1, 2]);
  expect(Object.keys(history)).toEqual(['loss', 'accuracy', 'val_loss', 'val_accuracy']);
  expect(history.val_loss).toEqual(measured.map(({ loss }) => loss));
  expect(history.val_accuracy).toEqual(measured.map(({ accuracy }) => accuracy));
  for (let k = 0; k < 3; k++) {
    const own = batches.slice(4 * k, 4 * k + 4);
    expect(own.map(({ size }) => size)).toEqual([16, 16, 16, 2]);
    expect(history.loss[k]).toBeCloseTo(own.reduce((sum, { loss, size }) => sum + loss * size, 0) / 50, 12);
    expect(history.accuracy![k]).toBeCloseTo(
      own.reduce((sum, { accuracy, size }) => sum + accuracy * size, 0) / 50,
      12,
    );
  }
  expect(history.loss[2]).toBeLessThan(history.loss[0]);
  const { history: bare } = await smallModel({ metrics: [] }).fit(inputs, labels, {
    ...QUIET,
    validationData: [inputs, labels],
  });
  expect(Object.keys(bare)).toEqual(['loss', 'val_loss']);
});

test('validation changes nothing in training, nor do callbacks that evaluate', async () => {
  const { inputs, labels } = points(50);
  const [plain, watched] = [smallModel(), smallModel()];
  await plain.fit(inputs, labels, { ...QUIET, epochs: 2, batchSize: 7 });
  const peek: Callback = { onBatchEnd: (_, __, model) => void model.predict(inputs) };
  await watched.fit(inputs, labels, {
    ...QUIET,
    epochs: 2,
    batchSize: 7,
    validationData: [inputs, labels],
    callbacks: [peek],
  });
  expect(watched.weightsHash()).toBe(plain.weightsHash());
});

test('a learning rate of 1e30: E_NUMERIC that names epoch and step, the one after the last finite loss', async () => {
  const { inputs, labels } = points(64);
  for (const optimizer of [
    SGD({ learningRate: 1e30 }),
    { name: 'adam', learningRate: 1e30, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 } as const,
  ]) {
    const engine = createWasmEngine();
    const model = smallModel({ engine, optimizer, activation: 'relu' });
    const losses: number[] = [];
    const options = {
      ...QUIET,
      batchSize: 4,
      epochs: 3,
      callbacks: [{ onBatchEnd: (_: number, { loss }: { loss: number }) => void losses.push(loss) }],
    };
    const { code, message } = await errorOf(() => model.fit(inputs, labels, options));
    expect(code).toBe('E_NUMERIC');
    expect(losses.every(Number.isFinite)).toBe(true);
    expect(message).toMatch(
      new RegExp(
        `^The loss is (NaN|Infinity|-Infinity) in epoch 1, step ${losses.length + 1}\\. Lower the learning rate`,
      ),
    );
  }
});

test('weights that become NaN in the last step are found by the validation after it: E_NUMERIC with the epoch', async () => {
  const { inputs, labels } = points(8);
  const model = smallModel({ optimizer: SGD({ learningRate: 3e38 }) });
  const { code, message } = await errorOf(() =>
    model.fit(inputs, labels, { ...QUIET, validationData: [inputs, labels] }),
  );
  expect(code).toBe('E_NUMERIC');
  expect(message).toMatch(/^The validation loss is NaN after epoch 1\./);
});

test.each<[string, FitOptions]>([
  ['epochs', { epochs: 0 }],
  ['epochs', { epochs: 1.5 }],
  ['batchSize', { batchSize: 0 }],
  ['batchSize', { batchSize: NaN }],
  ['batchSize', { batchSize: -32 }],
  ['seed', { seed: 0.1 }],
])('%s out of range is E_ARGUMENT: %j', async (name, options) => {
  const { inputs, labels } = points(4);
  const { code, message } = await errorOf(() => smallModel().fit(inputs, labels, { ...QUIET, ...options }));
  expect(code).toBe('E_ARGUMENT');
  expect(message).toContain(name);
});

test('wrong validation data are refused before training, and the memory of the training data is given back', async () => {
  const engine = createWasmEngine();
  const model = smallModel({ engine });
  const bytes = { data: new Uint8Array(8 * WIDTH), shape: [8, WIDTH] };
  const { labels } = points(8);
  const hash = model.weightsHash();
  const inUse = engine.memoryInUse;
  const nan = { data: new Float32Array(8 * WIDTH).fill(NaN), shape: [8, WIDTH] };
  const narrow = { data: new Float32Array(8 * 5), shape: [8, 5] };
  const attempt = async (inputs: Tensor, own: Tensor = labels): Promise<string> =>
    (await errorOf(() => model.fit(bytes, labels, { ...QUIET, validationData: [inputs, own] }))).code;
  expect(await attempt(nan)).toBe('E_NUMERIC');
  expect(await attempt(narrow)).toBe('E_SHAPE');
  expect(await attempt(bytes, { data: new Uint8Array(7), shape: [7] })).toBe('E_SHAPE');
  expect(await attempt(bytes, { data: new Uint8Array(8).fill(9), shape: [8] })).toBe('E_LABEL');
  expect(model.weightsHash()).toBe(hash);
  expect(engine.memoryInUse).toBe(inUse);
});

test('verbose: 0 prints nothing, 1 a heading before and a line after each epoch, 2 both at once, without control codes', async () => {
  const { inputs, labels } = points(10);
  const print = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  const printed = async (verbose: 0 | 1 | 2): Promise<string[]> => {
    print.mockClear();
    await smallModel().fit(inputs, labels, {
      verbose,
      epochs: 2,
      batchSize: 4,
      validationData: [inputs, labels],
    });
    return print.mock.calls.map(([line]) => line as string);
  };
  const line =
    /^3\/3 - \d+s - \d+[mu]?s\/step - accuracy: \d\.\d{4}\S* - loss: \d\.\d{4} - val_accuracy: \d\.\d{4}\S* - val_loss: \d\.\d{4}$/;
  expect(await printed(0)).toEqual([]);
  const one = await printed(1);
  expect(one).toEqual(['Epoch 1/2', expect.stringMatching(line), 'Epoch 2/2', expect.stringMatching(line)]);
  const two = await printed(2);
  expect(two.map((text) => text.split('\n')[0])).toEqual(['Epoch 1/2', 'Epoch 2/2']);
  for (const text of two) expect(text.split('\n')[1]).toMatch(line);
});

test('two fits of one epoch are one fit of two epochs: the streams go on, unless a seed is given', async () => {
  const train = async (calls: readonly { epochs: number; seed?: number }[]): Promise<string> => {
    const model = new Sequential(
      [Input([3]), Dense(4, { activation: 'relu' }), Dropout(0.5), Dense(4, { activation: 'softmax' })],
      { seed: 9 },
    );
    model.compile({ optimizer: 'sgd', loss: 'sparseCategoricalCrossentropy' });
    const inputs = { data: Float32Array.from({ length: 60 }, (_, k) => Math.sin(k)), shape: [20, 3] };
    const labels = { data: Uint8Array.from({ length: 20 }, (_, k) => k % 4), shape: [20] };
    for (const call of calls) await model.fit(inputs, labels, { ...call, batchSize: 20, verbose: 0 });
    return model.weightsHash();
  };
  const once = await train([{ epochs: 2 }]);
  expect(await train([{ epochs: 1 }, { epochs: 1 }])).toBe(once);
  expect(await train([{ epochs: 1 }, { epochs: 1, seed: 9 }])).not.toBe(once);
});

test("distortion: every epoch shows each image in its own way, drawn from fit's seed, the model's by default; validation stays plain", async () => {
  const random = new Random(4, 'digits');
  const inputs = pixels(12, 784, random);
  const labels = { data: Uint8Array.from({ length: 12 }, () => random.integer(3)), shape: [12] };
  const distortion = { rotation: 0.2, scale: 0.1, shear: 0.1, shift: 2, elastic: 1 };
  const make = (layers = [RandomDistortion(distortion)]): Sequential => {
    const stack = [Input([784]), ...layers, Dense(3, { activation: 'softmax' })];
    const model = new Sequential(stack, { seed: 6 });
    // A step so small that no weight moves.
    model.compile({ optimizer: SGD({ learningRate: 1e-30 }), loss: 'sparseCategoricalCrossentropy' });
    return model;
  };
  const losses = async (options: FitOptions): Promise<number[]> => {
    const { history } = await make().fit(inputs, labels, {
      ...QUIET,
      epochs: 4,
      batchSize: 5,
      validationData: [inputs, labels],
      ...options,
    });
    const plain = make().evaluate(inputs, labels).loss;
    expect(history.val_loss).toEqual([plain, plain, plain, plain]);
    return history.loss;
  };
  const expected = (seed: number): number[] => {
    const model = make();
    const rows = model.createRows(inputs, { distortion, seed });
    return [0, 1, 2, 3].map((epoch) => {
      rows.startEpoch!(epoch);
      return model.evaluateRows(rows, model.targets(inputs, labels)).loss;
    });
  };
  const [own, given] = [await losses({}), await losses({ seed: 7 })];
  own.forEach((loss, epoch) => {
    expect(loss).toBeCloseTo(expected(6)[epoch], 6);
    expect(given[epoch]).toBeCloseTo(expected(7)[epoch], 6);
  });
  expect(new Set([...own, ...given].map((loss) => loss.toFixed(4))).size).toBe(8);
  const wrong = { ...distortion, shift: 15 };
  expect((await errorOf(() => RandomDistortion(wrong))).code).toBe('E_ARGUMENT');
});

test.each(['floats', 'bytes', 'bytes behind dropout'] as const)(
  'inputs, labels and validation data are copied: what is done to them during fit changes no bit (%s)',
  async (kind) => {
    const given = (): [Tensor, Tensor] => {
      const { inputs, labels } = points(50);
      const { data, shape } = inputs;
      return [
        { data: kind === 'floats' ? data : Uint8Array.from(data, (x) => Math.abs(30 * x)), shape },
        labels,
      ];
    };
    const trained = async (spoil?: 'at once' | 'as training begins'): Promise<unknown> => {
      const before = kind === 'bytes behind dropout' ? [Dropout(0.2)] : [];
      const model = new Sequential([Input([WIDTH]), ...before, Dense(CLASSES, { activation: 'softmax' })]);
      model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy' });
      const own = [...given(), ...given()];
      const [inputs, labels, ...validationData] = own;
      const spoilAt = (moment: typeof spoil): void => {
        if (moment === spoil) own.forEach(({ data }) => data.fill(1));
      };
      const fitting = model.fit(inputs, labels, {
        ...QUIET,
        epochs: 3,
        batchSize: 7,
        validationData: validationData as [Tensor, Tensor],
        callbacks: [{ onTrainBegin: () => spoilAt('as training begins') }],
      });
      spoilAt('at once');
      const { history } = await fitting;
      return [model.weightsHash(), history];
    };
    const untouched = await trained();
    expect(await trained('at once')).toEqual(untouched);
    expect(await trained('as training begins')).toEqual(untouched);
  },
);

test('misspelt options of fit are E_ARGUMENT, not defaults', async () => {
  const { inputs, labels } = points(50);
  const misspelt = { batch_size: 7 } as object;
  const { code, message } = await errorOf(() => smallModel().fit(inputs, labels, misspelt));
  expect(code).toBe('E_ARGUMENT');
  expect(message).toMatch(
    /^fit: expected options of epochs, batchSize, .*; received 'batch_size' \(nearest: batchSize\)\.$/,
  );
});

test('early stopping watches the validation that validationSplit cuts off', async () => {
  const data = points(40);
  const { history } = await smallModel().fit(data.inputs, data.labels, {
    verbose: 0,
    epochs: 3,
    validationSplit: 0.25,
    earlyStopping: { monitor: 'val_loss', patience: 3 },
  });
  expect(history.val_loss).toHaveLength(3);
});

test('a model saved with its optimizer while weights are averaged can be read again', async () => {
  const data = points(40);
  const model = smallModel();
  let bytes = new Uint8Array();
  const onEpochEnd = (): void => {
    bytes = encodeModel(model, { includeOptimizer: true });
  };
  await model.fit(data.inputs, data.labels, { verbose: 0, averaging: 0.9, callbacks: [{ onEpochEnd }] });
  expect(decodeModel(bytes, 'averaged').weightsHash()).toBe(model.weightsHash());
});
