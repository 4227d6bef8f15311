import { expect, test } from 'vitest';
import { likelyMeant } from './nearest.ts';

test.each([
  ['epoch', ['epochs', 'seeds', 'split'], 'epochs'],
  ['rellu', ['tanh', 'relu', 'selu'], 'relu'],
  ['BATCHSIZE', ['units', 'batchSize'], 'batchSize'],
  ['', ['ab', 'a'], 'a'],
  ['unitsxy', ['units'], 'units'],
  ['unitsxyz', ['units'], undefined],
  ['bogus', ['units', 'epochs', 'dropout'], undefined],
  ['bogus', [], undefined],
])('of a misspelt %j in %j the nearest within two changes is %j', (word, candidates, expected) => {
  expect(likelyMeant(word, candidates)).toBe(expected);
});
