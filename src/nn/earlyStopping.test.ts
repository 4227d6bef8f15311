import { expect, test } from 'vitest';
import { errorOf, points, smallModel } from '../../test/support/models.ts';
import { type BestEpoch, type EarlyStoppingOptions, watchEpoch } from './earlyStopping.ts';
import { atOnce } from '../util/steps.ts';
import type { EpochLogs } from './history.ts';
import { SGD } from './optimizers.ts';

const QUIET = { verbose: 0 } as const;

/** The epoch after which training ends (`values.length - 1` at the latest), and the best one, for made-up values. */
function watch(options: EarlyStoppingOptions, values: readonly number[]): { last: number; best: number } {
  let best: BestEpoch | undefined;
  for (let epoch = 0; epoch < values.length; epoch++) {
    const logs: EpochLogs = { loss: 0, [options.monitor ?? 'val_loss']: values[epoch] };
    const seen = atOnce(watchEpoch(options, best, { epoch, logs, model: smallModel() }));
    best = seen.best;
    if (seen.stop) return { last: epoch, best: best.epoch };
  }
  return { last: values.length - 1, best: best!.epoch };
}

test.each<[string, EarlyStoppingOptions, number[], { last: number; best: number }]>([
  ['always better', { patience: 1 }, [5, 4, 3, 2, 1], { last: 4, best: 4 }],
  ['never better', { patience: 1 }, [1, 2, 3], { last: 1, best: 0 }],
  ['equal is not better', { patience: 2 }, [1, 1, 1, 1], { last: 2, best: 0 }],
  ['patience starts anew with each best', { patience: 2 }, [5, 6, 4, 5, 3, 4, 4, 0], { last: 6, best: 4 }],
  ['better just in time', { patience: 3 }, [5, 6, 6, 4, 6, 6, 6, 1], { last: 6, best: 3 }],
  ['accuracies grow', { patience: 1, monitor: 'val_accuracy' }, [0.1, 0.2, 0.2, 0.9], { last: 2, best: 1 }],
  ['training accuracy', { patience: 1, monitor: 'accuracy' }, [0.3, 0.2], { last: 1, best: 0 }],
  ['gains of minDelta do not count', { patience: 2, minDelta: 1 }, [5, 4, 4, 9], { last: 2, best: 0 }],
  ['gains beyond it do', { patience: 2, minDelta: 1 }, [5, 3.5, 2, 2], { last: 3, best: 2 }],
  ['no number is not better', { patience: 2 }, [5, NaN, 4, NaN, NaN, 3], { last: 4, best: 2 }],
  [
    'the way that mode says',
    { patience: 1, monitor: 'val_mine', mode: 'max' },
    [1, 2, 1],
    { last: 2, best: 1 },
  ],
  ['against its name', { patience: 1, monitor: 'val_accuracy', mode: 'min' }, [1, 2], { last: 1, best: 0 }],
  ['patience 0', { patience: 0 }, [3, 2, 2, 1], { last: 2, best: 1 }],
])('%s', (_, options, values, expected) => {
  expect(watch(options, values)).toEqual(expected);
});

test.each(['val_loss', 'val_accuracy'] as const)(
  'fit ends %s + patience epochs after the best, and puts back its weights bit for bit',
  async (monitor) => {
    const { inputs, labels } = points(40);
    const validation = points(40, 9);
    const model = smallModel({ optimizer: SGD({ learningRate: 2 }) });
    const hashes: string[] = [];
    const { history } = await model.fit(inputs, labels, {
      ...QUIET,
      epochs: 200,
      batchSize: 5,
      validationData: [validation.inputs, validation.labels],
      earlyStopping: { monitor, patience: 4, restoreBestWeights: true },
      callbacks: [{ onEpochEnd: () => void hashes.push(model.weightsHash()) }],
    });
    const values = history[monitor]!.map((value) => (monitor === 'val_loss' ? -value : value));
    const best = values.indexOf(Math.max(...values));
    expect(values).toHaveLength(best + 5);
    expect(values.length).toBeLessThan(200);
    expect(model.weightsHash()).toBe(hashes[best]);
    expect(new Set(hashes.slice(best)).size).toBe(5);
    expect(model.evaluate(validation.inputs, validation.labels).loss).toBe(history.val_loss![best]);
  },
);

