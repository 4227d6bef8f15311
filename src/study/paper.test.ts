import { expect, test } from 'vitest';
import { armsOf } from './arm.ts';
import { type MadeUpConfiguration, madeUpResults } from './fixtures/madeUp.ts';
import { fluctuation } from './judgements/stability.ts';
import { riseFromMinimum } from './judgements/overfitting.ts';
import { PAPER, paperArms, paperHistory, paperTestAccuracy, recipeDifferences } from './paper.ts';

/** The study, its arms and one of them by name. */
function made(configuration: MadeUpConfiguration = {}, name = 'relu') {
  const results = madeUpResults({ configuration });
  const arms = armsOf(results);
  return { study: results.study, arms, arm: arms.find((arm) => arm.name === name)! };
}

const differences = (configuration: MadeUpConfiguration) => {
  const { study, arms } = made(configuration);
  return recipeDifferences(study, arms);
};
const history = (configuration: MadeUpConfiguration, name: string) => {
  const { arm, study } = made(configuration, name);
  return paperHistory(arm, study);
};
const accuracy = (configuration: MadeUpConfiguration) => {
  const { arm, study } = made(configuration, 'tanh');
  return paperTestAccuracy(arm, study);
};

test("the paper's own numbers follow from its table: rises .0250 and .0246, fluctuation .0031 and .0038", () => {
  const { relu, tanh } = PAPER.history;
  expect(riseFromMinimum(relu.val_loss)).toBeCloseTo(0.025, 10);
  expect(riseFromMinimum(tanh.val_loss)).toBeCloseTo(0.0246, 10);
  expect(fluctuation(relu.val_accuracy, 4)).toBeCloseTo(0.00305, 5);
  expect(fluctuation(tanh.val_accuracy, 4)).toBeCloseTo(0.00378, 5);
  expect(fluctuation(relu.val_accuracy, 1)).toBeCloseTo(0.00586, 5);
});

test('a recipe that differs is described difference by difference', () => {
  expect(differences({})).toEqual([]);
  expect(differences({ epochs: 3, units: [100, 50], optimizer: 'sgd', quick: true })).toEqual([
    'a quick taste instead of a full run',
    'epochs 3 instead of 10',
    'units 100-50 instead of 128-64-32',
    'optimizer sgd instead of adam',
  ]);
  expect(
    differences({
      arms: {
        relu: { dropout: 0.2, distortion: null },
        tanh: { activation: 'tanh', dropout: 0.2, l2: 0.001 },
      },
    }),
  ).toEqual(['dropout 0.2 instead of 0', 'for Tanh L2 penalty 0.001 instead of 0']);
});

test('the dashed curve is there for ReLU and Tanh, the same recipe and as many epochs or fewer', () => {
  expect(history({}, 'relu')?.val_accuracy).toEqual(PAPER.history.relu.val_accuracy);
  expect(history({ epochs: 2 }, 'tanh')?.loss).toEqual([0.2727, 0.1212]);
  expect(history({ activations: ['gelu'] }, 'gelu')).toBeNull();
  expect(history({ epochs: 11 }, 'relu')).toBeNull();
  expect(history({ dropout: 0.2 }, 'relu')).toBeNull();
  expect(accuracy({})).toBe(0.9729);
  expect(accuracy({ epochs: 2 })).toBeNull();
});

test('the claims are about the arms named relu and tanh, or the only ones with these activations', () => {
  const names = (arms: MadeUpConfiguration['arms']) => {
    const pair = paperArms(made({ arms: arms! }).arms);
    return pair && [pair.relu.name, pair.tanh.name];
  };
  const tanh = { activation: 'tanh' };
  expect(names({ 'a-relu': {}, relu: {}, tanh })).toEqual(['relu', 'tanh']);
  expect(names({ first: tanh, second: {} })).toEqual(['second', 'first']);
  expect(names({ 'relu-a': {}, 'relu-b': {}, tanh })).toBeNull();
});
