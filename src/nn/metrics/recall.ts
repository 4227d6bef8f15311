import { averaged, type AverageOptions, recallOf } from './averaged.ts';
import type { Metric } from './metric.ts';

/**
 * TP / (TP + FN): of the rows of a class, the share that is taken for it; 0 where there is none. `average` is `'macro'` by default.
 *
 * Keras' Recall with one output, or with labels and `average: 'micro'`; for one class a row see `Precision`.
 */
export function Recall(options: AverageOptions = {}): Metric {
  return averaged({ type: 'Recall', kind: 'recall', name: 'recall' }, options, 'macro', recallOf);
}
