import type { DepthwiseConv2dSpec } from '../ops/depthwiseConv2d.ts';
import type { ReferenceOp } from './op.ts';
import { referenceParameter } from './parameters.ts';
import { slide } from './slide.ts';

/** y[c · multiplier + m] = bias + Σ x[pixel][c] kernel[tap][c][m] over the pixels that the window sees. */
export function referenceDepthwiseConv2d(spec: DepthwiseConv2dSpec, shape: readonly number[]): ReferenceOp {
  const { depthMultiplier, kernelSize, strides, padding, useBias, l1, l2 } = spec;
  const [height, width, channels] = shape;
  const outputs = channels * depthMultiplier;
  const { places, each } = slide(height, width, kernelSize, strides, padding);
  const kernel = referenceParameter(kernelSize[0] * kernelSize[1] * outputs, l1, l2);
  const bias = referenceParameter(outputs);
  let inputs: readonly Float64Array[] = [];
  return {
    parameters: useBias ? [kernel, bias] : [kernel],
    statistics: [],
    forward: (x) => {
      inputs = x;
      return x.map((row) => {
        const y = new Float64Array(places[0] * places[1] * outputs);
        y.forEach((_, k) => (y[k] = bias.weights[k % outputs]));
        each((place, pixel, tap) => {
          for (let o = 0; o < outputs; o++) {
            const c = Math.floor(o / depthMultiplier);
            y[place * outputs + o] += row[pixel * channels + c] * kernel.weights[tap * outputs + o];
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
        d.forEach((value, k) => (bias.gradient[k % outputs] += value));
        each((place, pixel, tap) => {
          for (let o = 0; o < outputs; o++) {
            const c = pixel * channels + Math.floor(o / depthMultiplier);
            const value = d[place * outputs + o];
            kernel.gradient[tap * outputs + o] += inputs[s][c] * value;
            dx[c] += kernel.weights[tap * outputs + o] * value;
          }
        });
        return dx;
      });
    },
  };
}
