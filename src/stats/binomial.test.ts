import { expect, test } from 'vitest';
import { clopperPearson } from './binomial.ts';
import fixture from './fixtures/stats.json' with { type: 'json' };

test.each(fixture.clopperPearson)(
  'the interval of $successes of $n at $confidence is within 1e-12 of SciPy',
  ({ successes, n, confidence, low, high }) => {
    const found = clopperPearson(successes, n, confidence);
    expect(Math.abs(found.low - low)).toBeLessThan(1e-12);
    expect(Math.abs(found.high - high)).toBeLessThan(1e-12);
  },
);

test('no success out of n: high is 1 − (α/2)^(1/n), worked by hand, within 1e-12', () => {
  expect(clopperPearson(0, 10)).toEqual({ low: 0, high: expect.closeTo(1 - 0.025 ** 0.1, 12) as number });
  expect(clopperPearson(10, 10)).toEqual({ low: expect.closeTo(0.025 ** 0.1, 12) as number, high: 1 });
});

test('impossible counts and confidences are refused', () => {
  for (const [k, n] of [
    [-1, 5],
    [6, 5],
    [0, 0],
    [0.5, 2],
    [NaN, 2],
  ]) {
    expect(() => clopperPearson(k, n)).toThrow(/0 <= successes <= n/);
  }
  expect(() => clopperPearson(1, 2, 95)).toThrow(/received 95/);
});
