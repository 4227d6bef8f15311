import { meanError } from './meanError.ts';
import type { Metric } from './metric.ts';

/** √ of the mean of (output − target)² over all rows and outputs, of an epoch and not of its batches. In logs `root_mean_squared_error`. */
export function RootMeanSquaredError(): Metric {
  return meanError(
    { spec: 'rootMeanSquaredError', name: 'root_mean_squared_error' },
    (x) => x * x,
    Math.sqrt,
  );
}
