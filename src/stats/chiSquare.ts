import { DactylError } from '../util/errors.ts';
import { logGamma } from './logBeta.ts';
import { requireConfidence, requireCount } from './requirements.ts';

/**
 * P(X ≤ x) of χ² with `degrees` degrees of freedom: the regularised incomplete gamma function P(a, y), a = degrees/2, y = x/2, by its series
 * y^a·e^(−y)/Γ(a + 1)·(1 + y/(a + 1) + y²/((a + 1)(a + 2)) + …), all of whose terms are positive. Throws E_ARGUMENT for degrees that are not above 0 or a
 * NaN.
 */
export function chiSquareCdf(x: number, degrees: number): number {
  if (!(degrees > 0 && degrees < Infinity) || Number.isNaN(x)) {
    throw new DactylError(
      'E_ARGUMENT',
      `A χ² distribution: expected a number and degrees of freedom above 0, received ${x} and ${degrees}.`,
    );
  }
  if (x <= 0) return 0;
  const [a, y] = [degrees / 2, x / 2];
  // Beyond, the upper tail is below 1e-17.
  if (y > a + 50 + 15 * Math.sqrt(a)) return 1;
  let term = 1;
  let sum = 1;
  for (let k = 1; term > 1e-17 * sum; k++) {
    term *= y / (a + k);
    sum += term;
  }
  return Math.min(1, sum * Math.exp(a * Math.log(y) - y - logGamma(a + 1)));
}

/** The x with P(X ≤ x) = `p`, by bisection. Throws E_ARGUMENT for p not between 0 and 1. */
export function chiSquareQuantile(p: number, degrees: number): number {
  requireConfidence(p);
  let high = degrees + 1;
  while (chiSquareCdf(high, degrees) < p) high *= 2;
  let low = 0;
  while (high - low > 1e-14 * high) {
    const middle = low + (high - low) / 2;
    if (chiSquareCdf(middle, degrees) < p) low = middle;
    else high = middle;
  }
  return high;
}

/**
 * The interval of the standard deviation of normal values of which `n` had the sample one `sd`: sd·√((n − 1)/χ²) at the two quantiles. Throws
 * E_ARGUMENT for n < 2.
 */
export function sdInterval(sd: number, n: number, confidence = 0.95): { low: number; high: number } {
  requireCount(n, 2, 'An interval of a standard deviation, n');
  requireConfidence(confidence);
  const at = (p: number) => sd * Math.sqrt((n - 1) / chiSquareQuantile(p, n - 1));
  return { low: at((1 + confidence) / 2), high: at((1 - confidence) / 2) };
}
