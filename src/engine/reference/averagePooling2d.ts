import type { AveragePooling2dSpec } from '../ops/averagePooling2d.ts';
import type { ReferenceOp } from './op.ts';
import { slide } from './slide.ts';

/** The mean of the pixels that each window sees. */
export function referenceAveragePooling2d(
  spec: Omit<AveragePooling2dSpec, 'kind'>,
  shape: readonly number[],
): ReferenceOp {
  const [height, width, channels] = shape;
  const { places, each } = slide(height, width, spec.poolSize, spec.strides, spec.padding);
  const seen = new Float64Array(places[0] * places[1]);
  each((place) => seen[place]++);
  return {
    parameters: [],
    statistics: [],
    forward: (x) =>
      x.map((row) => {
        const y = new Float64Array(seen.length * channels);
        each((place, pixel) => {
          for (let c = 0; c < channels; c++) {
            y[place * channels + c] += row[pixel * channels + c] / seen[place];
          }
        });
        return y;
      }),
    backward: (dy) =>
      dy.map((d) => {
        const dx = new Float64Array(height * width * channels);
        each((place, pixel) => {
          for (let c = 0; c < channels; c++) {
            dx[pixel * channels + c] += d[place * channels + c] / seen[place];
          }
        });
        return dx;
      }),
  };
}
