import { studentCdf, studentQuantile } from './student.ts';
import { requireConfidence } from './requirements.ts';

/** Against which side of the null hypothesis a p-value speaks: any, a mean above it, or a mean below it. */
export type Alternative = 'two-sided' | 'greater' | 'less';

export interface TTestOptions {
  /** Default two-sided. */
  readonly alternative?: Alternative;
  /** Of the interval, which is two-sided whatever the alternative. Default 0.95. */
  readonly confidence?: number;
}

/** A t-test of the hypothesis that the true difference is 0, with the interval of that difference. */
export interface TTest {
  readonly difference: number;
  readonly standardError: number;
  readonly t: number;
  readonly degreesOfFreedom: number;
  readonly p: number;
  readonly low: number;
  readonly high: number;
}

const P_VALUES = {
  'two-sided': (t, degrees) => Math.min(1, 2 * studentCdf(-Math.abs(t), degrees)),
  greater: (t, degrees) => studentCdf(-t, degrees),
  less: (t, degrees) => studentCdf(t, degrees),
} satisfies Record<Alternative, (t: number, degrees: number) => number>;

/**
 * t = difference / standard error against Student's t with ν degrees of freedom; interval difference ± t₍ν₎·standard
 * error. A standard error of 0 gives t = 0 for a difference of 0, else ±∞ and p = 0 (two-sided): such a sample has no
 * spread to judge by, and its p says nothing. Throws E_ARGUMENT for a confidence not between 0 and 1.
 */
export function tTest(
  difference: number,
  standardError: number,
  degreesOfFreedom: number,
  options: TTestOptions = {},
): TTest {
  const { alternative = 'two-sided', confidence = 0.95 } = options;
  requireConfidence(confidence);
  const t = difference === 0 ? 0 : difference / standardError;
  const half = -studentQuantile((1 - confidence) / 2, degreesOfFreedom) * standardError;
  return {
    difference,
    standardError,
    t,
    degreesOfFreedom,
    p: P_VALUES[alternative](t, degreesOfFreedom),
    low: difference - half,
    high: difference + half,
  };
}
