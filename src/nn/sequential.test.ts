import { expect, test } from 'vitest';
import { CLASSES, errorOf, points, smallModel, WIDTH } from '../../test/support/models.ts';
import { createWasmEngine } from '../engine/wasm.ts';
import type { Tensor } from '../util/tensor.ts';
import { Dense, Dropout, Flatten, Input } from './layers.ts';
import { toCategorical } from './losses.ts';
import { SGD } from './optimizers.ts';
import { Sequential } from './sequential.ts';

test('predict, evaluate, trainOnBatch and getWeights: shapes, and probabilities that sum to 1 within 1e-6', () => {
  const model = smallModel();
  const { inputs, labels } = points(7);
  const { data, shape } = model.predict(inputs);
  expect(shape).toEqual([7, CLASSES]);
  for (let s = 0; s < 7; s++) expect(data.slice(3 * s, 3 * s + 3).reduce((a, b) => a + b)).toBeCloseTo(1, 6);
  const before = model.evaluate(inputs, labels);
  const step = model.trainOnBatch(inputs, labels);
  expect(step.accuracy).toBe(before.accuracy);
  expect(step.loss).toBeCloseTo(before.loss, 6);
  expect(model.evaluate(inputs, labels).loss).toBeLessThan(before.loss);
  expect(model.getWeights().map((weights) => weights.shape)).toEqual([[6, 5], [5], [5, 3], [3]]);
  expect(model.parameters).toBe(53);
  expect(model.outputs).toBe(3);
  expect(model.inputShape).toEqual([6]);
});

test('evaluate is what predict says: −mean ln p within 1e-6, accuracy exactly', () => {
  const model = smallModel();
  const { inputs, labels } = points(200);
  const { data } = model.predict(inputs);
  let loss = 0;
  let correct = 0;
  labels.data.forEach((label, s) => {
    const row = [...data.slice(3 * s, 3 * s + 3)];
    loss -= Math.log(row[label]) / 200;
    correct += Number(row.indexOf(Math.max(...row)) === label);
  });
  const measured = model.evaluate(inputs, labels);
  expect(measured.loss).toBeCloseTo(loss, 6);
  expect(measured.accuracy).toBe(correct / 200);
});

test('class numbers and one-hot rows: the same bits after training', () => {
  const { inputs, labels } = points(50);
  const hashes = (['sparse_categorical_crossentropy', 'categorical_crossentropy'] as const).map((loss, k) => {
    const model = smallModel();
    model.compile({ optimizer: 'adam', loss });
    model.trainOnBatch(inputs, k === 0 ? labels : toCategorical(labels, CLASSES));
    return model.weightsHash();
  });
  expect(hashes[0]).toBe(hashes[1]);
});

test("trainOnBatch: the model's seed decides dropout", () => {
  const { inputs, labels } = points(20);
  const train = (seed: number): string => {
    const model = new Sequential(
      [Input([WIDTH]), Dense(8), Dropout(0.5), Dense(CLASSES, { activation: 'softmax' })],
      { seed },
    );
    model.setWeights([...weightsOf(model)]);
    model.compile({ optimizer: 'adam', loss: 'sparse_categorical_crossentropy' });
    model.trainOnBatch(inputs, labels);
    return model.weightsHash();
  };
  const weightsOf = (model: Sequential): Tensor[] =>
    model.getWeights().map(({ shape, data }) => ({ shape, data: data.fill(0.1) }));
  expect(train(1)).toBe(train(1));
  expect(train(1)).not.toBe(train(2));
});

test.each(['predict', 'evaluate', 'trainOnBatch', 'fit'] as const)(
  '%s refuses inputs of a wrong shape, empty, NaN or beyond float32, with the index',
  async (method) => {
    const model = smallModel();
    const { labels } = points(2);
    const attempt = (
      data: Tensor['data'],
      shape: number[],
      own: Tensor = labels,
    ): Promise<{ code: string; message: string }> =>
      errorOf(() =>
        method === 'predict' ? model.predict({ data, shape }) : model[method]({ data, shape }, own),
      );
    expect(await attempt(new Float32Array(10), [2, 5])).toEqual({
      code: 'E_SHAPE',
      message: 'inputs: expected shape (None, 6) with at least one row, received (2, 5).',
    });
    expect((await attempt(new Float32Array(11), [2, 6])).message).toBe(
      'inputs: shape (2, 6) needs 12 values, received 11.',
    );
    expect((await attempt(new Float32Array(0), [0, 6], { data: new Uint8Array(0), shape: [0] })).code).toBe(
      'E_SHAPE',
    );
    expect((await attempt(new Float32Array(1), [])).code).toBe('E_SHAPE');
    expect((await attempt(new Float32Array(12), [2, -6])).code).toBe('E_SHAPE');
    const bad = Float64Array.from({ length: 12 }, (_, k) => (k === 10 ? NaN : 0));
    expect(await attempt(bad, [2, 6])).toEqual({
      code: 'E_NUMERIC',
      message: 'inputs[1, 4]: expected a finite float32 number, received NaN.',
    });
    bad[10] = -1e300;
    expect((await attempt(bad, [2, 6])).message).toBe(
      'inputs[1, 4]: expected a finite float32 number, received -1e+300.',
    );
  },
);

