import { naturalLogarithm } from '../../util/logarithm.ts';
import { requireFields } from '../../util/options.ts';
import { checkPredictions, type Predictions } from './predictions.ts';

/** The smallest normal float32, 2⁻¹²⁶: what a probability counts at least, so that no image costs more than 87.3. */
const SMALLEST_PROBABILITY = 1.1754943508222875e-38;

/**
 * The mean over images of −ln p(label), in nats: 0 for a perfect model, ln 10 = 2.303 for equal probabilities of ten
 * classes. Probabilities below `SMALLEST_PROBABILITY`, 0 among them, count as that.
 */
export function logLoss(predictions: Predictions): number {
  requireFields('logLoss: predictions', ['probabilities', 'labels', 'classes'], predictions);
  checkPredictions(predictions, 'A log loss');
  const losses = imageLosses(predictions);
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
}

/** −ln p of what the label got, for every image: `logLoss` is their mean. */
export function imageLosses({ probabilities, labels, classes }: Predictions): Float64Array {
  return Float64Array.from(
    labels,
    (label, i) => -naturalLogarithm(Math.max(probabilities[i * classes + label], SMALLEST_PROBABILITY)),
  );
}
