import { averaged, type AverageOptions, precisionOf } from './averaged.ts';
import type { Metric } from './metric.ts';

/**
 * TP / (TP + FP): of the rows taken for a class, the share that is of it; 0 where none is. `average` is `'macro'` by default.
 *
 * Keras' Precision with one output, or with labels and `average: 'micro'`. For one class a row Keras compares every output with 1/2, so that a
 * row may be taken for no class; here it is taken for its largest output, as by scikit-learn's `precision_score`.
 */
export function Precision(options: AverageOptions = {}): Metric {
  return averaged({ type: 'Precision', kind: 'precision', name: 'precision' }, options, 'macro', precisionOf);
}