test.each(['evaluate', 'trainOnBatch', 'fit'] as const)(
  '%s refuses labels of another length, out of range or NaN',
  async (method) => {
    const model = smallModel();
    const { inputs } = points(2);
    const attempt = (...labels: number[]): Promise<{ code: string; message: string }> =>
      errorOf(() => model[method](inputs, { data: Float32Array.from(labels), shape: [labels.length] }));
    expect(await attempt(0, 1, 2)).toEqual({
      code: 'E_SHAPE',
      message: 'labels: expected 2 rows, as many as the inputs have; received 3.',
    });
    expect(await attempt(0, 3)).toEqual({
      code: 'E_LABEL',
      message: 'labels[1]: expected a class from 0 to 2, received 3.',
    });
    expect(await attempt(NaN, 0)).toEqual({
      code: 'E_LABEL',
      message: 'labels[0]: expected a class from 0 to 2, received NaN.',
    });
  },
);

test('inputs and network may differ in being flat or in extents of 1, and in nothing else', () => {
  const data = new Uint8Array(2 * 784);
  const given = (own: number[], received: number[]): string | undefined => {
    const model = new Sequential([Input(own), Flatten(), Dense(2, { activation: 'softmax' })]);
    const size = 2 * received.reduce((a, b) => a * b);
    try {
      model.predict({ data: data.subarray(0, size), shape: [2, ...received] });
      return undefined;
    } catch (error) {
      return (error as { code: string }).code;
    }
  };
  expect(given([28, 28], [784])).toBeUndefined();
  expect(given([784], [28, 28])).toBeUndefined();
  expect(given([28, 28], [28, 28, 1])).toBeUndefined();
  expect(given([28, 28], [14, 56])).toBe('E_SHAPE');
  expect(given([2, 2, 3], [3, 2, 2])).toBe('E_SHAPE');
  expect(given([2, 2, 3], [4, 3])).toBe('E_SHAPE');
});

test('inputs may come flat or not: [n, 28, 28] or [n, 784]', () => {
  const model = new Sequential([Input([6]), Dense(3, { activation: 'softmax' })]);
  const { inputs } = points(4);
  expect(model.predict({ data: inputs.data, shape: [4, 2, 3] })).toEqual(model.predict(inputs));
});

test('a network that answers NaN is E_NUMERIC, and no accuracy: weights of 1e38, finite each, sum to infinity', async () => {
  const model = smallModel({ activation: 'relu' });
  const { inputs, labels } = points(9);
  const fine = model.predict(inputs);
  model.setWeights(
    model
      .getWeights()
      .map(({ data, shape }) => ({ data: data.map((_, k) => (k % 2 === 0 ? 1e38 : -1e38)), shape })),
  );
  for (const use of [
    () => model.predict(inputs),
    () => model.evaluate(inputs, labels),
    () => model.trainOnBatch(inputs, labels),
  ]) {
    const { code, message } = await errorOf(use);
    expect(code).toBe('E_NUMERIC');
    expect(message).toContain('NaN');
    const advice = message.startsWith('trainOnBatch') ? 'Lower the' : 'Train it anew with a lower';
    expect(message).toContain(`${advice} learning rate`);
  }
  expect(smallModel({ activation: 'relu' }).predict(inputs)).toEqual(fine);
});

test('before compile: E_STATE with what to do; predict works', async () => {
  const model = new Sequential([Input([WIDTH]), Dense(CLASSES, { activation: 'softmax' })]);
  const { inputs, labels } = points(4);
  expect(model.predict(inputs).shape).toEqual([4, CLASSES]);
  const attempts = [
    () => model.fit(inputs, labels),
    () => model.evaluate(inputs, labels),
    () => model.trainOnBatch(inputs, labels),
    () => {
      model.setLearningRate(0.1);
    },
  ];
  for (const attempt of attempts) {
    expect(await errorOf(attempt)).toEqual({
      code: 'E_STATE',
      message: 'The model is not compiled yet: call compile({ optimizer, loss }) first.',
    });
  }
});

