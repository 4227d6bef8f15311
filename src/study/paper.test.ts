import { expect, test } from 'vitest';
import { armsOf } from './arm.ts';
import { madeUpHash, type MadeUpConfiguration, madeUpResults } from './fixtures/madeUp.ts';
import { judgeClaims } from './judge.ts';
import { fluctuation } from './judgements/stability.ts';
import { riseFromMinimum } from './judgements/overfitting.ts';
import { PAPER, paperArms, paperHistory, paperTestAccuracy, recipeDifferences } from './paper.ts';

/** The study, its arms and one of them by name. */
function made(configuration: MadeUpConfiguration = {}, name = 'relu') {
  const results = madeUpResults({ configuration });
  const arms = armsOf(results);
  return { results, arms, arm: arms.find((arm) => arm.name === name)! };
}

const differences = (configuration: MadeUpConfiguration) => {
  const { results, arms } = made(configuration);
  return recipeDifferences(results, arms);
};
const history = (configuration: MadeUpConfiguration, name: string) => {
  const { arm, results } = made(configuration, name);
  return paperHistory(arm, results);
};
const accuracy = (configuration: MadeUpConfiguration) => {
  const { arm, results } = made(configuration, 'tanh');
  return paperTestAccuracy(arm, results);
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

test('on other images than MNIST’s nothing of the paper is shown, and that they are others is a difference', () => {
  const { results, arms, arm } = made();
  const other = {
    ...results,
    data: { ...results.data, name: 'Clothes', identity: results.data.identity.with(3, madeUpHash(1)) },
  };
  expect(recipeDifferences(other, arms)).toEqual(['Clothes instead of MNIST']);
  expect(paperHistory(arm, other)).toBeNull();
  expect(paperTestAccuracy(arm, other)).toBeNull();
  for (const { verdicts } of judgeClaims(other)) {
    expect(verdicts).toMatchObject([
      {
        state: 'not applicable',
        sentence: 'The claim is about the digits of MNIST; these runs are of Clothes.',
      },
    ]);
  }
});
