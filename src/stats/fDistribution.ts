import { DactylError } from '../util/errors.ts';
import { incompleteBeta } from './incompleteBeta.ts';

/**
 * P(F > f) of the F distribution with d₁ and d₂ degrees of freedom: I_x(d₂/2, d₁/2) with x = d₂ / (d₂ + d₁·f).
 * Relative error below 1e-11; f = ∞ gives 0. Throws E_ARGUMENT for f below 0, NaN, or degrees of freedom not above 0.
 */
export function fUpperTail(f: number, numerator: number, denominator: number): number {
  const finite = numerator > 0 && denominator > 0 && numerator < Infinity && denominator < Infinity;
  if (!(f >= 0 && finite)) {
    throw new DactylError(
      'E_ARGUMENT',
      `An F distribution: expected f >= 0 and finite degrees of freedom above 0, received f ${f}, ${numerator} and ${denominator}.`,
    );
  }
  if (f === Infinity) return 0;
  const scaled = (numerator * f) / denominator;
  if (scaled === Infinity) return 0;
  return incompleteBeta(denominator / 2, numerator / 2, 1 / (1 + scaled), scaled / (1 + scaled));
}
