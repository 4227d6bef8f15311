import { exponential } from '../../util/exponential.ts';
import { PIXELS, SIDE, type Picture } from './picture.ts';

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
  return blurLines(blurColumns(picture, kernel, border), kernel, border, SIDE, 1);
}

/** Down the columns only, as a new picture. */
export function blurColumns(picture: Picture, kernel: GaussianKernel, border: Border): Picture {
  return blurLines(picture, kernel, border, 1, SIDE);
}

/** The sum for a pixel starts with the pixel itself and goes on from the outermost pair inwards. */
function blurLines(
  picture: Picture,
  kernel: GaussianKernel,
  border: Border,
  lineStep: number,
  pixelStep: number,
): Picture {
  const reach = kernel.length - 1;
  const padded = new Float64Array(SIDE + 2 * reach);
  const output = new Float64Array(PIXELS);
  for (let line = 0; line < SIDE; line++) {
    const start = line * lineStep;
    for (let i = 0; i < SIDE; i++) padded[reach + i] = picture[start + i * pixelStep];
    if (border === 'nearest') {
      padded.fill(padded[reach], 0, reach);
      padded.fill(padded[reach + SIDE - 1], reach + SIDE);
    }
    for (let i = 0; i < SIDE; i++) {
      const at = reach + i;
      let sum = padded[at] * kernel[0];
      for (let x = reach; x > 0; x--) sum += (padded[at - x] + padded[at + x]) * kernel[x];
      output[start + i * pixelStep] = sum;
    }
  }
  return output;
}
