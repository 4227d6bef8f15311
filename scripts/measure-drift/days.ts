import { heldOutHalves } from '../../src/analysis/drift/heldOut.ts';
import { type DriftObservations, observationsAt } from '../../src/analysis/drift/observations.ts';
import { type Closed, endingWindows, judgeWindows, Observed } from '../../src/analysis/drift/observed.ts';
import { type DriftProfile, driftProfile } from '../../src/analysis/drift/profile.ts';
import { DRIFT_RULE } from '../../src/analysis/drift/rule.ts';
import { Random } from '../../src/util/random.ts';

const DAY = 1000;
const DIGITS = 10;

export interface Day {
  readonly alarm: boolean;
  /** The largest (|effect| − least that matters) / standard error of all measures: from which z on the day is without an alarm. */
  readonly needed: number;
}

/**
 * A clean day of 1,000 images after another such day, so that the long window is full from the start: 2,000 different images of one random half of the held-out ones, against a profile of the other half; the second day is judged.
 */
export function cleanDay(clean: DriftObservations, seed: number): Day {
  const { reference, rest } = heldOutHalves(clean.answers.length, seed);
  const profile = driftProfile(observationsAt(clean, reference), DIGITS);
  const random = new Random(seed, 'drift/day');
  const images = observationsAt(clean, random.shuffle(rest.slice()).subarray(0, 2 * DAY));
  const observed = new Observed();
  const days: Closed[] = [];
  for (let i = 0; i < 2 * DAY; i++) {
    const closes = observed.add(images, i);
    if (closes && i >= DAY) days.push(judgeWindows(endingWindows(observed), profile));
  }
  const measures = days.flatMap(({ windows }) => windows.flatMap((window) => window.measures));
  return {
    alarm: days.some(({ alarm }) => alarm),
    needed: Math.max(
      ...measures.map(
        ({ kind, estimate, standardError }) => (Math.abs(estimate) - DRIFT_RULE.least[kind]) / standardError,
      ),
    ),
  };
}

/**
 * How many images from the first of a kind come before the alarm; undefined where `most` do not set it off. Before them come 2,000 clean images and a part of a window, so that they begin anywhere in it; `share` of them are `changed`, the others clean.
 */
export function imagesToAlarm(
  {
    clean,
    changed,
    profile,
  }: { clean: DriftObservations; changed: DriftObservations; profile: DriftProfile },
  { seed, share, most }: { seed: number; share: number; most: number },
): number | undefined {
  const random = new Random(seed, 'drift/stream');
  const observed = new Observed();
  const addClean = (): boolean => observed.add(clean, random.integer(clean.answers.length));
  const before = 2 * DAY + random.integer(DRIFT_RULE.windows[0]);
  for (let i = 0; i < before; i++) addClean();
  for (let i = 1; i <= most; i++) {
    const closes =
      random.uniform() < share ? observed.add(changed, random.integer(changed.answers.length)) : addClean();
    if (closes && judgeWindows(endingWindows(observed), profile).alarm) return i;
  }
  return undefined;
}
