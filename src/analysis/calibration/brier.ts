import { requireFields } from '../../util/options.ts';
import { checkPredictions, type Predictions } from './predictions.ts';

/**
 * Brier's score of 1950: the mean over images of Σⱼ (pⱼ − yⱼ)², y the label as one-hot row. From 0 (perfect) to 2 (sure
 * and wrong); 0.9 for equal probabilities of ten classes.
 */
export function brierScore(predictions: Predictions): number {
  requireFields('brierScore: predictions', ['probabilities', 'labels', 'classes'], predictions);
  checkPredictions(predictions, 'A Brier score');
  const { probabilities, labels, classes } = predictions;
  let sum = 0;
  for (let i = 0; i < labels.length; i++) {
    for (let j = 0; j < classes; j++) {
      const error = probabilities[i * classes + j] - (labels[i] === j ? 1 : 0);
      sum += error * error;
    }
  }
  return sum / labels.length;
}
