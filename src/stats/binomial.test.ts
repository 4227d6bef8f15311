import { expect, test } from 'vitest';
import { clopperPearson, signTestP } from './binomial.ts';
import maxTFixture from './fixtures/maxT.json' with { type: 'json' };
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

test.each(maxTFixture.signTest)(
  'the p of $successes of $n against one half is SciPy’s, to 1e-12',
  ({ successes, n, p }) => {
    expect(Math.abs(signTestP(successes, n) - p)).toBeLessThan(1e-12);
    expect(signTestP(n - successes, n)).toBeCloseTo(p, 12);
  },
);

// By hand: 2⁵·B(6, 1) = 32/6, so p = 6/32; 2²·B(2, 2) = 4/6, at most 1.
test('looked at after every one, five of five have p 6/32, one of two 1', () => {
  expect(signTestP(5, 5, { sequential: true })).toBeCloseTo(6 / 32, 12);
  expect(signTestP(0, 5, { sequential: true })).toBeCloseTo(6 / 32, 12);
  expect(signTestP(1, 2, { sequential: true })).toBe(1);
  expect(() => signTestP(3, 2)).toThrow(/received 3 of 2/);
});
