import { expect, test } from 'vitest';
import type { Study } from './configuration.ts';
import { resolveStudy } from './configuration.ts';
import type { Executor } from './executor.ts';
import { runTrials, type TrialEnd } from './runStudy.ts';
import { checkStopping, decidedAfter } from './stopping.ts';
import { trialsOf } from './study.ts';
import type { TrialOutcome } from './trial.ts';

const study: Study = resolveStudy({
  name: 'x',
  question: 'Which?',
  arms: { relu: {}, tanh: { activation: 'tanh' } },
  seeds: 12,
  stopping: 'until-decided',
});
const trials = trialsOf(study);

/** An end with this accuracy; nothing else of it is read. */
const ended = (testAccuracy: number): TrialEnd =>
  ({ kind: 'finished', result: { testAccuracy }, predictions: new Uint8Array() }) as unknown as TrialEnd;

/** ReLU's accuracies by seed, Tanh's being .97. */
const endsOf = (relu: readonly number[]): TrialEnd[] => relu.flatMap((value) => [ended(value), ended(0.97)]);

// For differences d ± h around a mean far from 0 the first finite interval, at five values, is already clear of the region;
// its half-width is 7.6 standard deviations (A = 6, K = (6·400)^(1/5) = 4.743: √(0.8 · 6 · 3.743 / 1.257) = 3.78; times sd), at
// six 2.2 to either side (A = 7, K = (7·400)^(1/6) = 3.754: √(5/6 · 7 · 2.754 / 3.246) = 2.22).
const CLEAR = [0.98, 0.9801, 0.9799, 0.98, 0.98, 0.98, 0.9801, 0.98, 0.98, 0.98, 0.98, 0.98];

test('a large difference is decided at the sixth seed; five decide nothing, though their interval is finite', () => {
  expect(decidedAfter(study, trials, endsOf(CLEAR))).toBe(6);
  expect(decidedAfter(study, trials, endsOf(CLEAR.slice(0, 5)))).toBeUndefined();
});

// Of k = 5 equal differences and ties mean/sd is at most .833/.408 = 2.04, of six values, which is below the 2.22 above.
test('five seeds that differ decide nothing, however many ties stand beside them', () => {
  const few = [...Array.from({ length: 5 }, () => 0.5), ...Array.from({ length: 7 }, () => 0.97)];
  expect(decidedAfter(study, trials, endsOf(few))).toBeUndefined();
});

test('differences that are all the same decide nothing, however many', () => {
  expect(decidedAfter(study, trials, endsOf(new Array<number>(12).fill(0.98)))).toBeUndefined();
  expect(decidedAfter(study, trials, endsOf(new Array<number>(12).fill(0.97)))).toBeUndefined();
});

test('a difference within the region is decided as soon as its interval lies inside', () => {
  const small = [0.97, 0.97003, 0.96997, 0.97002, 0.96998, 0.97];
  expect(decidedAfter(study, trials, endsOf(small))).toBe(6);
  expect(decidedAfter(study, trials, endsOf(small.slice(0, 5)))).toBeUndefined();
});

test('a difference as large as the region is never decided by few seeds', () => {
  const border = CLEAR.map((_, k) => 0.971 + (k % 2 ? 1e-4 : -1e-4));
  expect(decidedAfter(study, trials, endsOf(border))).toBeUndefined();
});

test('seeds count in their order: with one missing nothing after it is looked at', () => {
  const ends: (TrialEnd | undefined)[] = endsOf(CLEAR);
  ends[5] = undefined;
  expect(decidedAfter(study, trials, ends)).toBeUndefined();
});

test('a failed trial gives no difference and stops nothing', () => {
  const ends = endsOf(CLEAR);
  ends[0] = { kind: 'failed', message: 'NaN' };
  expect(decidedAfter(study, trials, ends)).toBe(7);
});

test('without the rule a study is never decided early', () => {
  const { stopping: _, ...fixed } = study;
  expect(decidedAfter(fixed, trials, endsOf(CLEAR))).toBeUndefined();
});

test('one arm, folds or fewer than six seeds cannot stop when decided', () => {
  expect(() => {
    checkStopping({ ...study, arms: study.arms.slice(0, 1) });
  }).toThrow(/at least two arms, 6 seeds and no folds; received one.arm/);
  expect(() => {
    checkStopping({ ...study, seeds: [1, 2, 3, 4, 5] });
  }).toThrow(/received two.arms and five.seeds/);
  expect(() => {
    checkStopping({ ...study, split: { kind: 'folds', folds: 5, repeats: 1, groups: 'images' } });
  }).toThrow(/in folds/);
});

test('once there is enough, running trials are cancelled and none is begun', async () => {
  const kept: string[] = [];
  const executor: Executor = {
    workers: 1,
    data: [],
    close: () => Promise.resolve(),
    async run({ seed, recipe }, { signal }) {
      // As a pool with one worker: a trial begins when the one before it is kept.
      const turn = 2 * (seed - 1) + Number(recipe.activation === 'tanh');
      do await new Promise((go) => setTimeout(go, 1));
      while (kept.length < turn && !signal?.aborted);
      signal?.throwIfAborted();
      const testAccuracy = recipe.activation === 'tanh' ? 0.97 : CLEAR[seed - 1];
      return {
        result: { testAccuracy },
        probabilities: { data: new Float32Array(0), shape: [0, 10] },
      } as unknown as TrialOutcome;
    },
  };
  const ends = await runTrials(trials, {
    executor,
    keeper: {
      find: () => undefined,
      model: () => new Uint8Array(),
      keep: ({ seed, recipe }) => kept.push(`${recipe.activation} ${seed}`),
      keepFailure: () => undefined,
    },
    enough: (soFar) => decidedAfter(study, trials, soFar) !== undefined,
  });
  expect(kept).toHaveLength(12);
  expect(ends.map((end) => end !== undefined)).toEqual(trials.map((_, k) => k < 12));
});
