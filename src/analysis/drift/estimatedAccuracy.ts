import { wilson } from '../../stats/wilson.ts';
import { requireCount } from '../../stats/requirements.ts';
import { requireFields } from '../../util/options.ts';
import { type Effect, meanAndVariance } from './effect.ts';
import { columnOf, CONFIDENCE, type DriftObservations, requireObservations } from './observations.ts';

/**
 * The share of answers that are right, without a label: the mean of their calibrated probabilities, which is right as far as these are calibrated on the images that are served, too. The standard error, √(s²/n), is that of other images of the same kind; it does not contain a loss of calibration. Throws E_ARGUMENT below two images.
 */
export function estimatedAccuracy(window: DriftObservations): Effect {
  requireObservations('estimatedAccuracy: window', window);
  requireCount(window.answers.length, 2, 'An estimated accuracy, images');
  const { mean, variance } = meanAndVariance(columnOf(window, CONFIDENCE));
  return { estimate: mean, standardError: Math.sqrt(variance / window.answers.length) };
}

/** What the estimate was worth on answers whose labels came. */
export interface EstimateError {
  readonly labelled: number;
  /** Of these answers, their mean confidence and the share that is right, with its interval (Wilson, 95 %). */
  readonly estimated: number;
  readonly measured: number;
  readonly low: number;
  readonly high: number;
  /** estimated − measured: above 0 the estimate is too good. */
  readonly error: number;
}

/** Of answers with labels: how many, the sum of their confidences, and how many were right. All of the same answers, so that it does not matter that reviewers see the doubtful ones. */
export function estimateError(labels: { count: number; confidence: number; right: number }): EstimateError {
  requireFields('estimateError: labels', ['count', 'confidence', 'right'], labels);
  const { count, confidence, right } = labels;
  requireCount(count, 1, 'The error of an estimated accuracy, labels');
  return {
    labelled: count,
    estimated: confidence / count,
    measured: right / count,
    ...wilson(right, count),
    error: (confidence - right) / count,
  };
}
