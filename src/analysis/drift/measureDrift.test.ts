import { expect, test } from 'vitest';
import fixture from '../../../test/fixtures/drift.json' with { type: 'json' };
import { errorOf } from '../../../test/support/models.ts';
import { Random } from '../../util/random.ts';
import { classifierTest } from './classifierTest.ts';
import { estimatedAccuracy, estimateError } from './estimatedAccuracy.ts';
import { measureDrift } from './measureDrift.ts';
import { CONFIDENCE, type DriftObservations, STATISTICS } from './observations.ts';
import { endingWindows, judgeWindows, Observed } from './observed.ts';
import { driftProfile } from './profile.ts';
import { DRIFT_RULE } from './rule.ts';
import { classShift, confidenceShift, standardisedDifference } from './shifts.ts';

const WIDTH = STATISTICS.length;
const observations = (values: readonly number[], answers?: readonly number[]): DriftObservations => ({
  statistics: Float64Array.from(values),
  answers: Uint16Array.from(answers ?? Array.from({ length: values.length / WIDTH }, (_, i) => i % 10)),
});
const reference = observations(fixture.reference);
const window = observations(fixture.window);
const profile = driftProfile(reference, 10);

function expectEffect(seen: { estimate: number; standardError: number }, expected: typeof seen): void {
  expect(Math.abs(seen.estimate - expected.estimate)).toBeLessThan(1e-10);
  expect(Math.abs(seen.standardError - expected.standardError)).toBeLessThan(1e-10);
}

test('the classifier’s AUC − ½ and DeLong’s standard error are within 1e-10 of scikit-learn’s and NumPy’s', () => {
  expectEffect(classifierTest(window, profile), fixture.classifier);
});

test('standardised differences of all statistics are within 1e-10 of NumPy', () => {
  fixture.differences.forEach((expected, k) => {
    expectEffect(standardisedDifference(window, profile, k), expected);
  });
});

test('the shift of confidence, with ties, is within 1e-10 of all pairs in NumPy', () => {
  const of = (confidences: readonly number[]): DriftObservations =>
    observations(
      confidences.flatMap((x) => Array.from({ length: WIDTH }, (_, k) => (k === CONFIDENCE ? x : 0))),
    );
  const { window, reference } = fixture.confidence;
  expectEffect(confidenceShift(of(window), driftProfile(of(reference), 10)), fixture.confidence);
});

test('classes by hand: 100 of 3 answers against equal halves', () => {
  // p = ½, ½, 0 (counted as .01); q = .6, .3, .1. Σ(q − p)²/p = .02 + .08 + 1; chance Σ q(1 − q)/p = .48 + .42 + 9, over ν = 100·200/300.
  const halves = observations(
    Array<number>(200 * WIDTH).fill(0),
    Array.from({ length: 200 }, (_, i) => i % 2),
  );
  const own = observations(
    Array<number>(100 * WIDTH).fill(0),
    Array.from({ length: 100 }, (_, i) => (i < 60 ? 0 : i < 90 ? 1 : 2)),
  );
  const { estimate, standardError } = classShift(own, driftProfile(halves, 2));
  const seen = 200 / 3;
  expect(estimate).toBeCloseTo(1.1 - 9.9 / seen, 12);
  // g = .2, −.4, 10: mean 1 under q, mean square 10.072.
  expect(standardError).toBeCloseTo(Math.sqrt((4 * 9.072) / seen + 4 / (seen * seen)), 12);
});

test('estimated accuracy: the mean confidence, and its error by labels of the same answers', () => {
  const sure = observations(
    Array.from({ length: 4 * WIDTH }, (_, i) => [0.5, 1, 0.9, 0.8][Math.floor(i / WIDTH)]),
  );
  const { estimate, standardError } = estimatedAccuracy(sure);
  expect(estimate).toBeCloseTo(0.8, 12);
  expect(standardError).toBeCloseTo(Math.sqrt(0.14 / 3 / 4), 12);
  expect(estimateError({ count: 4, confidence: 3.2, right: 2 })).toMatchObject({
    ...{ labelled: 4, measured: 0.5, estimated: expect.closeTo(0.8, 12) as number },
    error: expect.closeTo(0.3, 12) as number,
  });
});

/** Independent statistics; `moved` standard deviations in every third. */
function drawn(random: Random, n: number, moved = 0): DriftObservations {
  return {
    statistics: Float64Array.from(
      { length: n * WIDTH },
      (_, i) => random.normal() + ((i % WIDTH) % 3 === 0 ? moved : 0),
    ),
    answers: Uint16Array.from({ length: n }, () => random.integer(10)),
  };
}

test('the verdict is not one of volume: a small shift alarms in no size of window, a large one in each', () => {
  const random = new Random(1, 'drift');
  const many = driftProfile(drawn(random, 5000), 10);
  const alarms = (n: number, moved: number): boolean =>
    measureDrift(drawn(random, n, moved), many).some(({ alarm, kind }) => alarm && kind === 'inputs');
  expect([250, 2000, 40_000].map((n) => alarms(n, 0.1))).toEqual([false, false, false]);
  expect([250, 2000, 40_000].map((n) => alarms(n, 1))).toEqual([true, true, true]);
});

test('windows: closed every 250 images, the long one judged from 1,000 on, the newest 2,000 kept in order', () => {
  const random = new Random(2, 'drift');
  const rows = drawn(random, 2300);
  const many = driftProfile(drawn(random, 1000), 10);
  const observed = new Observed();
  const closed: number[] = [];
  const judged: number[][] = [];
  for (let i = 0; i < 2300; i++) {
    if (!observed.add(rows, i)) continue;
    closed.push(i + 1);
    judged.push(judgeWindows(endingWindows(observed), many).windows.map(({ images }) => images));
  }
  expect(closed).toEqual([250, 500, 750, 1000, 1250, 1500, 1750, 2000, 2250]);
  expect(judged.slice(2)).toEqual([
    [250],
    [250, 1000],
    [250, 1250],
    [250, 1500],
    [250, 1750],
    [250, 2000],
    [250, 2000],
  ]);
  expect(observed.waiting).toBe(50);
  const newest = observed.newest(5000);
  expect([...newest.answers]).toEqual([...rows.answers.subarray(300)]);
  expect(newest.statistics[0]).toBe(rows.statistics[300 * WIDTH]);
});

test('too few images for a window or a profile: E_ARGUMENT', async () => {
  const few = drawn(new Random(3, 'drift'), 99);
  expect((await errorOf(() => measureDrift(few, profile))).code).toBe('E_ARGUMENT');
  expect((await errorOf(() => driftProfile(few, 10))).code).toBe('E_ARGUMENT');
  expect(DRIFT_RULE.windows[0]).toBeGreaterThanOrEqual(100);
});
