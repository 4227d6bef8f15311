import type { BatchNormalizationSpec } from '../ops/batchNormalization.ts';
import type { ReferenceOp } from './op.ts';
import { referenceParameter } from './parameters.ts';

/** y = gamma (x − mean) / √(variance + epsilon) + beta for each channel, by the batch in training, else by the moving statistics. Frozen: gamma and beta are statistics, too. */
export function referenceBatchNormalization(
  { momentum, epsilon, center, scale, frozen }: BatchNormalizationSpec,
  shape: readonly number[],
): ReferenceOp {
  const channels = shape[shape.length - 1];
  const gamma = referenceParameter(channels);
  const beta = referenceParameter(channels);
  const affine = [...(scale ? [gamma] : []), ...(center ? [beta] : [])];
  const moving = { mean: new Float64Array(channels), variance: new Float64Array(channels) };
  let byBatch = false;
  let inverse: Float64Array = new Float64Array(channels);
  /** (x − mean) / √(variance + epsilon) */
  let normal: Float64Array[] = [];
  let count = 0;
  return {
    parameters: frozen ? [] : affine,
    statistics: [...(frozen ? affine.map(({ weights }) => weights) : []), moving.mean, moving.variance],
    forward: (x, training) => {
      byBatch = training && !frozen;
      count = (x.length * x[0].length) / channels;
      let { mean, variance }: { mean: Float64Array; variance: Float64Array } = moving;
      if (byBatch) {
        mean = averages(x, channels, (value) => value);
        const means = mean;
        variance = averages(x, channels, (value, c) => (value - means[c]) ** 2);
        for (let c = 0; c < channels; c++) {
          moving.mean[c] = moving.mean[c] * momentum + mean[c] * (1 - momentum);
          moving.variance[c] = moving.variance[c] * momentum + variance[c] * (1 - momentum);
        }
      }
      const at = mean.slice();
      inverse = variance.map((v) => 1 / Math.sqrt(v + epsilon));
      normal = x.map((row) => row.map((v, k) => (v - at[k % channels]) * inverse[k % channels]));
      return normal.map((row) =>
        row.map((v, k) => (scale ? gamma.weights[k % channels] * v : v) + beta.weights[k % channels]),
      );
    },
    backward: (dy) => {
      const sum = averages(dy, channels, (d) => d).map((mean) => mean * count);
      const products = dy.map((row, s) => row.map((d, k) => d * normal[s][k]));
      const sumOfProducts = averages(products, channels, (d) => d).map((mean) => mean * count);
      beta.gradient.set(sum);
      gamma.gradient.set(sumOfProducts);
      return dy.map((row, s) =>
        row.map((d, k) => {
          const c = k % channels;
          const through = byBatch ? d - sum[c] / count - (normal[s][k] * sumOfProducts[c]) / count : d;
          return inverse[c] * (scale ? gamma.weights[c] : 1) * through;
        }),
      );
    },
  };
}

function averages(
  rows: readonly Float64Array[],
  channels: number,
  of: (value: number, channel: number) => number,
): Float64Array {
  const sums = new Float64Array(channels);
  for (const row of rows) row.forEach((value, k) => (sums[k % channels] += of(value, k % channels)));
  return sums.map((sum) => sum / ((rows.length * rows[0].length) / channels));
}
