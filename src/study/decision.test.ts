import { expect, test } from 'vitest';
import { decide, isOfTooFew, pAbove, pBeyond, pWithin, summarise } from './decision.ts';

const ROPE = 0.001;
const FIXED = { overlap: 0, sequential: false };

// SciPy 1.17: stats.t.interval(.95, 4, mean, sd / sqrt(5))
test('the 95 % interval of five paired differences agrees with SciPy below 1e-9', () => {
  const { mean, spread } = summarise([0.003, 0.004, 0.0035, 0.0045, 0.004]);
  expect(mean).toBeCloseTo(0.0038, 12);
  expect(spread?.low).toBeCloseTo(0.0030921426115, 11);
  expect(spread?.high).toBeCloseTo(0.0045078573885, 11);
});

test('a single difference has no interval and decides nothing', () => {
  expect(summarise([0.02])).toEqual({ n: 1, differ: 1, mean: 0.02, spread: null });
  expect(decide(summarise([0.02]), ROPE)).toBe('undecided');
});

const of = (low: number, high: number, n = 6) => ({
  n,
  differ: n,
  mean: (low + high) / 2,
  spread: { sd: 1, low, high, p: 0.5 },
});

test.each([
  [0.002, 0.004, 'supported'],
  [0.0002, 0.004, 'supported'],
  [-0.004, -0.002, 'contradicted'],
  [-0.002, 0.004, 'undecided'],
  [-0.0005, 0.0009, 'equivalent'],
  [0.0002, 0.0009, 'equivalent'],
  [-0.001, 0.001, 'equivalent'],
  [0, 0.004, 'undecided'],
  [0.0005, 0.0015, 'supported'],
  [-0.0015, 0.0005, 'undecided'],
] as const)('an interval from %d to %d with a ROPE of 0.001 is %s', (low, high, state) => {
  expect(decide(of(low, high), ROPE)).toBe(state);
});

test('without a ROPE nothing is equivalent', () => {
  expect(decide(of(0.0002, 0.0009))).toBe('supported');
  expect(decide(of(-0.0002, 0.0009))).toBe('undecided');
});

const FIVE = [0.003, 0.004, 0.0035, 0.0045, 0.004];
const SIX = [...FIVE, 0.0038];
const turned = (values: readonly number[]) => values.map((value) => -value);

// 2 / 2⁵ = .0625 and 2 / 2⁶ = .03125: of five pairs no exchange of labels reaches .05.
test('five values clear of zero decide no sign, six do, on either side; equivalence takes no sign, so five can show it', () => {
  expect(decide(summarise(FIVE), ROPE)).toBe('undecided');
  expect(decide(summarise(turned(FIVE)), ROPE)).toBe('undecided');
  expect(decide(summarise(SIX), ROPE)).toBe('supported');
  expect(decide(summarise(turned(SIX)), ROPE)).toBe('contradicted');
  expect(decide(summarise([0.0004, 0.0005, 0.0003, 0.0004, 0.0004]), ROPE)).toBe('equivalent');
  // Of folds and of always-valid intervals too; the latter of five such values are clear of zero by 3.78 sd.
  const folds = { overlap: 1 / 9, sequential: false };
  const sequential = { overlap: 0, sequential: true };
  for (const sampling of [folds, sequential]) {
    expect(isOfTooFew(summarise(FIVE, sampling))).toBe(true);
    expect(decide(summarise(FIVE, sampling))).toBe('undecided');
    expect(decide(summarise(SIX, sampling))).toBe('supported');
  }
});

// By hand: of 0, .15, .2, .2, 0, .05 the mean is .1 and the sd √(.045 / 5) = .0949, so t₅(.975)·s/√6 = 2.571·.0387 = .0996 and the interval clears zero.
// Four of them carry a sign: 2 / 2⁴ = .125.
test('six values of which two are zero, and eight of which five are not, decide no sign; seven with one zero do', () => {
  const four = [0, 0.15, 0.2, 0.2, 0, 0.05];
  const summary = summarise(four);
  expect(summary).toMatchObject({ n: 6, differ: 4 });
  expect(summary.spread!.low).toBeCloseTo(0.1 - 0.0996, 4);
  for (const values of [four, [...FIVE, 0, 0, 0]]) {
    expect(decide(summarise(values), ROPE)).toBe('undecided');
    expect(decide(summarise(turned(values)), ROPE)).toBe('undecided');
    expect(isOfTooFew(summarise(values))).toBe(true);
  }
  expect(decide(summarise([...SIX, 0]), ROPE)).toBe('supported');
  expect(decide(summarise(turned([...SIX, 0])), ROPE)).toBe('contradicted');
  expect(decide(summarise([0.0004, 0.0005, 0, 0, 0.0004, 0.0003]), ROPE)).toBe('equivalent');
});

test('of too few is an interval that has a sign: not one around zero, not equal values, not one value, not six', () => {
  expect(isOfTooFew(summarise(FIVE))).toBe(true);
  expect(isOfTooFew(summarise(turned(FIVE)))).toBe(true);
  expect(isOfTooFew(summarise(SIX))).toBe(false);
  expect(isOfTooFew(summarise([0.004, -0.003, 0.002, -0.001, 0.003]))).toBe(false);
  expect(isOfTooFew(summarise([0.004, 0.004, 0.004]))).toBe(false);
  expect(isOfTooFew(summarise([0.004]))).toBe(false);
});

// By hand: mean 0.002, sd 0.001; overlap 1/9 of five: standard error 0.001·√(1/5 + 1/9) = 5.5777e-4; t₄(.975) = 2.776445
test('overlapping training sets widen the interval by Nadeau and Bengio, to 1e-6', () => {
  const { spread } = summarise(
    [0.002 - Math.sqrt(2) / 1000, 0.002, 0.002, 0.002, 0.002 + Math.sqrt(2) / 1000],
    { overlap: 1 / 9, sequential: false },
  );
  expect(spread?.sd).toBeCloseTo(0.001, 12);
  expect(spread?.low).toBeCloseTo(0.002 - 2.776445 * 5.577734e-4, 8);
  expect(spread?.high).toBeCloseTo(0.002 + 2.776445 * 5.577734e-4, 8);
});

test('equal differences, but for rounding, have no interval to decide by, and a p of 1', () => {
  for (const by of [0.004, 0, -0.004]) {
    const rounded = [0.97, 0.9731, 0.9688].map((level) => level + by - level);
    for (const sampling of [FIXED, { overlap: 0.25, sequential: false }, { overlap: 0, sequential: true }]) {
      const summary = summarise(rounded, sampling);
      expect(summary.spread).toMatchObject({ sd: 0, p: 1 });
      expect(decide(summary, ROPE)).toBe('undecided');
      expect(decide(summary)).toBe('undecided');
    }
    expect(pAbove(rounded, -0.01)).toBe(1);
    expect(pWithin(rounded, 0.01)).toBe(1);
    expect(pBeyond(rounded, 0.001)).toBe(1);
  }
});
