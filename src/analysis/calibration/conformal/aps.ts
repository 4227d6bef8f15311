import { DactylError } from '../../../util/errors.ts';
import { requireEachProbability, requireProbabilities } from '../../checks.ts';
import { requireFunction, requireNumber, requireNumbers } from '../../../util/options.ts';

/**
 * Scores of adaptive prediction sets (APS; Romano, Sesia & Candès 2020): the probability of all classes more probable
 * than y, and that of y itself times u, for every image and class [n][classes]. With `uniforms`, one number of [0, 1) for each image,
 * sets are randomised and cover exactly; null takes u = 1: larger sets, that cover more. `penalty` is added by rank, from 1 for
 * the most probable class; of equally probable classes the smaller comes first. Throws E_SHAPE, and E_ARGUMENT for what are no probabilities or
 * uniform numbers.
 */
export function apsScores(
  probabilities: Float32Array | Float64Array,
  classes: number,
  uniforms: Float64Array | null,
  penalty: (rank: number) => number = () => 0,
): Float64Array {
  requireNumbers('apsScores: probabilities', probabilities);
  requireNumber('apsScores: classes', classes);
  if (uniforms !== null) requireNumbers('apsScores: uniforms', uniforms);
  requireFunction('apsScores: penalty', penalty);
  requireProbabilities(probabilities, classes, 'Scores of APS');
  if (uniforms !== null) {
    if (uniforms.length !== probabilities.length / classes) {
      throw new DactylError(
        'E_SHAPE',
        `Scores of APS: expected ${probabilities.length / classes} uniform numbers, one for each image, received ${uniforms.length}.`,
      );
    }
    requireEachProbability(uniforms, 'Scores of APS, uniform numbers');
  }
  const scores = new Float64Array(probabilities.length);
  const order = new Uint32Array(classes);
  for (let first = 0, i = 0; first < probabilities.length; first += classes, i++) {
    rank(probabilities, first, order);
    const u = uniforms === null ? 1 : uniforms[i];
    let before = 0;
    for (let r = 0; r < classes; r++) {
      const p = probabilities[first + order[r]];
      scores[first + order[r]] = before + u * p + penalty(r + 1);
      before += p;
    }
  }
  return scores;
}

/** Classes of the row from `first` on by descending probability, by insertion. */
function rank(probabilities: Float32Array | Float64Array, first: number, order: Uint32Array): void {
  for (let j = 0; j < order.length; j++) {
    let at = j;
    while (at > 0 && probabilities[first + order[at - 1]] < probabilities[first + j]) {
      order[at] = order[at - 1];
      at--;
    }
    order[at] = j;
  }
}
