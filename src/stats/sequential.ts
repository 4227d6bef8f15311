import { DactylError } from '../util/errors.ts';
import { checkOptions, requireNumber, requireNumbers } from '../util/options.ts';
import { moments } from './moments.ts';
import { requireConfidence, requireSample } from './requirements.ts';
import { placeAgainstRope, type RopeVerdict } from './rope.ts';

export interface SequentialOptions {
  /** Of the whole sequence of intervals at once. Default 0.95. */
  readonly confidence?: number;
  /**
   * g of the formula, the variance of the standardised difference μ/σ that the method is tuned to; any value keeps it
   * valid, but it has to be fixed beforehand. Default 1, which gives the first finite interval at 5 values; smaller
   * serves longer runs.
   */
  readonly priorVariance?: number;
}

/** The state of a sequence of looks after n values. */
export interface AnytimeInterval {
  readonly n: number;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  /** e for a null mean of 0: large is evidence against it. */
  readonly eValue: number;
  /**
   * min(1, 1/eValue), against a mean of 0: at most α with probability at most α, whenever and for whatever reason one
   * stops.
   */
  readonly p: number;
}

export interface SequentialDecision extends AnytimeInterval {
  /** At n, the first look that decided, or the last one of an undecided sequence. */
  readonly verdict: RopeVerdict;
}

/**
 * The mixture t confidence sequence for the mean of normal values with unknown variance: with probability at least
 * `confidence` **all** intervals, n = 1, 2, 3, …, cover the true mean, so one may look after every value and stop
 * when satisfied. For the null mean μ and τ = n(x̄ − μ)²/((n − 1)s²), the likelihood ratio of t with a N(0, g) prior
 * on (mean − μ)/σ against the null is e = A^−½·((1 + τ)/(1 + τ/A))^(n/2), A = 1 + n·g. It is a nonnegative martingale
 * with mean 1 under the null, so by Ville's inequality it ever reaches 1/α with probability at most α; the interval
 * holds the μ with e < 1/α: x̄ ± s·√((n − 1)/n · A(K − 1)/(A − K)), K = (A/α²)^(1/n), and the whole line where K ≥ A.
 * Assumes independent normal values (as means over 10,000 images nearly are); rounded to a grid wider than their
 * spread they are not. Sources: Lai 1976; Gönen, Johnson, Lu & Westfall 2005 (the ratio); Wang & Ramdas,
 * 'Anytime-valid t-tests and confidence sequences for Gaussian means with unknown variance' (arXiv 2310.03722).
 * Throws E_ARGUMENT for an empty sample, a number that is not finite, or options out of range.
 */
export function anytimeInterval(values: ArrayLike<number>, options: SequentialOptions = {}): AnytimeInterval {
  requireNumbers('anytimeInterval: values', values);
  checkOptions('anytimeInterval', ['confidence', 'priorVariance'], options);
  const { priorVariance } = settings(options);
  requireSample(values, 1, 'A confidence sequence');
  const n = values.length;
  if (n === 1) return { n, mean: values[0], low: -Infinity, high: Infinity, eValue: 1, p: 1 };
  const { mean, sd } = moments(values, 'A confidence sequence');
  const half = anytimeHalfWidth(n, options);
  // Without this 0 · ∞ would be NaN.
  const reach = half === Infinity ? Infinity : half * sd;
  const growth = 1 + n * priorVariance;
  const ratio = mean === 0 ? 0 : mean / sd;
  const tau = (n / (n - 1)) * ratio * ratio;
  const gain = tau < Infinity ? Math.log1p(tau) - Math.log1p(tau / growth) : Math.log(growth);
  const eValue = Math.exp((n * gain - Math.log(growth)) / 2);
  return { n, mean, low: mean - reach, high: mean + reach, eValue, p: Math.min(1, 1 / eValue) };
}

/**
 * The half-width of `anytimeInterval` after n values, in sample standard deviations; Infinity for the first few n.
 */
export function anytimeHalfWidth(n: number, options: SequentialOptions = {}): number {
  requireNumber('anytimeHalfWidth: n', n);
  checkOptions('anytimeHalfWidth', ['confidence', 'priorVariance'], options);
  const { confidence, priorVariance } = settings(options);
  const growth = 1 + n * priorVariance;
  const exponent = (Math.log(growth) - 2 * Math.log(1 - confidence)) / n;
  const room = growth - Math.exp(exponent);
  if (!(n >= 2 && room > 0)) return Infinity;
  return Math.sqrt((((n - 1) / n) * growth * Math.expm1(exponent)) / room);
}

/**
 * Looks after every one of `differences`, in the order they came, and stops at the first anytime interval that lies
 * inside the region −rope … rope or clears it. The probability that a verdict other than undecided is ever wrong is
 * at most 1 − confidence. Throws as `anytimeInterval` and `placeAgainstRope`.
 */
export function firstDecision(
  differences: ArrayLike<number>,
  rope: number,
  options: SequentialOptions = {},
): SequentialDecision {
  requireNumbers('firstDecision: differences', differences);
  requireNumber('firstDecision: rope', rope);
  checkOptions('firstDecision', ['confidence', 'priorVariance'], options);
  const all = Float64Array.from(differences);
  const last = {
    ...anytimeInterval(all, options),
    verdict: placeAgainstRope({ low: -Infinity, high: Infinity }, rope),
  };
  for (let n = 1; n <= all.length; n++) {
    const look = anytimeInterval(all.subarray(0, n), options);
    const verdict = placeAgainstRope(look, rope);
    if (verdict !== 'undecided') return { ...look, verdict };
  }
  return last;
}

function settings({ confidence = 0.95, priorVariance = 1 }: SequentialOptions): Required<SequentialOptions> {
  requireConfidence(confidence);
  if (!(priorVariance > 0 && priorVariance < Infinity)) {
    throw new DactylError(
      'E_ARGUMENT',
      `The prior variance of a confidence sequence: expected a finite number above 0, received ${priorVariance}.`,
    );
  }
  return { confidence, priorVariance };
}
