import { requireSample } from '../../../stats/requirements.ts';
import { checkPredictions, type Predictions } from '../predictions.ts';
import { checkOptions, requireFields, requireNumber, requireNumbers } from '../../../util/options.ts';
import { apsScores } from './aps.ts';
import { conformalQuantile, countSets, meanSetSize, ownScores } from './sets.ts';

/** λ is added for every class beyond the first k of an image, by probability. */
export interface RapsPenalty {
  readonly lambda: number;
  readonly k: number;
}

/** From which λ is chosen, as in the method's own code. */
const LAMBDAS = [0.001, 0.01, 0.1, 0.2, 0.5];

/**
 * Scores of regularised adaptive prediction sets (RAPS; Angelopoulos, Bates, Malik & Jordan 2021): those of APS and
 * λ · max(0, rank − k), [n][classes].
 */
export function rapsScores(
  probabilities: Float32Array | Float64Array,
  classes: number,
  uniforms: Float64Array | null,
  options: RapsPenalty,
): Float64Array {
  requireNumbers('rapsScores: probabilities', probabilities);
  requireNumber('rapsScores: classes', classes);
  if (uniforms !== null) requireNumbers('rapsScores: uniforms', uniforms);
  checkOptions('rapsScores', ['lambda', 'k'], options);
  const { lambda, k } = options;
  requireSample([lambda, k], 2, 'Scores of RAPS, λ and k');
  return apsScores(probabilities, classes, uniforms, (rank) => lambda * Math.max(0, rank - k));
}

/**
 * k: the conformal quantile of the true classes' ranks at level `alpha`; λ: the one with the smallest mean set on the
 * same images, the first of equals. These images must not be used for the quantile of the scores afterwards. Throws as `checkPredictions` does.
 */
export function tuneRaps(predictions: Predictions, uniforms: Float64Array, alpha: number): RapsPenalty {
  requireFields('tuneRaps: predictions', ['probabilities', 'labels', 'classes'], predictions);
  requireNumbers('tuneRaps: uniforms', uniforms);
  requireNumber('tuneRaps: alpha', alpha);
  checkPredictions(predictions, 'A penalty of RAPS');
  const { probabilities, labels, classes } = predictions;
  const ranks = Float64Array.from(labels, (label, i) => ownRank(probabilities, i * classes, classes, label));
  const k = Math.min(classes, conformalQuantile(ranks, alpha));
  const judged = { labels, classes, groups: new Uint8Array(labels.length) };
  let best: RapsPenalty = { lambda: LAMBDAS[0], k };
  let smallest = Infinity;
  for (const lambda of LAMBDAS) {
    const scores = rapsScores(probabilities, classes, uniforms, { lambda, k });
    const threshold = conformalQuantile(ownScores(scores, labels, classes), alpha);
    const size = meanSetSize(countSets(scores, judged, () => threshold, 1));
    if (size < smallest) {
      smallest = size;
      best = { lambda, k };
    }
  }
  return best;
}

/** 1 for the label of the most probable class; of equally probable classes the smaller comes first. */
function ownRank(
  probabilities: Float32Array | Float64Array,
  first: number,
  classes: number,
  label: number,
): number {
  let rank = 1;
  const own = probabilities[first + label];
  for (let j = 0; j < classes; j++) {
    const p = probabilities[first + j];
    if (p > own || (p === own && j < label)) rank++;
  }
  return rank;
}
