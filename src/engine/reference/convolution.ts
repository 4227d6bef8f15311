import type { Pair, Padding } from '../ops/geometry.ts';
import type { ReferenceOp } from './op.ts';
import { referenceParameter } from './parameters.ts';
import { slide } from './slide.ts';

interface ConvolutionSpec {
  readonly kernelSize: Pair;
  readonly strides: Pair;
  readonly padding: Padding;
  readonly useBias: boolean;
  readonly l1: number;
  readonly l2: number;
}

/** One product of a place: y[output] += x[channel] kernel[entry], entries counted within a tap. */
interface Product {
  readonly channel: number;
  readonly output: number;
  readonly entry: number;
}

/** y[place][output] = bias[output] + Σ x[pixel][channel] kernel[tap][entry] over the pixels that the window sees and the `products` of a pixel. */
export function referenceConvolution(
  { kernelSize, strides, padding, useBias, l1, l2 }: ConvolutionSpec,
  [height, width, channels]: readonly number[],
  outputs: number,
  products: readonly Product[],
): ReferenceOp {
  const { places, each } = slide(height, width, kernelSize, strides, padding);
  const kernel = referenceParameter(kernelSize[0] * kernelSize[1] * products.length, l1, l2);
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
          for (const { channel, output, entry } of products) {
            y[place * outputs + output] +=
              row[pixel * channels + channel] * kernel.weights[tap * products.length + entry];
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
          for (const { channel, output, entry } of products) {
            const value = d[place * outputs + output];
            const weight = tap * products.length + entry;
            kernel.gradient[weight] += inputs[s][pixel * channels + channel] * value;
            dx[pixel * channels + channel] += kernel.weights[weight] * value;
          }
        });
        return dx;
      });
    },
  };
}
