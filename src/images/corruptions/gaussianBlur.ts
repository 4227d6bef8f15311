import { exponential } from '../../util/exponential.ts';
import { type Picture, withValues } from './picture.ts';

/** Weights of the middle pixel and of those 1, 2, … pixels away on either side; all of them together sum to 1. */
export type GaussianKernel = Float64Array;

/** e^(−x²/2σ²), normalised, up to ⌊4σ + ½⌋ pixels away: the kernel of SciPy's `gaussian_filter`. σ in pixels. */
export function gaussianKernel(sigma: number): GaussianKernel {
  const kernel = new Float64Array(Math.floor(4 * sigma + 0.5) + 1);
  let sum = 0;
  for (let x = 0; x < kernel.length; x++) {
    kernel[x] = exponential((-x * x) / (2 * sigma * sigma));
    sum += x === 0 ? kernel[x] : 2 * kernel[x];
  }
  return kernel.map((weight) => weight / sum);
}

/** What lies outside the image: its outermost pixels repeated, or nothing. */
export type Border = 'nearest' | 'zero';

/** Down the columns and then along the rows, as a new picture. */
export function blur(picture: Picture, kernel: GaussianKernel, border: Border): Picture {
  const { rows, columns } = picture;
  const down = blurColumns(picture, kernel, border);
  return blurLines(down, kernel, border, { count: rows, step: columns, length: columns, pixelStep: 1 });
}

/** Down the columns only, as a new picture. */
export function blurColumns(picture: Picture, kernel: GaussianKernel, border: Border): Picture {
  const { rows, columns } = picture;
  return blurLines(picture, kernel, border, { count: columns, step: 1, length: rows, pixelStep: columns });
}

/** Rows or columns of a picture: where each begins, how many pixels it has and how far apart they lie. */
interface Lines {
  readonly count: number;
  readonly step: number;
  readonly length: number;
  readonly pixelStep: number;
}

/** The sum for a pixel starts with the pixel itself and goes on from the outermost pair inwards. */
function blurLines(
  picture: Picture,
  kernel: GaussianKernel,
  border: Border,
  { count, step, length, pixelStep }: Lines,
): Picture {
  const { values } = picture;
  const reach = kernel.length - 1;
  const padded = new Float64Array(length + 2 * reach);
  const output = new Float64Array(values.length);
  for (let line = 0; line < count; line++) {
    const start = line * step;
    for (let i = 0; i < length; i++) padded[reach + i] = values[start + i * pixelStep];
    if (border === 'nearest') {
      padded.fill(padded[reach], 0, reach);
      padded.fill(padded[reach + length - 1], reach + length);
    }
    for (let i = 0; i < length; i++) {
      const at = reach + i;
      let sum = padded[at] * kernel[0];
      for (let x = reach; x > 0; x--) sum += (padded[at - x] + padded[at + x]) * kernel[x];
      output[start + i * pixelStep] = sum;
    }
  }
  return withValues(picture, output);
}
