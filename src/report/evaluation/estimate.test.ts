import { expect, test } from 'vitest';
import { rateText, sideOf } from './privacy/words.ts';
import { changeText, fewText, shareOf, shareText, signOf } from './estimate.ts';

test.each([
  [0.1, 0.3, 'above'],
  [-0.3, -0.1, 'below'],
  [-0.1, 0.1, 'open'],
  [0, 0.1, 'open'],
  [-0.1, 0, 'open'],
  [0.2, 0.2, 'open'],
  [-0.2, -0.2, 'open'],
  [null, null, 'open'],
] as const)(
  'an estimate from %d to %d lies %s: without an interval, or with one of no width, nothing is certain',
  (low, high, side) => {
    expect(signOf({ n: 6, mean: 0.2, low, high })).toBe(side);
  },
);

test('two to five networks decide no sign, and it is said why; the interval of a single one is over images, and does', () => {
  const clear = [
    { mean: 0.2, low: 0.1, high: 0.3 },
    { mean: -0.2, low: -0.3, high: -0.1 },
  ];
  for (const n of [2, 5]) {
    for (const one of clear) {
      expect(signOf({ n, ...one })).toBe('few');
      expect(fewText({ n, ...one })).toBe(', clear of zero, but fewer than six decide no sign');
    }
    expect(signOf({ n, mean: 0, low: -0.1, high: 0.1 })).toBe('open');
    expect(fewText({ n, mean: 0, low: -0.1, high: 0.1 })).toBe('');
    expect(fewText({ n, mean: 0.2, low: 0.2, high: 0.2 })).toBe('');
  }
  for (const n of [1, 6]) {
    expect(clear.map((one) => signOf({ n, ...one }))).toEqual(['above', 'below']);
    expect(clear.map((one) => fewText({ n, ...one }))).toEqual(['', '']);
  }
});

test('one network’s share has Wilson’s interval of as many images as its design effect leaves, 1e-12 by hand', () => {
  // 9,700 of 10,000 at a design effect of 4: as 2,425 of 2,500; the root by Python's decimal.
  const { low, high, over } = shareOf([0.97], 10_000, 4);
  expect(over).toBe('images');
  expect(low).toBeCloseTo(0.962558352481513, 12);
  expect(high).toBeCloseTo(0.9759994750204115, 12);
  expect(shareOf([0.97], 10_000)).toMatchObject({ designEffect: 1 });
});

test('runs that are all alike have no interval, and show nothing', () => {
  const alike = { mean: 0.0025, low: 0.0025, high: 0.0025 };
  expect(shareText(shareOf([0.0025, 0.0025], 400))).toBe('0.25\u00a0% (all runs alike, so no interval)');
  expect(changeText({ n: 2, ...alike })).toBe('+0.25\u00a0points (all runs alike, so no interval)');
  expect(rateText({ value: 0.0025, low: 0.0025, high: 0.0025 })).toBe(
    '0.25\u00a0% (all runs alike, so no interval)',
  );
  expect(sideOf({ value: 0.0025, low: 0.0025, high: 0.0025 }, 0.001)).toBe('open');
  expect(sideOf({ value: 0.0025, low: 0.002, high: 0.003 }, 0.001)).toBe('above');
});
