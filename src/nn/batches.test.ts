import { setImmediate as immediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { errorOf, points, smallModel } from '../../test/support/models.ts';
import type { LabelledBatch } from './batches.ts';
import { Conv2D, Dense, Flatten, Input, MaxPooling2D } from './layers.ts';
import { Sequential } from './sequential.ts';

const QUIET = { verbose: 0 } as const;
const { inputs, labels } = points(40);
const width = inputs.shape[1];

/** Batches of eight, in order. */
function* batches(): Generator<LabelledBatch> {
  for (let from = 0; from < 40; from += 8) {
    yield [
      { data: inputs.data.subarray(from * width, (from + 8) * width), shape: [8, width] },
      { data: labels.data.subarray(from, from + 8), shape: [8] },
    ];
  }
}

async function* stream(): AsyncGenerator<LabelledBatch> {
  for (const batch of batches()) {
    await immediate();
    yield batch;
  }
}

test('fit on batches gives the bits and the history of fit on their array without shuffle', async () => {
  const [array, list, made, streamed] = [0, 1, 2, 3].map(() => smallModel());
  const options = { ...QUIET, epochs: 3, validationData: [inputs, labels] } as const;
  const expected = await array.fit(inputs, labels, { ...options, batchSize: 8, shuffle: false });
  const seen: (typeof expected)[] = [
    await list.fit([...batches()], options),
    await made.fit(() => batches(), options),
    await streamed.fit(() => stream(), options),
  ];
  for (const history of seen) expect(history).toEqual(expected);
  for (const model of [list, made, streamed]) expect(model.weightsHash()).toBe(array.weightsHash());
});

test('weights beside the batches, or by class, give the bits of the same weights beside the array', async () => {
  const weights = Float64Array.from({ length: 40 }, (_, s) => (s % 5) / 2);
  const classWeight = { 0: 3, 1: 0.25 };
  const weighted = [...batches()].map(([own, labels], k): LabelledBatch => [
    own,
    labels,
    weights.subarray(8 * k, 8 * k + 8),
  ]);
  const order = { ...QUIET, batchSize: 8, shuffle: false };
  const [plain, bySample, byClass, parts, classes] = [0, 1, 2, 3, 4].map(() => smallModel());
  await plain.fit(inputs, labels, order);
  await bySample.fit(inputs, labels, { ...order, sampleWeight: weights });
  await byClass.fit(inputs, labels, { ...order, classWeight });
  await parts.fit(weighted, QUIET);
  await classes.fit([...batches()], { ...QUIET, classWeight });
  expect(parts.weightsHash()).toBe(bySample.weightsHash());
  expect(classes.weightsHash()).toBe(byClass.weightsHash());
  const hashes = [plain, bySample, byClass].map((model) => model.weightsHash());
  expect(new Set(hashes).size).toBe(3);
});

test('a generator that is at its end says what to give instead; no batch, and what is no batch, are E_ARGUMENT', async () => {
  const model = smallModel();
  const spent = await errorOf(() => model.fit(batches(), { ...QUIET, epochs: 2 }));
  expect(spent).toMatchObject({ code: 'E_ARGUMENT' });
  expect(spent.message).toContain('a function that makes a new one for each epoch');
  expect((await errorOf(() => model.fit([], QUIET))).code).toBe('E_ARGUMENT');
  expect((await errorOf(() => model.predict([]))).code).toBe('E_ARGUMENT');
  expect((await errorOf(() => model.evaluate([[inputs]] as never))).code).toBe('E_ARGUMENT');
  expect(
    (await errorOf(() => model.fit([...batches()], { ...QUIET, shuffle: true } as never))).message,
  ).toContain("received 'shuffle'");
});

test('options of fit and evaluate on batches may stand where they stand beside arrays', async () => {
  const model = smallModel();
  const fitted = (await model.fit([...batches()] as never, undefined as never, { ...QUIET, epochs: 3 })) as {
    history: Record<string, number[]>;
  };
  expect(fitted.history.loss).toHaveLength(3);
  const signal = AbortSignal.abort();
  expect(
    (await errorOf(() => model.evaluate([...batches()] as never, undefined as never, { signal }))).code,
  ).toBe('E_ABORTED');
});

test('what is wrong in a batch is said with the batch’s number, from fit, evaluate and predict', async () => {
  const model = smallModel();
  const [good, other] = [...batches()];
  const damaged = { data: Float32Array.from(other[0].data), shape: other[0].shape };
  damaged.data[width + 1] = NaN;
  const noNumber = {
    code: 'E_NUMERIC',
    message: 'Batch 1: inputs[1, 1]: expected a finite float32 number, received NaN.',
  };
  expect(await errorOf(() => model.fit([good, [damaged, other[1]]], QUIET))).toEqual(noNumber);
  expect(await errorOf(() => model.evaluate([good, [damaged, other[1]]]))).toEqual(noNumber);
  expect(await errorOf(() => model.predict([good[0], damaged]))).toEqual(noNumber);
  const label = await errorOf(() =>
    model.evaluate([[other[0], { data: new Uint8Array(8).fill(99), shape: [8] }]]),
  );
  expect(label).toMatchObject({ code: 'E_LABEL' });
  expect(label.message).toMatch(/^Batch 0: /);
});

test.each(['fit', 'evaluate'] as const)(
  'rows of plain numbers beside labels are told what %s takes, and how they become it',
  async (method) => {
    const model = smallModel();
    for (const beside of [[[1]], { data: Float32Array.of(1), shape: [1] }]) {
      const ask = model[method].bind(model) as (rows: unknown, beside: unknown) => unknown;
      const { code, message } = await errorOf(() => ask([[1, 2]], beside));
      expect(code).toBe('E_ARGUMENT');
      expect(message).toContain(`${method}: expected labels in each batch, [inputs, labels]; received a`);
      expect(message).toContain('{ data: Float32Array.from(rows.flat()), shape: [rows.length, …] }');
    }
  },
);

test('evaluate and predict of batches and of promises are those of the array, to the bit', async () => {
  const model = smallModel();
  await model.fit(inputs, labels, QUIET);
  const [outputs, measured] = [model.predict(inputs), model.evaluate(inputs, labels)];
  expect(await model.predict(inputs, { async: true })).toEqual(outputs);
  expect(await model.evaluate(inputs, labels, { async: true })).toEqual(measured);
  const parts = [...batches()];
  expect(await model.predict(parts.map(([own]) => own))).toEqual(outputs);
  const streamed = await model.evaluate(stream());
  expect(streamed.accuracy).toBe(measured.accuracy);
  expect(Math.abs(streamed.loss - measured.loss)).toBeLessThan(1e-12);
  const ended = AbortSignal.abort();
  expect((await errorOf(() => model.predict(inputs, { async: true, signal: ended }))).code).toBe('E_ABORTED');
});

test('an answer that is no number is told by its row, promised or not', async () => {
  const model = new Sequential([Input([1]), Dense(2)]);
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  model.setWeights([
    { data: Float32Array.of(1, 3e38), shape: [1, 2] },
    { data: new Float32Array(2), shape: [2] },
  ]);
  const large = { data: new Float32Array(300).fill(2, 150), shape: [300, 1] };
  for (const predict of [() => model.predict(large), () => model.predict(large, { async: true })]) {
    const { code, message } = await errorOf(predict);
    expect(code).toBe('E_NUMERIC');
    expect(message).toMatch(/^predict: the answer to inputs\[150\] holds Infinity\./);
  }
});

test('one example without its batch: predict gives its outputs alone, evaluate and fit take it as a batch of one', async () => {
  const model = smallModel();
  const one = { data: inputs.data.slice(0, width), shape: [width] };
  const batch = { data: one.data, shape: [1, width] };
  const label = { data: Uint8Array.of(1), shape: [1] };
  expect(model.predict(one)).toEqual({ data: model.predict(batch).data, shape: [model.outputs] });
  expect(model.evaluate(one, label)).toEqual(model.evaluate(batch, label));
  const other = smallModel();
  await model.fit(one, label, QUIET);
  await other.fit(batch, label, QUIET);
  expect(model.weightsHash()).toBe(other.weightsHash());
});

test('weights in evaluate: 2 for every row doubles the loss', () => {
  const model = smallModel();
  const twice = model.evaluate(inputs, labels, { sampleWeight: new Array<number>(40).fill(2) });
  expect(twice.loss).toBeCloseTo(2 * model.evaluate(inputs, labels).loss, 12);
});

test('fit, its validation and the promised predict let others have a turn again and again', async () => {
  const model = new Sequential([
    Input([28, 28, 1]),
    Conv2D(4, 3, { activation: 'relu' }),
    MaxPooling2D(2),
    Flatten(),
    Dense(10, { activation: 'softmax' }),
  ]);
  model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy' });
  const images = { data: new Float32Array(4000 * 784).fill(0.5), shape: [4000, 28, 28, 1] };
  const own = new Uint8Array(4000);
  let turns = 0;
  let running = true;
  const count = (async () => {
    while (running) {
      await immediate();
      turns++;
    }
  })();
  await model.fit(images, own, { ...QUIET, validationData: [images, own] });
  await model.predict(images, { async: true });
  running = false;
  await count;
  expect(turns).toBeGreaterThan(4);
});

test('an iterable whose next batch never comes ends with the signal: E_ABORTED, from fit, evaluate and predict', async () => {
  async function* hanging<T>(batch: T): AsyncGenerator<T> {
    yield batch;
    await new Promise(() => undefined);
  }
  const model = smallModel();
  const [batch] = [...batches()];
  const signal = (): AbortSignal => AbortSignal.timeout(30);
  const runs = [
    () => model.fit(() => hanging(batch), { ...QUIET, signal: signal() }),
    () => model.evaluate(hanging(batch), { signal: signal() }),
    () => model.predict(hanging(batch[0]), { signal: signal() }),
  ];
  for (const run of runs) expect((await errorOf(run)).code).toBe('E_ABORTED');
  let closed = 0;
  function* endless(): Generator<LabelledBatch> {
    try {
      for (;;) yield batch;
    } finally {
      closed++;
    }
  }
  expect((await errorOf(() => model.fit(endless, { ...QUIET, signal: signal() }))).code).toBe('E_ABORTED');
  expect(closed).toBe(1);
});

test('evaluate takes batches of one example without its batch, as fit and predict do', async () => {
  const model = smallModel();
  const one = { data: inputs.data.subarray(0, width), shape: [width] };
  const single = await model.evaluate([[one, labels.data.subarray(0, 1)]]);
  expect(single).toEqual(model.evaluate({ data: one.data, shape: [1, width] }, labels.data.subarray(0, 1)));
});

test('a promise of batches, and a validation loss that is no number, are refused in words', async () => {
  const promised = (() => Promise.resolve([...batches()])) as unknown as () => LabelledBatch[];
  expect((await errorOf(() => smallModel().fit(promised, QUIET))).message).toContain('received a Promise.');
  const wild = smallModel({
    activation: 'relu',
    optimizer: { name: 'sgd', learningRate: 1e38, momentum: 0, nesterov: false },
  });
  const [batch] = [...batches()];
  const error = await errorOf(() => wild.fit([batch], { ...QUIET, validationData: [inputs, labels] }));
  expect([error.code, error.message]).toEqual(['E_NUMERIC', expect.stringContaining('validation loss')]);
});
