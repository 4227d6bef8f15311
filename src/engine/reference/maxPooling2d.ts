import type { MaxPooling2dSpec } from '../ops/maxPooling2d.ts';
import type { ReferenceOp } from './op.ts';
import { slide } from './slide.ts';

/** The largest value of each window, its gradient to the first of equal ones; a NaN where the window has one. */
export function referenceMaxPooling2d(spec: MaxPooling2dSpec, shape: readonly number[]): ReferenceOp {
  const [height, width, channels] = shape;
  const { places, each } = slide(height, width, spec.poolSize, spec.strides, spec.padding);
  const size = places[0] * places[1] * channels;
  let winners: number[][] = [];
  return {
    parameters: [],
    statistics: [],
    forward: (x) => {
      winners = x.map((row) => {
        const winner = new Array<number>(size).fill(-1);
        each((place, pixel) => {
          for (let c = 0; c < channels; c++) {
            const largest = winner[place * channels + c];
            const value = row[pixel * channels + c];
            const isFirst = largest < 0;
            const beats = value > row[largest] || (Number.isNaN(value) && !Number.isNaN(row[largest]));
            if (isFirst || beats) winner[place * channels + c] = pixel * channels + c;
          }
        });
        return winner;
      });
      return x.map((row, s) => Float64Array.from(winners[s], (winner) => row[winner]));
    },
    backward: (dy) =>
      dy.map((d, s) => {
        const dx = new Float64Array(height * width * channels);
        winners[s].forEach((winner, k) => (dx[winner] += d[k]));
        return dx;
      }),
  };
}
