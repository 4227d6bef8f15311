import type { Predictions } from '../calibration/predictions.ts';

/** How well a label fits, from 0 (a wrong label, by the model) to 1. */
export const LABEL_SCORES = {
  /** (p(label) − max over the other classes + 1) / 2 */
  normalisedMargin: (own: number, other: number): number => (own - other + 1) / 2,
  /** p(label) */
  selfConfidence: (own: number): number => own,
} as const satisfies Record<string, (own: number, other: number) => number>;

export type LabelScore = keyof typeof LABEL_SCORES;

/** The score of every image's label. */
export function labelScores(
  { probabilities, labels, classes }: Predictions,
  score: LabelScore,
): Float64Array {
  const of = LABEL_SCORES[score];
  return Float64Array.from(labels, (label, i) => {
    let other = 0;
    for (let j = 0; j < classes; j++) {
      if (j !== label) other = Math.max(other, probabilities[i * classes + j]);
    }
    return of(probabilities[i * classes + label], other);
  });
}

/** Images from the least fitting label on; equal scores by number. */
export function rankByScore(scores: Float64Array): Uint32Array {
  return Uint32Array.from(scores.keys()).sort((a, b) => scores[a] - scores[b] || a - b);
}

/** How many of the images `known` are among the first k of the ranking, for k = 1 … `most`. */
export function foundAmongFirst(ranking: Uint32Array, known: readonly number[], most: number): number[] {
  const wanted = new Set(known);
  let found = 0;
  return Array.from(ranking.subarray(0, most), (index) => (found += wanted.has(index) ? 1 : 0));
}
