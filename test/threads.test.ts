import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Engine, Threads } from '../src/engine/engine.ts';
import { createWasmEngine } from '../src/engine/wasm.ts';
import {
  BatchNormalization,
  Conv2D,
  Dense,
  Dropout,
  Flatten,
  Input,
  type Layer,
  MaxPooling2D,
  RandomDistortion,
  Rescaling,
} from '../src/nn/layers.ts';
import type { FitOptions } from '../src/nn/fitOptions.ts';
import { Adam, SGD } from '../src/nn/optimizers.ts';
import { Sequential } from '../src/nn/sequential.ts';
import { loadMnist } from '../src/store/mnist.ts';
import { DactylError } from '../src/util/errors.ts';
import expected from './fixtures/exact-bits.json' with { type: 'json' };
import { SHORT_RUNS, shortRun, type ShortRunName } from './support/shortRun.ts';

const { images, labels } = loadMnist().train;
const NAMES = Object.keys(SHORT_RUNS) as ShortRunName[];
const COUNT = 200;
const bytes = images.data.subarray(0, 784 * COUNT);
const classes = { data: labels.subarray(0, COUNT), shape: [COUNT] };
const workers = process.getBuiltinModule('node:worker_threads');

afterEach(() => {
  vi.restoreAllMocks();
});

/** Worker threads that are started from now on. */
function watchWorkers(): InstanceType<typeof workers.Worker>[] {
  const started: InstanceType<typeof workers.Worker>[] = [];
  const { Worker } = workers;
  vi.spyOn(workers, 'Worker').mockImplementation(
    class extends Worker {
      constructor(...args: ConstructorParameters<typeof Worker>) {
        super(...args);
        started.push(this);
      }
    },
  );
  return started;
}

async function divided<T>(threads: number, use: (engine: Engine) => Promise<T>): Promise<T> {
  const engine = createWasmEngine();
  const team = await engine.startThreads!(threads);
  expect(team.count).toBe(threads);
  try {
    return await use(engine);
  } finally {
    team.stop();
  }
}

describe.each([2, 3])('%i threads', (threads) => {
  test.each(NAMES)('%s: the bits of one thread', async (name) => {
    const run = await divided(threads, (engine) => shortRun(name, images.data, labels, engine));
    expect(run).toEqual(expected.runs[name]);
  });
});

const floats = (): { data: Float32Array; shape: number[] } => ({
  data: Float32Array.from(bytes, (v) => v / 255 - 0.1),
  shape: [COUNT, 784],
});
const wide = (units: number): Layer[] => [Input([28, 28]), Rescaling(1 / 255), Flatten(), Dense(units)];
const OTHERS: Record<string, { layers: Layer[]; options?: FitOptions; float?: boolean; optimizer?: object }> =
  {
    'float inputs': { layers: [Input([784]), Dense(70, { activation: 'tanh' }), Dense(10)], float: true },
    'a width that ends in 24 columns, biases that are divided': {
      layers: [...wide(1080), Dense(56, { activation: 'relu' }), Dense(20), Dense(10)],
    },
    'SGD with penalties and clipping, averaged weights': {
      layers: [...wide(100), Dense(60, { kernelRegularizer: { l1: 1e-4, l2: 1e-3 } }), Dense(10)],
      optimizer: SGD({ momentum: 0.9, clipnorm: 0.5 }),
      options: { averaging: 0.9 },
    },
    'differential privacy': { layers: [...wide(64), Dense(10)], options: { privacy: PRIVACY() } },
    distortion: {
      layers: [
        Input([28, 28]),
        RandomDistortion({ rotation: 0.1, scale: 0.1, shear: 0.1, shift: 1, elastic: 2 }),
        ...wide(64).slice(1),
        Dense(10),
      ],
    },
    'convolution with normalisation and dropout': {
      layers: [
        Input([28, 28, 1]),
        Rescaling(1 / 255),
        Conv2D(6, 5, { activation: 'relu', padding: 'same' }),
        MaxPooling2D(2),
        Conv2D(16, 5, { activation: 'relu' }),
        BatchNormalization(),
        MaxPooling2D(2),
        Dropout(0.3),
        Flatten(),
        Dense(40, { activation: 'relu' }),
        Dense(10),
      ],
    },
  };

