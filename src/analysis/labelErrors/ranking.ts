import { requireSample } from '../../stats/requirements.ts';
import { DactylError } from '../../util/errors.ts';
import { checkPredictions, type Predictions } from '../calibration/predictions.ts';
import { requireFields, requireNumbers, requireText } from '../../util/options.ts';

/** How well a label fits, from 0 (a wrong label, by the model) to 1. */
export const LABEL_SCORES = {
  /** (p(label) − max over the other classes + 1) / 2 */
  normalisedMargin: (own: number, other: number): number => (own - other + 1) / 2,
  /** p(label) */
  selfConfidence: (own: number): number => own,
} as const satisfies Record<string, (own: number, other: number) => number>;

export type LabelScore = keyof typeof LABEL_SCORES;

/** The score of every image's label. Throws as `checkPredictions` does, and E_ARGUMENT for another score. */
export function labelScores(predictions: Predictions, score: LabelScore): Float64Array {
  requireFields('labelScores: predictions', ['probabilities', 'labels', 'classes'], predictions);
  requireText('labelScores: score', score);
  checkPredictions(predictions, 'Scores of labels');
  if (!Object.hasOwn(LABEL_SCORES, score)) {
    throw new DactylError(
      'E_ARGUMENT',
      `Scores of labels: expected ${Object.keys(LABEL_SCORES).join(' or ')}, received ${String(score)}.`,
    );
  }
  const { probabilities, labels, classes } = predictions;
  const of = LABEL_SCORES[score];
  return Float64Array.from(labels, (label, i) => {
    let other = 0;
    for (let j = 0; j < classes; j++) {
      if (j !== label) other = Math.max(other, probabilities[i * classes + j]);
    }
    return of(probabilities[i * classes + label], other);
  });
}

/** Images from the least fitting label on; equal scores by number. Throws E_ARGUMENT for a score that is not finite. */
export function rankByScore(scores: Float64Array): Uint32Array {
  requireNumbers('rankByScore: scores', scores);
  requireSample(scores, 0, 'Scores of labels');
  return Uint32Array.from(scores.keys()).sort((a, b) => scores[a] - scores[b] || a - b);
}

/** How many of the images `known` are among the first k of the ranking, for k = 1 … `most`. */
export function foundAmongFirst(ranking: Uint32Array, known: readonly number[], most: number): number[] {
  const wanted = new Set(known);
  let found = 0;
  return Array.from(ranking.subarray(0, most), (index) => (found += wanted.has(index) ? 1 : 0));
}
