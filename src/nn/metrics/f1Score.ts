import { averaged, type AverageOptions, f1Of } from './averaged.ts';
import type { Metric } from './metric.ts';

/**
 * 2 TP / (2 TP + FP + FN), the harmonic mean of precision and recall; 0 where a class neither occurs nor is answered. `average` is null by
 * default, as in Keras: `f1_score_0`, `f1_score_1`, …
 *
 * Keras' F1Score, without the 1e-7 that it adds to each denominator. Of equal largest outputs it takes all, this the first; labels, and a single
 * output, are compared with 1/2 (Keras: `threshold=0.5`).
 */
export function F1Score(options: AverageOptions = {}): Metric {
  return averaged({ type: 'F1Score', kind: 'f1Score', name: 'f1_score' }, options, null, f1Of);
}
