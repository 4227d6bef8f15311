import { expect, test } from 'vitest';
import { Conv2D, Dense, Flatten, Input, MaxPooling2D } from '../nn/layers.ts';
import { adversarialSettings } from './adversarial/settings.ts';
import { affordable, costOf, largestCost, statedCost, timesLonger } from './cost.ts';

const softmax = Dense(10, { activation: 'softmax' });
const dense = (units: number) => ({ layers: [Input([784]), Dense(units), softmax] });
const KERAS = {
  layers: [
    Input([28, 28, 1]),
    Conv2D(32, 3),
    MaxPooling2D(2),
    Conv2D(64, 3),
    MaxPooling2D(2),
    Flatten(),
    softmax,
  ],
};

test('cost: dense networks of any width count as one; a convolution by its products, by hand', () => {
  expect([dense(4), dense(4000)].map(costOf)).toEqual([1, 1]);
  expect(costOf(KERAS)).toBe(2_440_960 / 110_912);
  expect(costOf({ layers: [Input([28, 28, 1]), Conv2D(1, 3), Flatten(), softmax] })).toBe(1);
  expect(largestCost([dense(4), KERAS])).toBe(costOf(KERAS));
});

test("images: all up to six times the paper's network, then in proportion, but not below the least", () => {
  expect(affordable(10_000, 6, 500)).toBe(10_000);
  expect(affordable(10_000, 24, 500)).toBe(2_500);
  expect(affordable(10_000, 600, 500)).toBe(500);
  expect(affordable(60, 600, 500)).toBe(60);
  expect([statedCost(6), statedCost(24)]).toEqual([{}, { cost: 24 }]);
  expect(timesLonger(1, true)).toBe(1);
  expect([timesLonger(30, false), timesLonger(30, true)]).toEqual([10, 6]);
});

test('attacks on a costly network are on fewer images; the others are as they were', () => {
  const { images, ladderImages, sanity } = adversarialSettings(1, false, 24);
  expect([images, ladderImages, sanity.images]).toEqual([2_500, 250, 50]);
  expect(adversarialSettings(1, false, 1)).toEqual(adversarialSettings(1));
});
