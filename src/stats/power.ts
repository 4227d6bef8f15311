import { DactylError } from '../util/errors.ts';
import { checkOptions, requireNumber } from '../util/options.ts';
import { expectOverSpread } from './noncentralT.ts';
import { normalCdf, normalQuantile } from './normal.ts';
import { requireCount, requireShare } from './requirements.ts';
import { requireRope } from './rope.ts';
import { studentQuantile } from './student.ts';

/** More seeds than this are not a plan. */
const MOST_SEEDS = 1_000_000;

export interface PowerOptions {
  /** The true mean difference supposed. */
  readonly difference: number;
  /** The standard deviation of paired differences, or with `paired: false` that of each arm over seeds. */
  readonly sd: number;
  /** Level of the test; two-sided for a t-test, of each one-sided test for TOST. Default 0.05. */
  readonly alpha?: number;
  /** Seeds shared by both arms (default), or as many of its own for each arm. */
  readonly paired?: boolean;
}

export interface SeedsOptions extends PowerOptions {
  /** Default 0.8. */
  readonly power?: number;
}

/**
 * The probability that the two-sided t-test of `n` seeds (per arm) finds p < α: P(|T| > t₍ν₎) for the noncentral T
 * with δ = difference/(sd/√n) and ν = n − 1 (paired), or δ = difference/(sd·√(2/n)) and ν = 2n − 2. Absolute error
 * below 1e-9. Throws E_ARGUMENT for n < 2, an sd not above 0, a difference that is not finite, or an alpha not
 * between 0 and 1.
 */
export function tTestPower(n: number, options: PowerOptions): number {
  requireNumber('tTestPower: n', n);
  checkOptions('tTestPower', ['difference', 'sd', 'alpha', 'paired', 'power'], options);
  const { standardError, degrees } = design(n, options);
  const { alpha = 0.05 } = options;
  requireShare(alpha, 'The alpha of a test');
  const critical = -studentQuantile(alpha / 2, degrees);
  const shift = options.difference / standardError;
  return expectOverSpread(degrees, (u) => normalCdf(shift - critical * u) + normalCdf(-shift - critical * u));
}

/**
 * The probability that TOST of `n` seeds (per arm) declares equivalence within ±rope: E max(0, Φ((rope − δ)/σ − tU) −
 * Φ((−rope − δ)/σ + tU)) with σ the standard error, U the sample sd over the true one and t the 1 − α quantile.
 * Errors as `tTestPower`.
 */
export function tostPower(n: number, rope: number, options: PowerOptions): number {
  requireNumber('tostPower: n', n);
  requireNumber('tostPower: rope', rope);
  checkOptions('tostPower', ['difference', 'sd', 'alpha', 'paired', 'power'], options);
  const { standardError, degrees } = design(n, options);
  const { alpha = 0.05, difference } = options;
  requireShare(2 * alpha, 'Twice the alpha of an equivalence test');
  requireRope(rope);
  const critical = -studentQuantile(alpha, degrees);
  const upper = (rope - difference) / standardError;
  const lower = (-rope - difference) / standardError;
  const inside = (u: number) => normalCdf(upper - critical * u) - normalCdf(lower + critical * u);
  return rope === 0 ? 0 : expectOverSpread(degrees, inside, (upper - lower) / (2 * critical));
}

/**
 * The fewest seeds (per arm) with which the two-sided t-test finds the difference with the power asked for; Infinity
 * where a million do not, as for a difference of 0. To ask for a difference beyond a margin, pass |difference| −
 * margin.
 */
export function seedsForSuperiority(options: SeedsOptions): number {
  checkOptions('seedsForSuperiority', ['power', 'difference', 'sd', 'alpha', 'paired'], options);
  const { alpha = 0.05, power = 0.8, difference } = options;
  const start = approximately(options, { level: alpha / 2, miss: 1 - power, distance: difference });
  return fewest(options, (n) => tTestPower(n, options), start);
}

/**
 * The fewest seeds (per arm) with which TOST finds equivalence within ±rope; Infinity as above, as for |difference| ≥
 * rope.
 */
export function seedsForEquivalence(rope: number, options: SeedsOptions): number {
  requireNumber('seedsForEquivalence: rope', rope);
  checkOptions('seedsForEquivalence', ['power', 'difference', 'sd', 'alpha', 'paired'], options);
  requireRope(rope);
  if (Math.abs(options.difference) >= rope) {
    design(2, options);
    return Infinity;
  }
  const { alpha = 0.05, power = 0.8, difference } = options;
  // Without a difference either border may be missed.
  const miss = difference === 0 ? (1 - power) / 2 : 1 - power;
  const start = approximately(options, { level: alpha, miss, distance: rope - Math.abs(difference) });
  return fewest(options, (n) => tostPower(n, rope, options), start);
}

/** Seeds by the normal approximation, for a test at one-sided `level` that misses its `distance` with the probability `miss`; 2 where there is none. */
function approximately(
  { sd, paired = true }: SeedsOptions,
  { level, miss, distance }: { level: number; miss: number; distance: number },
): number {
  const inside = (share: number): boolean => share > 0 && share < 1;
  if (!inside(level) || !inside(miss)) return 2;
  const critical = normalQuantile(level);
  const sum = ((critical + normalQuantile(miss)) * sd) / distance;
  // The second term stands for Student's wider tails (Guenther 1981).
  const seeds = (paired ? 1 : 2) * sum * sum + (critical * critical) / (paired ? 2 : 4);
  return seeds > 2 ? Math.min(Math.ceil(seeds), MOST_SEEDS) : 2;
}

/** From `start` on: power grows with n, so where the search starts changes how long it takes and nothing else. */
function fewest(options: SeedsOptions, powerAt: (n: number) => number, start: number): number {
  const { power = 0.8 } = options;
  requireShare(power, 'The power of a test');
  let low = 1;
  let high = start;
  let step = 1;
  if (powerAt(start) < power) {
    do {
      if (high >= MOST_SEEDS) return Infinity;
      low = high;
      high = Math.min(high + step, MOST_SEEDS);
      step *= 2;
    } while (powerAt(high) < power);
  } else {
    while (high - step > low) {
      if (powerAt(high - step) < power) low = high - step;
      else high -= step;
      step *= 2;
    }
  }
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (powerAt(middle) < power) low = middle;
    else high = middle;
  }
  return high;
}

function design(n: number, options: PowerOptions): { standardError: number; degrees: number } {
  const { difference, sd, paired = true } = options;
  requireCount(n, 2, 'The seeds of a power calculation');
  if (!(sd > 0 && sd < Infinity && Number.isFinite(difference))) {
    throw new DactylError(
      'E_ARGUMENT',
      `A power calculation: expected a finite difference and a standard deviation above 0, received ${difference} and ${sd}.`,
    );
  }
  return { standardError: sd * Math.sqrt((paired ? 1 : 2) / n), degrees: paired ? n - 1 : 2 * n - 2 };
}
