import { describe } from '../../util/describe.ts';
import { DactylError } from '../../util/errors.ts';
import { isNumber } from '../../util/options.ts';
import type { Tensor } from '../../util/tensor.ts';
import type { Metric, MetricBatch } from './metric.ts';
import { ratio } from './metric.ts';

/** Of one batch: targets (class numbers [n], or [n, width]) and outputs [n, width], copies; returns the batch's value. */
export type MetricFunction = (targets: Tensor, outputs: Tensor<Float32Array>) => number;

/**
 * A metric from a function, named as the function is. Its value is the mean of what the function returns for the batches, weighted by their sizes (with
 * sample weights: by the sums of their rows' weights, which the function itself does not see). What is no mean over rows, such as a median or a
 * ratio, so depends on `batchSize`.
 *
 * It costs a call and a copy of targets and outputs a batch, and runs on the thread that trains. Its value repeats on every machine only if
 * the function's does: `Math.exp`, `log` and `pow` differ between JavaScript engines.
 */
export function ownMetric(compute: MetricFunction): Metric {
  const { name } = compute;
  if (name === '') {
    throw new DactylError(
      'E_ARGUMENT',
      'metrics: expected a function with a name, for the logs; received one without. Write function myMetric(targets, outputs) { … }.',
    );
  }
  return {
    spec: undefined,
    name,
    direction: undefined,
    fits: () => undefined,
    names: () => [name],
    create: ({ width }) => {
      let sum = 0;
      let weight = 0;
      return {
        wholeBatches: true,
        update(batch) {
          if (batch.count === 0) return;
          const value: unknown = compute(...tensorsOf(batch, width));
          if (!isNumber(value)) {
            throw new DactylError(
              'E_NUMERIC',
              `The metric ${name}: expected a finite number of each batch; received ${typeof value === 'number' ? value : describe(value)}.`,
            );
          }
          let own = batch.count;
          if (batch.weights) {
            own = 0;
            for (let s = 0; s < batch.count; s++) own += batch.weights[s];
          }
          sum += own * (value as number);
          weight += own;
        },
        result: () => [ratio(sum, weight)],
      };
    },
  };
}

function tensorsOf({ targets, outputs, count }: MetricBatch, width: number): [Tensor, Tensor<Float32Array>] {
  const size = count * width;
  return [
    targets.kind === 'classes'
      ? { data: Int32Array.from({ length: count }, (_, s) => targets.classes[s]), shape: [count] }
      : {
          data: Float32Array.from({ length: size }, (_, i) => targets.values[i]),
          shape: [count, width],
        },
    { data: outputs.slice(0, size), shape: [count, width] },
  ];
}