test('compile refuses another last activation, and unknown losses, optimizers and metrics', async () => {
  const linear = new Sequential([Input([2]), Dense(2, { activation: 'sigmoid' })]);
  expect(
    await errorOf(() => {
      linear.compile({ optimizer: 'adam', loss: 'sparse_categorical_crossentropy' });
    }),
  ).toEqual({
    code: 'E_ARGUMENT',
    message:
      "compile: sparseCategoricalCrossentropy expects softmax as the last layer's activation; received sigmoid. For logits of a linear layer: { name: 'sparseCategoricalCrossentropy', fromLogits: true }.",
  });
  const model = new Sequential([Input([2]), Dense(2, { activation: 'softmax' })]);
  const refused = [
    { optimizer: 'adam', loss: 'mse' },
    { optimizer: 'rmsprob', loss: 'categorical_crossentropy' },
    { optimizer: 'adam', loss: 'categorical_crossentropy', metrics: ['aucc'] },
    { optimizer: { ...SGD(), learningRate: -1 }, loss: 'categorical_crossentropy' },
  ];
  for (const options of refused) {
    expect(
      (
        await errorOf(() => {
          model.compile(options);
        })
      ).code,
    ).toBe('E_ARGUMENT');
    expect(model.compiled).toBeUndefined();
  }
});

test('compile without an optimizer or a loss is E_ARGUMENT with the names there are', async () => {
  const model = smallModel();
  const without = (options: object) =>
    errorOf(() => {
      model.compile(options as Parameters<typeof model.compile>[0]);
    });
  expect(await without({ optimizer: 'adam' })).toEqual({
    code: 'E_ARGUMENT',
    message:
      'Unknown loss: expected one of categoricalCrossentropy, sparseCategoricalCrossentropy, binaryCrossentropy, meanSquaredError, meanAbsoluteError, huber; received undefined.',
  });
  expect(await without({ loss: 'categoricalCrossentropy' })).toEqual({
    code: 'E_ARGUMENT',
    message:
      'Unknown optimizer: expected one of adam, sgd, adamW, rmsprop, adagrad, lion; received undefined.',
  });
});

test('compiling again starts the optimizer afresh', () => {
  const { inputs, labels } = points(30);
  const once = smallModel();
  const again = smallModel();
  const start = again.getWeights();
  again.trainOnBatch(inputs, labels);
  again.compile({ optimizer: 'adam', loss: 'sparse_categorical_crossentropy' });
  again.setWeights(start);
  for (const model of [once, again]) model.trainOnBatch(inputs, labels);
  expect(again.weightsHash()).toBe(once.weightsHash());
});

test('setLearningRate: the next step is as long as asked for; wrong values are E_ARGUMENT', async () => {
  const { inputs, labels } = points(30);
  const [half, full] = [0.5, 1].map((share) => {
    const model = smallModel({ optimizer: 'sgd' });
    const before = model.getWeights()[0].data;
    model.setLearningRate(0.25 * share);
    model.trainOnBatch(inputs, labels);
    return model.getWeights()[0].data.map((w, k) => w - before[k]);
  });
  half.forEach((step, k) => {
    expect(2 * step).toBeCloseTo(full[k], 6);
  });
  for (const rate of [0, -1, NaN, Infinity]) {
    expect(
      (
        await errorOf(() => {
          smallModel().setLearningRate(rate);
        })
      ).code,
    ).toBe('E_ARGUMENT');
  }
});

test('penalties count in evaluate and trainOnBatch: l1 Σ|w| + l2 Σw² of the kernels within 1e-6', () => {
  const make = (kernelRegularizer: object): Sequential => {
    const model = new Sequential([
      Input([WIDTH]),
      Dense(CLASSES, { activation: 'softmax', kernelRegularizer, biasInitializer: 'ones' }),
    ]);
    model.compile({ optimizer: 'sgd', loss: 'sparse_categorical_crossentropy' });
    return model;
  };
  const { inputs, labels } = points(5);
  const [plain, penalized] = [make({}), make({ l1: 0.3, l2: 0.7 })];
  const penalty = plain.getWeights()[0].data.reduce((sum, w) => sum + 0.3 * Math.abs(w) + 0.7 * w * w, 0);
  expect(penalized.evaluate(inputs, labels).loss - plain.evaluate(inputs, labels).loss).toBeCloseTo(
    penalty,
    6,
  );
  expect(penalized.trainOnBatch(inputs, labels).loss - plain.trainOnBatch(inputs, labels).loss).toBeCloseTo(
    penalty,
    6,
  );
});