function PRIVACY(): NonNullable<FitOptions['privacy']> {
  return { clip: 1, noiseMultiplier: 1 };
}

test.each(Object.keys(OTHERS))('%s: one, two and three threads have the same bits', async (name) => {
  const { layers, options, float = false, optimizer = Adam() } = OTHERS[name];
  const train = async (engine: Engine): Promise<unknown> => {
    const model = new Sequential(layers, { seed: 3, engine });
    model.compile({
      optimizer: optimizer as never,
      loss: { name: 'sparseCategoricalCrossentropy', fromLogits: true },
    });
    const shape = [COUNT, ...model.inputShape];
    const inputs = float ? floats() : { data: bytes, shape };
    const { history } = await model.fit(inputs, classes, {
      epochs: 2,
      batchSize: 30,
      verbose: 0,
      validationData: [inputs, classes],
      ...options,
    });
    const answers = model.predict(inputs).data;
    const hash = model.weightsHash();
    model.dispose();
    return { hash, history, answers };
  };
  const one = await train(createWasmEngine());
  expect(await divided(2, train)).toEqual(one);
  expect(await divided(3, train)).toEqual(one);
});

const QUIET = { verbose: 0, batchSize: 20 } as const;

function model(engine: Engine): Sequential {
  const made = new Sequential([...wide(64), Dense(10, { activation: 'softmax' })], { engine });
  made.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy' });
  return made;
}

const inputs = { data: bytes, shape: [COUNT, 28, 28] };

