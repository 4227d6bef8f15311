import { expect, test } from 'vitest';
import { bestEpoch, modelWeights } from './keptEpoch.ts';

const history = {
  loss: [3, 2, 1, 0.5],
  accuracy: [0.1, 0.2, 0.3, 0.4],
  val_loss: [0.9, 0.4, 0.4, 0.6],
  val_accuracy: [0.5, 0.6, 0.8, 0.8],
};
const weightsHash = ['a', 'b', 'c', 'd'].map((digit) => digit.repeat(64));

test('the first best epoch by what is monitored, by the loss where nothing is', () => {
  expect(bestEpoch({ history }, null)).toBe(1);
  expect(bestEpoch({ history }, { monitor: 'val_loss', patience: 2 })).toBe(1);
  expect(bestEpoch({ history }, { monitor: 'val_accuracy', patience: 2 })).toBe(2);
});

test('weights are named as those of the model, and those of the last epoch where they are others', () => {
  const words = (stopping: Parameters<typeof modelWeights>[1], epochs = 4) =>
    modelWeights({ history, weightsHash: weightsHash.slice(0, epochs) }, stopping);
  expect(words({ monitor: 'val_loss', patience: 2 })).toBe(
    'of the model, put back from epoch 2: bbbbbbbbbbbbbbbb…; after the last epoch, 4: dddddddddddddddd…',
  );
  expect(words(null)).toBe('of the model, after the last epoch, 4: dddddddddddddddd…');
  expect(words({ monitor: 'val_loss', patience: 2 }, 2)).toBe(
    'of the model, after the last epoch, 2: bbbbbbbbbbbbbbbb…',
  );
});
