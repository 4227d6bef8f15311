import { type Effect, meanAndVariance } from './effect.ts';
import { columnOf, CONFIDENCE, type DriftObservations } from './observations.ts';
import { areaAboveChance, placements } from './placements.ts';
import { type DriftProfile, sharesOf } from './profile.ts';

/** Expected shares below this are counted as this much, so that a class that hardly ever comes does not decide. */
const LEAST_SHARE = 0.01;

/** P(a served answer is less sure than a held-out one) + ½·P(equally sure) − ½: above 0 confidence has fallen. Standard error by DeLong. */
export function confidenceShift(window: DriftObservations, { confidences }: DriftProfile): Effect {
  const own = columnOf(window, CONFIDENCE);
  const windows = placements(own, confidences).map((share) => 1 - share);
  return areaAboveChance(windows, placements(confidences, own.sort()));
}

/** The mean of one statistic in the window less the reference's, in standard deviations σ of the reference: Glass' Δ, with standard error √(s²/nσ² + 1/m). */
export function standardisedDifference(
  window: DriftObservations,
  profile: DriftProfile,
  statistic: number,
): Effect {
  const { mean, variance } = meanAndVariance(columnOf(window, statistic));
  const deviation = profile.deviations[statistic];
  return {
    estimate: (mean - profile.means[statistic]) / deviation,
    standardError: Math.sqrt(variance / (deviation * deviation) / window.answers.length + 1 / profile.count),
  };
}

/**
 * How much the answered classes differ from the reference's: w² = Σ (q − p)² / p (Cohen's w, squared), p and q the shares of every class and of 'none', p at least .01, less what it is on average by chance, Σ q(1 − q) / pν with 1/ν = 1/n + 1/m. Standard error √(4·var(g)/ν + 2(k − 1)/ν²), with
 * g = (q − p)/p under q and k classes.
 */
export function classShift({ answers }: DriftObservations, { shares, classes, count }: DriftProfile): Effect {
  const own = sharesOf(answers, classes);
  const seen = 1 / (1 / answers.length + 1 / count);
  let [squared, chance, mean, square, kinds] = [0, 0, 0, 0, 0];
  own.forEach((q, k) => {
    const p = Math.max(LEAST_SHARE, shares[k]);
    const g = (q - shares[k]) / p;
    squared += g * g * p;
    chance += (q * (1 - q)) / p;
    mean += q * g;
    square += q * g * g;
    kinds += Number(q > 0 || shares[k] > 0);
  });
  const spread = Math.max(0, square - mean * mean);
  return {
    estimate: squared - chance / seen,
    standardError: Math.sqrt((4 * spread) / seen + (2 * Math.max(1, kinds - 1)) / (seen * seen)),
  };
}
