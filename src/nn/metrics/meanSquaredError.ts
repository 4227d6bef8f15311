import { meanError } from './meanError.ts';
import type { Metric } from './metric.ts';

/** Mean of (output − target)² over rows and outputs. In logs `mean_squared_error`. */
export function MeanSquaredError(): Metric {
  return meanError({ spec: 'meanSquaredError', name: 'mean_squared_error' }, (x) => x * x);
}
