import type { LayerNormalizationSpec } from '../ops/layerNormalization.ts';
import { sizeOf } from '../../util/tensor.ts';
import type { ReferenceOp } from './op.ts';
import { referenceParameter } from './parameters.ts';

/** y = gamma (x − mean) / √(variance + epsilon) + beta over each run of the last axis, or of the last `axes`. */
export function referenceLayerNormalization(
  { axes = 1, epsilon, center, scale }: LayerNormalizationSpec,
  shape: readonly number[],
): ReferenceOp {
  const channels = sizeOf(shape.slice(-axes));
  const gamma = referenceParameter(channels);
  const beta = referenceParameter(channels);
  let normal: Float64Array[] = [];
  let inverse: number[][] = [];
  const runs = (row: Float64Array): Float64Array[] =>
    Array.from({ length: row.length / channels }, (_, k) => row.slice(k * channels, (k + 1) * channels));
  const mean = (run: Float64Array): number => run.reduce((sum, v) => sum + v, 0) / channels;
  return {
    parameters: [...(scale ? [gamma] : []), ...(center ? [beta] : [])],
    statistics: [],
    forward: (x) => {
      inverse = x.map((row) =>
        runs(row).map((run) => {
          const m = mean(run);
          return 1 / Math.sqrt(mean(run.map((v) => (v - m) ** 2)) + epsilon);
        }),
      );
      normal = x.map((row, s) => {
        const means = runs(row).map(mean);
        return row.map(
          (v, k) => (v - means[Math.floor(k / channels)]) * inverse[s][Math.floor(k / channels)],
        );
      });
      return normal.map((row) =>
        row.map((v, k) => (scale ? gamma.weights[k % channels] * v : v) + beta.weights[k % channels]),
      );
    },
    backward: (dy) => {
      gamma.gradient.fill(0);
      beta.gradient.fill(0);
      return dy.map((row, s) => {
        row.forEach((d, k) => {
          beta.gradient[k % channels] += d;
          gamma.gradient[k % channels] += d * normal[s][k];
        });
        const scaled = row.map((d, k) => (scale ? gamma.weights[k % channels] * d : d));
        const means = runs(scaled).map(mean);
        const products = runs(scaled.map((d, k) => d * normal[s][k])).map(mean);
        return scaled.map((d, k) => {
          const run = Math.floor(k / channels);
          return inverse[s][run] * (d - means[run] - normal[s][k] * products[run]);
        });
      });
    },
  };
}
