import { expect, test } from 'vitest';
import { nearest } from './nearest.ts';

test.each([
  ['epoch', ['epochs', 'seeds', 'split'], 'epochs'],
  ['rellu', ['tanh', 'relu', 'selu'], 'relu'],
  ['BATCHSIZE', ['units', 'batchSize'], 'batchSize'],
  ['', ['ab', 'a'], 'a'],
])('of a misspelt %j in %j the nearest is %j', (word, candidates, expected) => {
  expect(nearest(word, candidates)).toBe(expected);
});
