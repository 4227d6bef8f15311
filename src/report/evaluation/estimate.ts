import { mean } from '../../stats/describe.ts';
import { normalQuantile } from '../../stats/normal.ts';
import { satterthwaite, studentFactor } from '../../stats/satterthwaite.ts';
import { studentInterval, studentQuantile } from '../../stats/student.ts';
import { wilson } from '../../stats/wilson.ts';
import { isOfTooFew } from '../../study/decision.ts';
import type { Estimate } from '../../study/evaluation/evidence.ts';
import { tooFewText } from '../../study/verdict.ts';
import { NO_BREAK_SPACE, percent, points, signed } from '../../study/wording.ts';

/**
 * A share of `images` with its 95 % interval: Student's over several networks, Wilson's over the images of a single one, as many as they are
 * worth by their design effect.
 */
export interface Share {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly over: 'seeds' | 'images';
  /** How many times as large the variance over images was taken, for images by one writer are alike; 1 for seeds, and where that is not known. */
  readonly designEffect: number;
}

export function shareOf(values: readonly number[], images: number, designEffect = 1): Share {
  if (values.length > 1) {
    const { low, high } = studentInterval(values);
    return {
      mean: mean(values),
      low: Math.max(0, low),
      high: Math.min(1, high),
      over: 'seeds',
      designEffect: 1,
    };
  }
  const [value] = values;
  const worth = Math.max(1, Math.round(images / designEffect));
  return { mean: value, ...wilson(value * worth, worth), over: 'images', designEffect };
}

/** What stands in the place of an interval that would have no width: nothing was learnt of how runs differ. */
export const ALIKE = ' (all runs alike, so no interval)';

/** '97.62 % (95 % interval 97.43 to 97.81 %)' */
export function shareText({ mean: value, low, high }: Pick<Share, 'mean' | 'low' | 'high'>): string {
  if (low === high) return `${percent(value)}${ALIKE}`;
  return `${percent(value)} (95${NO_BREAK_SPACE}% interval ${(100 * low).toFixed(2)} to ${percent(high)})`;
}

/** '+0.33 points (95 % interval …)', of a difference of shares. */
export function changeText({ n, mean: value, low, high }: Estimate): string {
  if (low === null || high === null) {
    return `${points(value)} (${n === 1 ? 'one run, so no interval' : 'no interval'})`;
  }
  if (low === high) return `${points(value)}${ALIKE}`;
  return `${points(value)} (95${NO_BREAK_SPACE}% interval ${signed(100 * low, 2)} to ${points(high)})`;
}

/**
 * Of two independent estimates the first less the second: their standard errors, read from Student's intervals with n − 1 degrees
 * of freedom, added in squares, with Satterthwaite's degrees of freedom (Welch 1947). No interval where either has none.
 */
export function differenceOf(first: Estimate, second: Estimate): Estimate {
  const centre = first.mean - second.mean;
  const parts = [first, second].flatMap(({ n, low, high }) => {
    if (low === null || high === null) return [];
    const se = (high - low) / (2 * studentQuantile(0.975, n - 1));
    return [{ variance: se * se, degreesOfFreedom: n - 1 }];
  });
  const n = Math.min(first.n, second.n);
  if (parts.length < 2) return { n, mean: centre, low: null, high: null };
  const half =
    normalQuantile(0.975) *
    studentFactor(satterthwaite(parts)) *
    Math.sqrt(parts.reduce((sum, { variance }) => sum + variance, 0));
  return { n, mean: centre, low: centre - half, high: centre + half };
}

/**
 * Which side of zero an estimate lies on for certain: an interval of no width is no certainty, and 'few' is one that is clear of zero, but over fewer than six networks or pairs of them that differ, which
 * decide no sign. That of a single network is over images.
 */
export function signOf({ n, differ = n, low, high }: Estimate): 'above' | 'below' | 'few' | 'open' {
  if (low === null || high === null || low === high) return 'open';
  if (n > 1 && isOfTooFew({ differ, spread: { low, high } })) return 'few';
  if (low > 0) return 'above';
  return high < 0 ? 'below' : 'open';
}

/** After the numbers of an estimate: why it has no sign, where its networks are too few; else nothing. */
export function fewText(estimate: Estimate): string {
  return signOf(estimate) === 'few' ? `, ${tooFewText(estimate)}` : '';
}
