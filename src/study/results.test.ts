import { expect, test } from 'vitest';
import { presentResults } from './results.ts';

test('results of version 1 on other images keep their sums, and do not say how many images there were', () => {
  const sums = ['a', 'b', 'c', 'd'].map((digit) => digit.repeat(64));
  const data = sums.map((sha256, k) => ({ file: `part ${k}`, sha256 }));
  expect(presentResults({ format: 'dactyl-results/1', data, more: 1 })).toEqual({
    format: 'dactyl-results/2',
    data: {
      name: 'Images of its own',
      identity: sums,
      shape: [28, 28],
      classes: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
    },
    more: 1,
  });
});