test('without restoreBestWeights the last weights stay; with it, also where the epochs run out first', async () => {
  const { inputs, labels } = points(40);
  const validation = points(40, 9);
  const train = async (
    restoreBestWeights: boolean,
  ): Promise<{ final: string; hashes: string[]; best: number }> => {
    const model = smallModel({ optimizer: SGD({ learningRate: 2 }) });
    const hashes: string[] = [];
    const { history } = await model.fit(inputs, labels, {
      ...QUIET,
      epochs: 30,
      batchSize: 5,
      validationData: [validation.inputs, validation.labels],
      earlyStopping: { patience: 50, restoreBestWeights },
      callbacks: [{ onEpochEnd: () => void hashes.push(model.weightsHash()) }],
    });
    const best = history.val_loss!.indexOf(Math.min(...history.val_loss!));
    return { final: model.weightsHash(), hashes, best };
  };
  const [kept, restored] = [await train(false), await train(true)];
  expect(kept.best).toBeLessThan(29);
  expect(kept.final).toBe(kept.hashes[29]);
  expect(restored.final).toBe(restored.hashes[restored.best]);
});

test('with averaging, the best weights are those that validation saw', async () => {
  const { inputs, labels } = points(40);
  const model = smallModel({ optimizer: SGD({ learningRate: 2 }) });
  const { history } = await model.fit(inputs, labels, {
    ...QUIET,
    epochs: 15,
    batchSize: 5,
    averaging: 0.7,
    validationData: [inputs, labels],
    earlyStopping: { patience: 3, restoreBestWeights: true },
  });
  expect(model.evaluate(inputs, labels).loss).toBe(Math.min(...history.val_loss!));
});

test.each<[EarlyStoppingOptions, string]>([
  [{ patience: 1 }, 'received val_loss'],
  [{ patience: 1, monitor: 'val_accuracy' }, 'received val_accuracy'],
  [{ patience: -1, monitor: 'loss' }, 'patience: a whole number'],
  [{ patience: 0.5, monitor: 'loss' }, 'patience: a whole number'],
  [{ patience: 1, monitor: 'loss', minDelta: NaN }, 'minDelta >= 0'],
  [{ patience: 1, monitor: 'speed' }, 'received speed'],
])('%j without validation is E_ARGUMENT: %s', async (earlyStopping, reason) => {
  const { inputs, labels } = points(4);
  const { code, message } = await errorOf(() =>
    smallModel().fit(inputs, labels, { ...QUIET, earlyStopping }),
  );
  expect(code).toBe('E_ARGUMENT');
  expect(message).toContain(reason);
});

test.each(['abort', 'error in a callback', 'NaN', 'error at the end of the epoch'] as const)(
  'restoreBestWeights also where fit rejects: %s',
  async (how) => {
    const { inputs, labels } = points(60);
    const validation = points(60, 9);
    const model = smallModel({ optimizer: SGD({ learningRate: 1.5, momentum: 0.9 }) });
    const stop = new AbortController();
    const [hashes, values]: [string[], number[]] = [[], []];
    const fitted = model.fit(inputs, labels, {
      ...QUIET,
      epochs: 40,
      batchSize: 6,
      validationData: [validation.inputs, validation.labels],
      signal: stop.signal,
      earlyStopping: { patience: 40, restoreBestWeights: true },
      callbacks: [
        {
          onBatchEnd(batch) {
            if (hashes.length < 8 || batch < 3) return;
            if (how === 'abort') stop.abort();
            if (how === 'error in a callback') throw new Error('own');
            if (how === 'NaN') model.setLearningRate(1e38);
          },
          onEpochEnd(epoch, { val_loss }) {
            hashes.push(model.weightsHash());
            values.push(val_loss!);
            if (how === 'error at the end of the epoch' && epoch === 7) throw new Error('own');
          },
        },
      ],
    });
    const { code, message } = await errorOf(() => fitted);
    if (how === 'abort') expect(code).toBe('E_ABORTED');
    else if (how === 'NaN') expect(code).toBe('E_NUMERIC');
    else expect(message).toBe('own');
    const best = values.indexOf(Math.min(...values));
    expect(values).toHaveLength(8);
    expect(best).toBeLessThan(7);
    expect(model.weightsHash()).toBe(hashes[best]);
  },
);

test('a metric of one’s own can be watched, where mode says which way it gets better', async () => {
  const { inputs, labels } = points(40);
  const model = smallModel({ optimizer: SGD({ learningRate: 0.1 }) });
  let calls = 0;
  const falling = (): number => -calls++;
  model.compile({ optimizer: 'sgd', loss: 'sparseCategoricalCrossentropy', metrics: [falling] });
  const earlyStopping = { monitor: 'falling', patience: 1 };
  const options = { ...QUIET, epochs: 9, batchSize: 40 };
  const refused = await errorOf(() => model.fit(inputs, labels, { ...options, earlyStopping }));
  expect(refused.message).toContain("earlyStopping: expected mode 'min' or 'max' beside monitor 'falling'");
  const up = { ...options, earlyStopping: { ...earlyStopping, mode: 'max' } as const };
  expect((await model.fit(inputs, labels, up)).history.loss).toHaveLength(2);
  const down = { ...options, earlyStopping: { ...earlyStopping, mode: 'min' } as const };
  expect((await model.fit(inputs, labels, down)).history.loss).toHaveLength(9);
});
