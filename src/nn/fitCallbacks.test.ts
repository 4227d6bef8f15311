import { afterEach, expect, test, vi } from 'vitest';
import { errorOf, points, smallModel, WIDTH } from '../../test/support/models.ts';
import { createWasmEngine } from '../engine/wasm.ts';
import type { Callback } from './callbacks.ts';
import type { FitOptions } from './fit.ts';

const QUIET = { verbose: 0 } as const;

afterEach(() => {
  vi.restoreAllMocks();
});

test('callbacks: in their order, those that return a promise waited for', async () => {
  const { inputs, labels } = points(5);
  const events: string[] = [];
  const log = (name: string): Callback => ({
    onTrainBegin: async () => {
      await new Promise((resolve) => setTimeout(resolve, 2));
      events.push(`${name} train begin`);
    },
    onEpochBegin: (epoch) => void events.push(`${name} epoch ${epoch} begin`),
    onBatchEnd: (batch) => void events.push(`${name} batch ${batch}`),
    onEpochEnd: async (epoch) => {
      await Promise.resolve();
      events.push(`${name} epoch ${epoch} end`);
    },
    onTrainEnd: () => void events.push(`${name} train end`),
  });
  await smallModel().fit(inputs, labels, {
    ...QUIET,
    epochs: 2,
    batchSize: 3,
    callbacks: [log('a'), log('b')],
  });
  const epoch = (k: number): string[] =>
    [`epoch ${k} begin`, 'batch 0', 'batch 1', `epoch ${k} end`].flatMap((event) => [
      `a ${event}`,
      `b ${event}`,
    ]);
  expect(events).toEqual([
    'a train begin',
    'b train begin',
    ...epoch(0),
    ...epoch(1),
    'a train end',
    'b train end',
  ]);
});

test('stopTraining ends after the present epoch, with onTrainEnd; the next fit runs again', async () => {
  const { inputs, labels } = points(9);
  const model = smallModel();
  let ended = 0;
  let batches = 0;
  const stop: Callback = {
    onBatchEnd: (_, __, own) => {
      batches++;
      if (batches === 4) own.stopTraining = true;
    },
    onTrainEnd: () => void ended++,
  };
  expect(
    (await model.fit(inputs, labels, { ...QUIET, epochs: 10, batchSize: 3, callbacks: [stop] })).epoch,
  ).toEqual([0, 1]);
  expect([ended, batches]).toEqual([1, 6]);
  expect((await model.fit(inputs, labels, { ...QUIET, epochs: 2 })).epoch).toEqual([0, 1]);
});

test('a signal from a batch callback stops fit in the middle of the epoch: E_ABORTED with its reason, memory given back', async () => {
  const engine = createWasmEngine();
  const model = smallModel({ engine });
  const { inputs, labels } = points(64);
  const bytes = { data: new Uint8Array(64 * WIDTH).fill(1), shape: [64, WIDTH] };
  await model.fit(bytes, labels, QUIET);
  const inUse = engine.memoryInUse;
  const controller = new AbortController();
  let batches = 0;
  const stop: Callback = {
    onBatchEnd: () => {
      if (++batches === 3) controller.abort('enough');
    },
  };
  const options = {
    ...QUIET,
    batchSize: 1,
    validationData: [bytes, labels],
    signal: controller.signal,
    callbacks: [stop],
  } as const;
  await expect(model.fit(bytes, labels, options)).rejects.toMatchObject({
    code: 'E_ABORTED',
    cause: 'enough',
  });
  expect(batches).toBe(3);
  expect(engine.memoryInUse).toBe(inUse);
  expect(
    (await errorOf(() => model.fit(inputs, labels, { ...QUIET, signal: AbortSignal.abort() }))).code,
  ).toBe('E_ABORTED');
  expect(engine.memoryInUse).toBe(inUse);
});

test('a signal from a timer gets through however short the epochs are', async () => {
  const { inputs, labels } = points(4);
  const controller = new AbortController();
  setTimeout(() => {
    controller.abort();
  }, 20);
  const training = smallModel().fit(inputs, labels, { ...QUIET, epochs: 1e9, signal: controller.signal });
  expect((await errorOf(() => training)).code).toBe('E_ABORTED');
});

test('a callback that throws ends fit with its error, the memory given back', async () => {
  const engine = createWasmEngine();
  const model = smallModel({ engine });
  const bytes = { data: new Uint8Array(800 * WIDTH).fill(3), shape: [800, WIDTH] };
  const labels = points(800).labels;
  await model.fit(bytes, labels, QUIET);
  const inUse = engine.memoryInUse;
  const failure = new Error('mine');
  const fail: Callback = {
    onEpochEnd: () => {
      throw failure;
    },
  };
  await expect(model.fit(bytes, labels, { ...QUIET, callbacks: [fail] })).rejects.toBe(failure);
  expect(engine.memoryInUse).toBe(inUse);
});

test('a second fit while one is under way is E_STATE and disturbs nothing; afterwards fit works again', async () => {
  const { inputs, labels } = points(50);
  const [alone, model] = [smallModel(), smallModel()];
  await alone.fit(inputs, labels, { ...QUIET, epochs: 2 });
  const first = model.fit(inputs, labels, { ...QUIET, epochs: 2 });
  expect((await errorOf(() => model.fit(inputs, labels, QUIET))).code).toBe('E_STATE');
  await first;
  expect(model.weightsHash()).toBe(alone.weightsHash());
  expect((await model.fit(inputs, labels, QUIET)).epoch).toEqual([0]);
});

test('compile and trainOnBatch during fit are E_STATE and disturb nothing; evaluate and predict are allowed', async () => {
  const { inputs, labels } = points(50);
  const [alone, model] = [smallModel(), smallModel()];
  await alone.fit(inputs, labels, QUIET);
  const codes: string[] = [];
  await model.fit(inputs, labels, {
    ...QUIET,
    callbacks: [
      {
        async onEpochBegin() {
          model.evaluate(inputs, labels);
          model.predict(inputs);
          for (const use of [
            () => model.trainOnBatch(inputs, labels),
            () => {
              model.compile({ optimizer: 'sgd', loss: 'sparseCategoricalCrossentropy' });
            },
          ]) {
            const { code, message } = await errorOf(use);
            codes.push(code);
            expect(message).toContain('this model is being trained');
          }
        },
      },
    ],
  });
  expect(codes).toEqual(['E_STATE', 'E_STATE']);
  expect(model.weightsHash()).toBe(alone.weightsHash());
  expect(model.compiled!.optimizer.name).toBe('adam');
  model.trainOnBatch(inputs, labels);
});

test('what hooks and checkpoint.save promise is waited for, and their rejections are those of fit', async () => {
  const later = async (): Promise<void> => {
    await Promise.resolve();
    throw new Error('refused later');
  };
  const data = points(20);
  const fits: FitOptions[] = [
    { callbacks: [{ onBatchEnd: later }] },
    { checkpoint: { everySeconds: 0, save: later } },
  ];
  for (const options of fits) {
    const run = smallModel().fit(data.inputs, data.labels, { verbose: 0, ...options });
    await expect(run).rejects.toThrow('refused later');
  }
  const onBatches = smallModel().fit([[data.inputs, data.labels]], {
    verbose: 0,
    callbacks: [{ onBatchEnd: later }],
  });
  await expect(onBatches).rejects.toThrow('refused later');
});
