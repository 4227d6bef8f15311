import { DactylError } from '../util/errors.ts';
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
  return fewest(options, (n) => tTestPower(n, options), Math.abs(options.difference));
}

/**
 * The fewest seeds (per arm) with which TOST finds equivalence within ±rope; Infinity as above, as for |difference| ≥
 * rope.
 */
export function seedsForEquivalence(rope: number, options: SeedsOptions): number {
  requireRope(rope);
  if (Math.abs(options.difference) >= rope) {
    design(2, options);
    return Infinity;
  }
  return fewest(options, (n) => tostPower(n, rope, options), rope - Math.abs(options.difference));
}

/**
 * The search starts where the normal approximation to a test that has `distance` to find puts the answer: power grows with n, so
 * the start changes how long it takes and nothing else.
 */
function fewest(options: SeedsOptions, powerAt: (n: number) => number, distance: number): number {
  const { power = 0.8, alpha = 0.05, sd, paired = true } = options;
  requireShare(power, 'The power of a test');
  requireShare(alpha, 'The alpha of a test');
  const z = normalQuantile(power) - normalQuantile(alpha / 2);
  const approximate = (paired ? 1 : 2) * ((z * sd) / distance) ** 2;
  // Below 2 there is no test; NaN and what a wrong option leads to go the long way and are refused there.
  const start = approximate > 2 ? Math.min(Math.ceil(approximate), MOST_SEEDS) : 2;
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