test('a loss that is not finite in trainOnBatch is E_NUMERIC; weights that are not finite have no hash', async () => {
  const { inputs, labels } = points(20);
  const model = smallModel({ optimizer: SGD({ learningRate: 1e30 }) });
  const { code, message } = await errorOf(() => {
    for (let step = 0; step < 10; step++) model.trainOnBatch(inputs, labels);
  });
  expect(code).toBe('E_NUMERIC');
  expect(message).toMatch(/^trainOnBatch: the loss is (NaN|Infinity)\. Lower the learning rate/);
  expect((await errorOf(() => model.weightsHash())).code).toBe('E_NUMERIC');
});

test('after dispose everything is E_STATE, and disposing twice is nothing', async () => {
  const { inputs, labels } = points(4);
  const engine = createWasmEngine();
  const model = smallModel({ engine });
  model.trainOnBatch(inputs, labels);
  const weights = model.getWeights();
  const rows = model.createRows(inputs);
  const targets = model.targets(inputs, labels);
  rows.dispose();
  model.dispose();
  model.dispose();
  expect(engine.memoryInUse).toBe(0);
  const attempts: Record<string, () => unknown> = {
    compile: () => {
      model.compile({ optimizer: 'adam', loss: 'sparse_categorical_crossentropy' });
    },
    fit: () => model.fit(inputs, labels),
    evaluate: () => model.evaluate(inputs, labels),
    evaluateRows: () => model.evaluateRows(rows, targets),
    predict: () => model.predict(inputs),
    trainOnBatch: () => model.trainOnBatch(inputs, labels),
    getWeights: () => model.getWeights(),
    setWeights: () => {
      model.setWeights(weights);
    },
    weightsHash: () => model.weightsHash(),
    setLearningRate: () => {
      model.setLearningRate(0.1);
    },
    createRows: () => model.createRows(inputs),
  };
  for (const [name, attempt] of Object.entries(attempts)) {
    expect((await errorOf(attempt)).code, name).toBe('E_STATE');
  }
  expect(engine.memoryInUse).toBe(0);
});

test('`using` disposes, and predict, evaluate and trainOnBatch keep nothing for themselves', () => {
  const engine = createWasmEngine();
  const { inputs, labels } = points(40);
  {
    using model = smallModel({ engine });
    const bytes = { data: new Uint8Array(240), shape: [40, 6] };
    model.trainOnBatch(inputs, labels);
    model.predict(bytes);
    const before = engine.memoryInUse;
    for (const data of [inputs, bytes]) {
      model.trainOnBatch(data, labels);
      model.evaluate(data, labels);
      model.predict(data);
    }
    expect(engine.memoryInUse).toBeLessThanOrEqual(before + 40 * 6 * 8 + 64);
    const after = engine.memoryInUse;
    for (let k = 0; k < 20; k++) model.evaluate(bytes, labels);
    expect(engine.memoryInUse).toBe(after);
  }
  expect(engine.memoryInUse).toBe(0);
});

test('layers are fixed once made: what is set on one, or put among them, throws instead of changing nothing', () => {
  const layer = Dense(2);
  const model = smallModel();
  for (const own of [layer, ...model.layers]) {
    expect(() => Object.assign(own, { trainable: false })).toThrow(TypeError);
  }
  expect(() => (model.layers as unknown[]).push(layer)).toThrow(TypeError);
});

test('room for sparse rows is taken by a network that reads them, and by no other', () => {
  const engine = createWasmEngine();
  using model = smallModel({ engine });
  const { data } = points(40).inputs;
  const floats = { data: data.map((value) => Math.abs(value) + 1), shape: [40, 6] };
  const bytes = { data: new Uint8Array(240).fill(1), shape: [40, 6] };
  model.predict(floats);
  const dense = engine.memoryInUse;
  model.predict(bytes);
  // Numbers and ends of 40 rows, and twice their entries of 8 bytes, the 6 columns padded to 8.
  expect(engine.memoryInUse - dense).toBe(40 * (4 + 4 + 2 * 8 * 8));
});
