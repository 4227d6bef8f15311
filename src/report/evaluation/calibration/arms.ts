import type { CalibrationRun } from '../../../analysis/calibration/run.ts';
import type { SetMethod, SetResult } from '../../../analysis/calibration/conformal/measureSets.ts';
import type { Covered } from '../../../analysis/calibration/conformal/sets.ts';
import { meanSetSize } from '../../../analysis/calibration/conformal/sets.ts';
import { MISS_DESIGN_EFFECTS } from '../../../analysis/equity/designEffects.ts';
import { mean } from '../../../stats/describe.ts';
import { studentInterval } from '../../../stats/student.ts';
import { wilson } from '../../../stats/wilson.ts';
import { activationName } from '../../../study/wording.ts';
import { type DataWords, inWords, type Worded } from '../../dataWords.ts';

/** The runs of one arm. */
export interface ArmRuns extends Worded {
  readonly arm: string;
  readonly label: string;
  readonly activation: string;
  readonly runs: readonly CalibrationRun[];
}

/** The classes of the images, as sentences speak of them. */
export type Classes = Pick<DataWords, 'one' | 'many' | 'classes'>;

/** In a sentence: 'the 8' of digits, 'the class Sandal' of others. */
export function theClass(words: Classes, label: number): string {
  return words.one === 'digit' ? `the ${words.classes[label]}` : inWords(words, label);
}

/** Arms in the order in which they occur. */
export function armsOfRuns(runs: readonly CalibrationRun[], worded: Worded = {}): ArmRuns[] {
  return [...new Set(runs.map(({ arm }) => arm))].map((arm) => {
    const own = runs.filter((run) => run.arm === arm);
    const [{ activation }] = own;
    const label = arm === activation ? activationName(activation) : arm;
    return { arm, label, activation, runs: own, ...(worded.words && { words: worded.words }) };
  });
}

/** A mean with an interval where there is one. */
export interface Estimate {
  readonly mean: number;
  readonly low: number | null;
  readonly high: number | null;
}

/** Mean over runs of what is never negative, from two on with Student's 95 % interval. */
export function overRuns({ runs }: ArmRuns, of: (run: CalibrationRun) => number): Estimate {
  const values = runs.map(of);
  if (values.length < 2) return { mean: mean(values), low: null, high: null };
  const { mean: centre, low, high } = studentInterval(values);
  return { mean: centre, low: Math.max(0, low), high };
}

/**
 * Share of images, mean over runs, with Wilson's interval for as many images as one run has, over their design effect: the runs share
 * their images, so that more runs do not make it narrower.
 */
export function overImages(
  parts: readonly Covered[],
  confidence = 0.95,
  designEffect = 1,
): Estimate & { readonly images: number } {
  const images = mean(parts.map(({ count }) => count));
  if (images === 0) return { mean: NaN, low: null, high: null, images };
  const share = mean(parts.map(({ covered }) => covered)) / images;
  const n = Math.max(1, Math.round(images / designEffect));
  return { mean: share, ...wilson(Math.min(n, share * n), n, confidence), images };
}

export interface SetsOfArm {
  readonly coverage: Estimate;
  readonly meanSize: Estimate;
  /** Shares of sets with one class and with none. */
  readonly single: number;
  readonly empty: number;
  readonly byClass: readonly Estimate[];
  readonly byGroup: readonly Estimate[];
  /** The class covered least, and whether its share is below the promise by more than the chance of being the worst of all (Bonferroni). */
  readonly worst: { readonly digit: number; readonly share: Estimate; readonly short: boolean };
  /**
   * Populations whose interval, widened because images by one writer are alike, lies below the promise: each tested one-sidedly at 2.5 %,
   * both together at 5 %.
   */
  readonly shortGroups: readonly number[];
}

/** What the arm's sets of one kind are like; null where they were not made. */
export function setsOfArm(arm: ArmRuns, method: SetMethod, alpha: number): SetsOfArm | null {
  const find = ({ sets }: CalibrationRun): SetResult | undefined =>
    sets.find((result) => result.method === method && result.alpha === alpha);
  const results = arm.runs.map(find);
  if (!results.every((result) => result !== undefined)) return null;
  const [{ byClass, byGroup }] = results;
  const partsOf = (c: number): Covered[] => results.map((result) => result.byClass[c]);
  const shares = byClass.map((_, c) => overImages(partsOf(c)));
  const known = shares.flatMap((share, digit) => (share.images > 0 ? [{ digit, share }] : []));
  const worst = known.reduce((a, b) => (b.share.mean < a.share.mean ? b : a));
  const { high } = overImages(partsOf(worst.digit), 1 - 0.05 / known.length);
  const groups = byGroup.map((_, g) =>
    overImages(
      results.map((result) => result.byGroup[g]),
      0.95,
      byGroup.length > 1 ? MISS_DESIGN_EFFECTS[g] : 1,
    ),
  );
  return {
    coverage: overImages(results),
    meanSize: overRuns(arm, (run) => meanSetSize(find(run)!)),
    single: mean(results.map(({ sizes, count }) => sizes[1] / count)),
    empty: mean(results.map(({ sizes, count }) => sizes[0] / count)),
    byClass: shares,
    byGroup: groups,
    shortGroups: groups.flatMap((group, g) =>
      byGroup.length > 1 && group.high !== null && group.high < 1 - alpha ? [g] : [],
    ),
    worst: { ...worst, short: high! < 1 - alpha },
  };
}

/** The promised coverage that the page is about: 99 %. */
export const MAIN_ALPHA = 0.01;

/** The wanted error rate that the page is about: 1 %. */
export const MAIN_ERROR = 0.01;

const METHOD_NAMES = {
  lac: 'LAC',
  aps: 'APS, randomised',
  raps: 'RAPS, randomised',
  'lac-by-population': 'LAC by population',
} as const satisfies Record<Exclude<SetMethod, 'lac-by-class'>, string>;

export function methodName(method: SetMethod, { one }: Classes): string {
  return method === 'lac-by-class' ? `LAC by ${one}` : METHOD_NAMES[method];
}

/** Above so many arms each one's own figures are left out. */
export const MOST_ARMS = 4;
