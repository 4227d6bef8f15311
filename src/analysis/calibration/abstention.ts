import { incompleteBeta } from '../../stats/incompleteBeta.ts';
import { requireCount, requireShare } from '../../stats/requirements.ts';
import { requireEachProbability } from '../checks.ts';
import { checkOptions, requireFields, requireNumbers } from '../../util/options.ts';
import { checkTopLabel, type TopLabel } from './predictions.ts';

/** P(X ≤ k) for X binomial with n trials of probability p: I₁₋ₚ(n − k, k + 1); 1 for k ≥ n. */
export function binomialTail(k: number, n: number, p: number): number {
  return k >= n ? 1 : incompleteBeta(n - k, k + 1, 1 - p, p);
}

/** Answer where the confidence is at least `threshold`, else abstain; null where no threshold keeps the promise. */
export interface RiskThreshold {
  readonly threshold: number | null;
  /** Images of the calibration data that are answered at that threshold, and how many of them wrongly. */
  readonly answered: number;
  readonly errors: number;
}

/** Share of the images that the two sequences of tests begin with. */
const STARTS = [0.5, 0.8];
const COVERAGE_STEPS = 200;

/** Whether `images` for calibration are enough for such a promise to be made at all: of a model that makes no error on them. */
export function enoughForPromise(
  images: number,
  { wanted, delta }: { readonly wanted: number; readonly delta: number },
): boolean {
  return STARTS.some((start) => binomialTail(0, Math.floor(start * images), wanted) <= delta / STARTS.length);
}

/**
 * A threshold below which the model abstains, so that the error rate among what it answers is at most `wanted`: with a
 * probability of at least 1 − `delta` over the draw of `calibration`, for images of the same population as that.
 *
 * Learn then Test (Angelopoulos, Bates, Candès, Jordan & Lei 2021, arXiv 2110.01052) with fixed-sequence testing:
 * threshold after threshold, towards less caution, the hypothesis 'error rate above `wanted`' is tested by the exact binomial
 * p-value P(Bin(answered, wanted) ≤ errors), up to the first that is not rejected. Testing in an order fixed beforehand
 * needs no correction. There are two such sequences, each at level δ/2: from the one that answers half of the images, and from the one
 * that answers four fifths; the least cautious of all rejected is taken. The thresholds are quantiles of `unlabelled`, the
 * confidences of other images, and so fixed with regard to `calibration`, in steps of ½ % of the images; the last answers all.
 */
export function riskThreshold(
  calibration: TopLabel,
  unlabelled: Float64Array,
  options: { readonly wanted: number; readonly delta: number },
): RiskThreshold {
  requireFields('riskThreshold: calibration', ['confidence', 'correct'], calibration);
  requireNumbers('riskThreshold: unlabelled', unlabelled);
  checkOptions('riskThreshold', ['wanted', 'delta'], options);
  const { wanted, delta } = options;
  requireShare(wanted, 'A wanted error rate');
  requireShare(delta, 'The probability that a promise fails');
  checkTopLabel(calibration, 'A threshold for a wanted error rate');
  requireCount(unlabelled.length, 1, 'A threshold for a wanted error rate, other images');
  requireEachProbability(unlabelled, 'A threshold for a wanted error rate, other images');
  const { confidence, correct } = calibration;
  const candidates = unlabelled.slice().sort().reverse();
  const thresholdAt = (step: number) =>
    step === COVERAGE_STEPS ? 0 : candidates[Math.ceil((candidates.length * step) / COVERAGE_STEPS) - 1];
  let found: RiskThreshold = { threshold: null, answered: 0, errors: 0 };
  for (const start of STARTS) {
    for (let step = Math.round(start * COVERAGE_STEPS); step <= COVERAGE_STEPS; step++) {
      const threshold = thresholdAt(step);
      let answered = 0;
      let errors = 0;
      for (let i = 0; i < confidence.length; i++) {
        if (confidence[i] < threshold) continue;
        answered++;
        errors += 1 - correct[i];
      }
      if (binomialTail(errors, answered, wanted) > delta / STARTS.length) break;
      found = { threshold, answered, errors };
    }
  }
  return found;
}
