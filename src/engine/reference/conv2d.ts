import type { Conv2dSpec } from '../ops/conv2d.ts';
import type { ReferenceOp } from './op.ts';
import { referenceParameter } from './parameters.ts';
import { slide } from './slide.ts';

/** y[o] = bias[o] + Σ x[pixel][c] kernel[tap][c][o] over the pixels that the window sees. */
export function referenceConv2d(spec: Conv2dSpec, shape: readonly number[]): ReferenceOp {
  const { filters, kernelSize, strides, padding, useBias, l1, l2 } = spec;
  const [height, width, channels] = shape;
  const { places, each } = slide(height, width, kernelSize, strides, padding);
  const kernel = referenceParameter(kernelSize[0] * kernelSize[1] * channels * filters, l1, l2);
  const bias = referenceParameter(filters);
  let inputs: readonly Float64Array[] = [];
  return {
    parameters: useBias ? [kernel, bias] : [kernel],
    statistics: [],
    forward: (x) => {
      inputs = x;
      return x.map((row) => {
        const y = new Float64Array(places[0] * places[1] * filters);
        y.forEach((_, k) => (y[k] = bias.weights[k % filters]));
        each((place, pixel, tap) => {
          for (let c = 0; c < channels; c++) {
            for (let o = 0; o < filters; o++) {
              y[place * filters + o] +=
                row[pixel * channels + c] * kernel.weights[(tap * channels + c) * filters + o];
            }
          }
        });
        return y;
      });
    },
    backward: (dy) => {
      kernel.gradient.fill(0);
      bias.gradient.fill(0);
      return dy.map((d, s) => {
        const dx = new Float64Array(height * width * channels);
        d.forEach((value, k) => (bias.gradient[k % filters] += value));
        each((place, pixel, tap) => {
          for (let c = 0; c < channels; c++) {
            for (let o = 0; o < filters; o++) {
              const entry = (tap * channels + c) * filters + o;
              const value = d[place * filters + o];
              kernel.gradient[entry] += inputs[s][pixel * channels + c] * value;
              dx[pixel * channels + c] += kernel.weights[entry] * value;
            }
          }
        });
        return dx;
      });
    },
  };
}
