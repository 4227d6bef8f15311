import { meanError } from './meanError.ts';
import type { Metric } from './metric.ts';

/** Mean of |output − target| over rows and outputs. In logs `mean_absolute_error`. */
export function MeanAbsoluteError(): Metric {
  return meanError({ spec: 'meanAbsoluteError', name: 'mean_absolute_error' }, Math.abs);
}
