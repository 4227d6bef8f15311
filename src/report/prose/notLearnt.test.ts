import { expect, test } from 'vitest';
import { madeUpResults } from '../../study/fixtures/madeUp.ts';
import type { Results } from '../../study/results.ts';
import { answer } from './answer.ts';
import { conclusion } from './conclusion.ts';
import { factsOf } from './facts.ts';
import { notLearnt } from './notLearnt.ts';

const plain = (text: string) => text.replaceAll('\u00a0', ' ');

/** Two classes, 'yes' and 'no', and the matrix [true][answered] of each run. */
function resultsOf(matrices: Record<string, (k: number) => number[][]>): Results {
  const results = madeUpResults({
    configuration: { activations: Object.keys(matrices) },
    trial: (arm, k) => {
      const confusionMatrix = matrices[arm](k);
      const images = confusionMatrix.flat().reduce((sum, count) => sum + count, 0);
      return { confusionMatrix, testAccuracy: (confusionMatrix[0][0] + confusionMatrix[1][1]) / images };
    },
  });
  return {
    ...results,
    data: { ...results.data, name: 'marks.csv', identity: ['0'.repeat(64)], classes: ['yes', 'no'] },
  };
}

const allYes = () => [
  [95, 0],
  [5, 0],
];
const allNo = () => [
  [0, 95],
  [0, 5],
];
const right = (k: number) => [
  [950 - k, k],
  [0, 50],
];
// Wilson, 95 %: 98 of 100 is 93.00 to 99.45 %, 990 of 1,000 is 98.16 to 99.46 %; one and the same answer gets 95 %.
const a98 = () => [
  [95, 0],
  [2, 3],
];
const a990 = () => [
  [950, 0],
  [10, 40],
];

const found = (matrix: (k: number) => number[][]) => {
  const one = notLearnt(factsOf(resultsOf({ relu: matrix })).arms[0]);
  return one === null ? null : { only: one.only, constant: one.constant };
};

test('an arm learnt nothing where every network gives one answer, or none is above the commonest class by its interval', () => {
  expect(found(allYes)).toEqual({ only: [0], constant: 0.95 });
  expect(found((k) => (k % 2 === 0 ? allYes() : allNo()))).toEqual({ only: [0, 1], constant: 0.95 });
  expect(found(a98)).toEqual({ only: [], constant: 0.95 });
  expect(found(a990)).toBeNull();
  expect(found((k) => (k === 3 ? a990() : allYes()))).toBeNull();
  expect(
    found(() => [
      [100, 0],
      [0, 0],
    ]),
  ).toBeNull();
});

test('where no arm learnt anything this comes first, in the answer and the conclusion, with what one answer gets right', () => {
  const results = resultsOf({ relu: allYes, tanh: allYes });
  expect(plain(answer(results))).toBe(
    'With ReLU and Tanh nothing was learnt that could be used: every image is answered with yes, and one and the same answer gets up to 95.00 % of the test images right. ReLU and Tanh tie: with every seed both classify the same share of the test images correctly, 95.00 % on average over six seeds. Every seed gives the same, so there is no measure of chance, and nothing can be decided from it.',
  );
  expect(conclusion({ results })[0]).toBe(answer(results));
});

test('where only some learnt nothing they are named after the answer', () => {
  const text = plain(answer(resultsOf({ relu: right, tanh: allYes })));
  expect(text).toMatch(/^ReLU classifies more test images correctly than Tanh: /);
  expect(text).toMatch(
    / With Tanh nothing was learnt that could be used: every image is answered with yes, and one and the same answer gets up to 95\.00 % of the test images right\.$/,
  );
  expect(plain(answer(resultsOf({ relu: right, tanh: a98 })))).toMatch(
    / With Tanh it is not shown that anything was learnt: no network is clearly better than always giving the commonest answer, which gets 95\.00 % of the test images right\.$/,
  );
  expect(answer(resultsOf({ relu: right, tanh: right }))).not.toContain('learnt');
});
