import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { errorOf, points, smallModel } from '../../../test/support/models.ts';
import { DactylError } from '../../util/errors.ts';
import type { TrainingPast } from '../callbacks.ts';
import type { EpochLogs } from '../history.ts';
import { SGD } from '../optimizers.ts';
import { ReduceLROnPlateau, type ReduceLROnPlateauOptions } from './reduceLROnPlateau.ts';

interface Plateau {
  callback: ReduceLROnPlateauOptions & { name: string };
  initialLearningRate: number;
  values: (number | 'nan')[];
  rates: number[];
}
const plateaus = Object.entries(
  JSON.parse(
    readFileSync(new URL('../../../test/fixtures/keras/schedules.json', import.meta.url), 'utf8'),
  ) as Record<string, Plateau>,
).filter(([name]) => name.startsWith('reduceLROnPlateau'));

/** The rate after each value, from `rate` on. */
async function rates(
  options: ReduceLROnPlateauOptions,
  values: readonly number[],
  rate = 0.5,
  past?: TrainingPast,
): Promise<number[]> {
  const model = smallModel({ optimizer: SGD({ learningRate: rate }) });
  const callback = ReduceLROnPlateau(options);
  await callback.onTrainBegin!(model, past);
  const seen: number[] = [];
  for (const [epoch, value] of values.entries()) {
    const logs = { loss: 0, [options.monitor ?? 'val_loss']: value } as EpochLogs;
    await callback.onEpochEnd!(epoch, logs, model);
    seen.push(model.compiled!.optimizer.learningRate);
  }
  return seen;
}

test.each(plateaus)("Keras' rates within 1e-6 of them: %s", async (_, given) => {
  const { callback, initialLearningRate, values, rates: expected } = given;
  const { name, ...options } = callback;
  expect(name).toBe('reduceLROnPlateau');
  const received = await rates(options, values.map(Number), initialLearningRate);
  received.forEach((rate, epoch) =>
    expect(Math.abs(rate / expected[epoch] - 1), `epoch ${epoch}`).toBeLessThan(1e-6),
  );
});

test('going on from any epoch with its history gives the same rates as not having stopped', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 2, maxLength: 25 }),
      fc.nat({ max: 3 }),
      fc.nat({ max: 3 }),
      fc.constantFrom(0, 0.1, 0.3),
      fc.nat(),
      async (values, patience, cooldown, minLr, place) => {
        const options = { patience, cooldown, minLr, factor: 0.5, minDelta: 1 };
        const whole = await rates(options, values);
        const epoch = place % values.length;
        const past = { epoch, history: { val_loss: values.slice(0, epoch) } };
        const rest = await rates(options, values.slice(epoch), epoch === 0 ? 0.5 : whole[epoch - 1], past);
        expect([...whole.slice(0, epoch), ...rest]).toEqual(whole);
      },
    ),
    { numRuns: 60 },
  );
});

test('in fit: the rate falls on a plateau and training stands still; a second fit starts to count anew', async () => {
  const { inputs, labels } = points(30);
  const model = smallModel({ optimizer: SGD({ learningRate: 0.5 }) });
  const callback = ReduceLROnPlateau({ monitor: 'loss', patience: 1, factor: 1e-9, minDelta: 100 });
  const fit = (epochs: number): unknown =>
    model.fit(inputs, labels, { verbose: 0, epochs, callbacks: [callback] });
  await fit(1);
  await fit(1);
  expect(model.compiled!.optimizer.learningRate).toBe(0.5);
  await fit(2);
  expect(model.compiled!.optimizer.learningRate).toBe(0.5 * 1e-9);
});

test('a monitor that is not in the logs is E_ARGUMENT after the first epoch, with the names there are', async () => {
  const { inputs, labels } = points(10);
  const { code, message } = await errorOf(() =>
    smallModel().fit(inputs, labels, { verbose: 0, callbacks: [ReduceLROnPlateau()] }),
  );
  expect(code).toBe('E_ARGUMENT');
  expect(message).toContain('expected a monitor of loss, accuracy; received val_loss');
});

test.each<[object, string]>([
  [{ factor: 1 }, 'factor between 0 and 1; received 1'],
  [{ factor: 0 }, 'received 0'],
  [{ patience: -1 }, 'patience a whole number >= 0'],
  [{ patience: '2' }, "received the text '2'"],
  [{ cooldown: 0.5 }, 'cooldown a whole number'],
  [{ minDelta: NaN }, 'minDelta >= 0; received NaN'],
  [{ minLr: -1 }, 'minLr >= 0'],
  [{ min_lr: 0.1 }, "received 'min_lr' (nearest: minLr)"],
  [{ mode: 'up' }, "mode: 'auto', 'min' or 'max'"],
  [{ monitor: 5 }, 'monitor: expected a text'],
  [{ monitor: 'val_mine' }, "expected mode 'min' or 'max' beside monitor 'val_mine'"],
])('%j is E_ARGUMENT: %s', (options, reason) => {
  expect(() => ReduceLROnPlateau(options)).toThrow(DactylError);
  expect(() => ReduceLROnPlateau(options)).toThrow(reason);
});
