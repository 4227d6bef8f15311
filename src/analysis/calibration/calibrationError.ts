import { mean, quantile } from '../../stats/describe.ts';
import type { Random } from '../../util/random.ts';
import { requireCount } from '../../stats/requirements.ts';
import { checkOptions, requireFields, requireItems } from '../../util/options.ts';
import { checkTopLabel, type TopLabel } from './predictions.ts';
import { assignBins, BINS, equalWidthEdges, type ReliabilityBin } from './reliability.ts';

/** ECE = Σ_b (n_b / n) · |share right_b − mean confidence_b| over the bins of a reliability diagram; 0 to 1. */
export function expectedCalibrationError(bins: readonly ReliabilityBin[]): number {
  requireItems('expectedCalibrationError: bins', ['low', 'high', 'count', 'correct', 'confidence'], bins);
  const n = total(bins);
  return (
    bins.reduce((sum, { count, correct, confidence }) => sum + Math.abs(correct - count * confidence), 0) / n
  );
}

/**
 * The squared calibration error without its bias (Kumar, Liang & Ma 2019, arXiv 1909.10155):
 * Σ_b (n_b / n) · ((a_b − c_b)² − a_b(1 − a_b) / (n_b − 1)), a_b the share right and c_b the mean confidence of bin b. The
 * plain one counts the chance in a_b as error. On average zero, and so as often below as above it, for a calibrated
 * model. Bins of one image count zero.
 */
export function debiasedSquaredError(bins: readonly ReliabilityBin[]): number {
  requireItems('debiasedSquaredError: bins', ['low', 'high', 'count', 'correct', 'confidence'], bins);
  const n = total(bins);
  return bins.reduce((sum, { count, correct, confidence }) => {
    if (count < 2) return sum;
    const share = correct / count;
    const gap = share - confidence;
    return sum + (count / n) * (gap * gap - (share * (1 - share)) / (count - 1));
  }, 0);
}

/** What a perfectly calibrated model would show. */
export interface ChanceError {
  readonly mean: number;
  /** The 95 % quantile: a larger ECE is more than chance. */
  readonly high: number;
  readonly resamples: number;
}

/**
 * The ECE (equal width) that a model of the same confidences shows by chance alone if it is perfectly calibrated: in each
 * resample image i is right with the probability confidenceᵢ (consistency resampling, Bröcker & Smith 2007). Draws n
 * uniform numbers a resample, in the order of the images.
 */
export function chanceCalibrationError(
  top: TopLabel,
  options: { readonly random: Random; readonly resamples: number },
): ChanceError {
  requireFields('chanceCalibrationError: top', ['confidence', 'correct'], top);
  checkOptions('chanceCalibrationError', ['random', 'resamples'], options);
  const { random, resamples } = options;
  checkTopLabel(top, 'A calibration error by chance');
  requireCount(resamples, 1, 'A calibration error by chance, resamples');
  const { confidence } = top;
  const n = confidence.length;
  const { bins, binOf } = assignBins(confidence, equalWidthEdges(BINS));
  const sums = new Float64Array(bins);
  for (let i = 0; i < n; i++) sums[binOf[i]] += confidence[i];
  const correct = new Float64Array(bins);
  const errors = Array.from({ length: resamples }, () => {
    correct.fill(0);
    for (let i = 0; i < n; i++) if (random.uniform() < confidence[i]) correct[binOf[i]]++;
    return correct.reduce((sum, right, b) => sum + Math.abs(right - sums[b]), 0) / n;
  });
  return { mean: mean(errors), high: quantile(errors, 0.95), resamples };
}

function total(bins: readonly ReliabilityBin[]): number {
  requireCount(bins.length, 1, 'A calibration error, bins with images');
  return bins.reduce((sum, { count }) => sum + count, 0);
}
