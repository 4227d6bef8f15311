import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Random } from '../util/random.ts';
import fixture from './fixtures/comparisons.json' with { type: 'json' };
import { anytimeHalfWidth, anytimeInterval, firstDecision } from './sequential.ts';
import { studentQuantile } from './student.ts';

test.each(fixture.anytime)(
  'the interval and e of $differences agree with the ratio of t densities, integrated, within 1e-6',
  ({ differences, priorVariance, confidence, eValue, low, high }) => {
    const found = anytimeInterval(differences, { priorVariance, confidence });
    expect(found.eValue / eValue - 1).toBeCloseTo(0, 6);
    expect(Math.abs(found.low - low)).toBeLessThan(1e-6 * (high - low));
    expect(Math.abs(found.high - high)).toBeLessThan(1e-6 * (high - low));
    expect(found.p).toBeCloseTo(Math.min(1, 1 / eValue), 6);
  },
);

/** The share of 2,000 normal sequences of which some interval of the first 150 misses the mean of 3. */
function everMissed(halfWidth: (n: number) => number): number {
  const random = new Random(2024, 'coverage');
  const widths = Array.from({ length: 151 }, (_, n) => halfWidth(n));
  let missed = 0;
  for (let sequence = 0; sequence < 2_000; sequence++) {
    let centre = 0;
    let squares = 0;
    let miss = false;
    for (let n = 1; n <= 150; n++) {
      const value = 3 + 0.5 * random.normal();
      const step = value - centre;
      centre += step / n;
      squares += step * (value - centre);
      if (n >= 2) miss ||= Math.abs(centre - 3) > widths[n] * Math.sqrt(squares / (n - 1));
    }
    if (miss) missed++;
  }
  return missed / 2_000;
}

test('simulated: looking after every one of 150 values, at most 5 % of sequences ever miss the mean', () => {
  for (const priorVariance of [1, 0.1]) {
    const share = everMissed((n) => anytimeHalfWidth(n, { priorVariance }));
    expect(share).toBeLessThanOrEqual(0.05);
    expect(share).toBeGreaterThan(0.005);
  }
});

test('simulated: Student’s interval, looked at as often, misses it in more than 30 % of sequences', () => {
  const student = (n: number) => (n < 2 ? Infinity : studentQuantile(0.975, n - 1) / Math.sqrt(n));
  expect(everMissed(student)).toBeGreaterThan(0.3);
});

test('the interval holds 0 exactly while e is below 1/α', () => {
  const sample = fc.array(fc.integer({ min: -20, max: 60 }), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(sample, fc.constantFrom(0.9, 0.95, 0.99), (differences, confidence) => {
      const { low, high, eValue } = anytimeInterval(differences, { confidence });
      expect(low < 0 && 0 < high).toBe(eValue < 1 / (1 - confidence) || (low === 0 && high === 0));
    }),
  );
});

test('property: swapping the arms turns the interval, another unit stretches it', () => {
  const sample = fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 5, maxLength: 20 });
  fc.assert(
    fc.property(sample, fc.double({ min: 1e-3, max: 1e3, noNaN: true }), (differences, unit) => {
      const { low, high, eValue } = anytimeInterval(differences);
      const swapped = anytimeInterval(differences.map((d) => -d));
      expect(swapped.low + high).toBeCloseTo(0, 9);
      expect(swapped.eValue).toBe(eValue);
      const scaled = anytimeInterval(differences.map((d) => d * unit));
      expect(Math.abs(scaled.low - low * unit)).toBeLessThanOrEqual(1e-9 * (1 + Math.abs(low * unit)));
    }),
  );
});

test('the first interval of finite width comes at 5 values for g = 1, and none for a single value', () => {
  expect([1, 2, 3, 4, 5].map((n) => Number.isFinite(anytimeHalfWidth(n)))).toEqual([
    false,
    false,
    false,
    false,
    true,
  ]);
  expect(anytimeInterval([7])).toEqual({ n: 1, mean: 7, low: -Infinity, high: Infinity, eValue: 1, p: 1 });
  expect(anytimeInterval([0.1, 0.1])).toMatchObject({ low: -Infinity, high: Infinity });
});

test('equal values: no width from the fifth on, and evidence that stays finite', () => {
  const found = anytimeInterval(new Array<number>(6).fill(0.1));
  expect(found).toMatchObject({ mean: 0.1, low: 0.1, high: 0.1 });
  // A^((n − 1)/2) with A = 7, n = 6.
  expect(found.eValue).toBeCloseTo(7 ** 2.5, 9);
  expect(anytimeInterval([0, 0, 0, 0, 0])).toMatchObject({ low: 0, high: 0, p: 1 });
});

test('the first decision is the first look whose interval is clear of the border, not a later one', () => {
  const random = new Random(4, 'decision');
  const clear = Array.from({ length: 60 }, () => 5 + random.normal());
  const above = firstDecision(clear, 1);
  expect(above.verdict).toBe('above');
  expect(above.low).toBeGreaterThan(1);
  expect(above.n).toBeLessThan(20);
  expect(anytimeInterval(clear.slice(0, above.n - 1)).low).toBeLessThanOrEqual(1);
  expect(
    firstDecision(
      clear.map((d) => -d),
      1,
    ),
  ).toMatchObject({ verdict: 'below', n: above.n });
  const equal = firstDecision(
    clear.map((d) => d - 5),
    3,
  );
  expect(equal.verdict).toBe('equivalent');
  expect(firstDecision(clear.slice(0, 3), 1)).toMatchObject({ verdict: 'undecided', n: 3 });
});

test('empty samples, NaN and options out of range are refused', () => {
  expect(() => anytimeInterval([])).toThrow(/at least 1 value/);
  expect(() => firstDecision([], 1)).toThrow(/at least 1 value/);
  expect(() => anytimeInterval([1, NaN])).toThrow(/finite/);
  expect(() => anytimeInterval([1, 2], { confidence: 1 })).toThrow(/confidence/);
  for (const priorVariance of [0, -1, NaN, Infinity])
    expect(() => anytimeInterval([1, 2], { priorVariance })).toThrow(/prior variance/);
  expect(() => firstDecision([1, 2], -1)).toThrow(/half-width/);
});
