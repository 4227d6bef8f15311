import { requireEachProbability } from '../../checks.ts';
import { requireNumbers } from '../../../util/options.ts';

/**
 * Scores of the least ambiguous set-valued classifier (LAC; Sadinle, Lei & Wasserman 2019): s(x, y) = 1 − p(y | x), for every
 * image and class [n][classes]. The smallest sets on average; an image that is unlike all classes may get an empty one. Throws
 * E_ARGUMENT for a number that is no probability.
 */
export function lacScores(probabilities: Float32Array | Float64Array): Float64Array {
  requireNumbers('lacScores: probabilities', probabilities);
  requireEachProbability(probabilities, 'Scores of LAC');
  const scores = new Float64Array(probabilities.length);
  for (let k = 0; k < scores.length; k++) scores[k] = 1 - probabilities[k];
  return scores;
}