describe('fit with threads', () => {
  test('starts its threads, ends them, and leaves the bits of one', async () => {
    const started = watchWorkers();
    const engine = createWasmEngine();
    const other = model(engine);
    await other.fit(inputs, classes, { ...QUIET, epochs: 3 });
    expect(started).toHaveLength(0);
    const own = model(engine);
    const ended: unknown[] = [];
    const onEpochBegin = (): void => {
      for (const worker of started) worker.once('exit', () => ended.push(worker));
    };
    await own.fit(inputs, classes, { ...QUIET, epochs: 1, threads: 2, callbacks: [{ onEpochBegin }] });
    expect(started).toHaveLength(1);
    await own.fit(inputs, classes, { ...QUIET, epochs: 2 });
    expect(own.weightsHash()).toBe(other.weightsHash());
    await vi.waitFor(() => {
      expect(ended).toEqual(started);
    });
  });

  test('two at a time share the threads of the first', async () => {
    const started = watchWorkers();
    const engine = createWasmEngine();
    const [a, b, alone] = [model(engine), model(engine), model(engine)];
    await alone.fit(inputs, classes, { ...QUIET, epochs: 4 });
    await Promise.all([a, b].map((one) => one.fit(inputs, classes, { ...QUIET, epochs: 4, threads: 2 })));
    expect(started).toHaveLength(1);
    expect([a, b].map((one) => one.weightsHash())).toEqual([alone.weightsHash(), alone.weightsHash()]);
  });

  test('a network that is made while there are threads has the same bits, with kernels of a module that was not there before', async () => {
    const convolution = async (engine: Engine): Promise<string> => {
      const one = new Sequential(
        [Input([28, 28, 1]), Rescaling(1 / 255), Conv2D(4, 3), Flatten(), Dense(10)],
        { engine },
      );
      one.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
      const shape = [COUNT, 28, 28, 1];
      await one.fit({ data: bytes, shape }, { data: new Uint8Array(10 * COUNT), shape: [COUNT, 10] }, QUIET);
      return one.weightsHash();
    };
    const alone = await convolution(createWasmEngine());
    expect(await divided(2, convolution)).toBe(alone);
  });

  test.each(['before the first epoch', 'amid an epoch'])(
    'a thread that ends %s ends the run with E_THREAD within a second',
    async (when) => {
      const started = watchWorkers();
      const engine = createWasmEngine();
      const own = model(engine);
      let killed = 0;
      const kill = (): void => {
        if (killed > 0) return;
        killed = performance.now();
        for (const worker of started) void worker.terminate();
      };
      const callback = when === 'amid an epoch' ? { onBatchEnd: kill } : { onTrainBegin: kill };
      const run = own.fit(inputs, classes, { ...QUIET, epochs: 1e6, threads: 2, callbacks: [callback] });
      await expect(run).rejects.toMatchObject({ code: 'E_THREAD' });
      expect(performance.now() - killed).toBeLessThan(1000);
      own.dispose();
      const next = model(engine);
      await next.fit(inputs, classes, { ...QUIET, threads: 2 });
      const alone = model(createWasmEngine());
      await alone.fit(inputs, classes, QUIET);
      expect(next.weightsHash()).toBe(alone.weightsHash());
    },
  );

  test.each([
    ['abort', (_: Sequential, abort: AbortController) => abort.abort(), 'E_ABORTED'],
    ['dispose', (own: Sequential) => own.dispose(), 'E_STATE'],
    ['a callback that throws', () => void fail(), 'E_LABEL'],
  ] as const)('%s ends it within a second and leaves no thread', async (_, end, code) => {
    const started = watchWorkers();
    const engine = createWasmEngine();
    const own = model(engine);
    const abort = new AbortController();
    let exits = 0;
    let asked = 0;
    const onEpochEnd = (epoch: number): void => {
      if (epoch !== 2) return;
      for (const worker of started) worker.once('exit', () => exits++);
      asked = performance.now();
      end(own, abort);
    };
    const options = { ...QUIET, epochs: 1e6, threads: 2, signal: abort.signal, callbacks: [{ onEpochEnd }] };
    await expect(own.fit(inputs, classes, options)).rejects.toMatchObject({ code });
    await vi.waitFor(() => {
      expect(exits).toBe(1);
    });
    expect(performance.now() - asked).toBeLessThan(1000);
  });

  test.each([[0], [-1], [1.5], ['2' as never], [null as never], [100_000]])(
    'threads: %s is E_ARGUMENT, with what may be given',
    async (threads) => {
      const run = model(createWasmEngine()).fit(inputs, classes, { ...QUIET, threads });
      const cores = navigator.hardwareConcurrency;
      await expect(run).rejects.toThrow(
        `fit: expected threads: a whole number from 1 to ${cores}, the cores of this machine; received `,
      );
      await expect(run).rejects.toMatchObject({ code: 'E_ARGUMENT' });
    },
  );

  test('where memory cannot be shared, or no thread starts, one does it all', async () => {
    const alone = model(createWasmEngine());
    await alone.fit(inputs, classes, QUIET);
    const withTwo = async (): Promise<string> => {
      const own = model(createWasmEngine());
      await own.fit(inputs, classes, { ...QUIET, threads: 2 });
      return own.weightsHash();
    };
    const started = watchWorkers();
    vi.stubGlobal('crossOriginIsolated', false);
    expect(await withTwo()).toBe(alone.weightsHash());
    vi.unstubAllGlobals();
    expect(started).toHaveLength(0);
    vi.spyOn(workers, 'Worker').mockImplementation(function () {
      throw new Error('no threads here');
    });
    expect(await withTwo()).toBe(alone.weightsHash());
  });

  test('threads that have nothing to do burn no core', async () => {
    const engine = createWasmEngine();
    const team: Threads = await engine.startThreads!(3);
    const own = model(engine);
    await own.fit(inputs, classes, QUIET);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const before = process.cpuUsage();
    await new Promise((resolve) => setTimeout(resolve, 500));
    const { user, system } = process.cpuUsage(before);
    team.stop();
    expect((user + system) / 1000).toBeLessThan(100);
  });
});

function fail(): never {
  throw new DactylError('E_LABEL', 'a test');
}

test('what one model trains while another one’s threads are being started is not lost', async () => {
  const engine = createWasmEngine();
  const [own, alone] = [model(engine), model(createWasmEngine())];
  await alone.fit(inputs, classes, QUIET);
  const starting = engine.startThreads!(2);
  // Long enough for the memory to have moved, too short for the threads to be there.
  await import('../src/engine/threads/team.ts');
  const rows = own.createRows(inputs);
  (await starting).stop();
  const targets = own.targets(inputs, classes);
  expect(own.evaluateRows(rows, targets)).toEqual(model(engine).evaluate(inputs, classes));
  rows.dispose();
  await own.fit(inputs, classes, QUIET);
  expect(own.weightsHash()).toBe(alone.weightsHash());
});
