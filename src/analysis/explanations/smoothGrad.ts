import type { Sequential } from '../../nn/sequential.ts';
import { Random } from '../../util/random.ts';
import type { Tensor } from '../../util/tensor.ts';
import { checkOptions, isFloat32, isNumber, requireFields, requireType } from '../../util/options.ts';
import { checkTensor } from '../../util/tensor.ts';
import { requireFiniteValues, requireRepeats } from './checks.ts';
import { SplitNetwork } from './splitNetwork.ts';
import { checkTarget, type Target } from './target.ts';

export interface SmoothGradOptions {
  /** Default 50. */
  readonly samples?: number;
  /** Standard deviation of the noise, in the pixels' unit as the first layer reads them. Default 0.15. */
  readonly deviation?: number;
  readonly seed?: number;
  /** The noise itself, [samples][pixels], instead of a drawn one: `samples`, `deviation` and `seed` say nothing then. */
  readonly noise?: Float32Array;
}

/** Rows of one call of the engine. */
const ROWS = 8192;

/**
 * The mean of ∂F/∂x at x + nₖ over normal noise nₖ, k = 1 … samples, [n][pixels] (Smilkov et al. 2017, with the sign kept). The noise
 * leaves the range of pixels, as there. The same draws serve every image: a map does not depend on which others are asked for with it, and the
 * product of the noise with the first layer's weights is made once.
 */
export function smoothGrad(
  model: Sequential,
  images: Tensor,
  target: Target,
  options: SmoothGradOptions = {},
): Float32Array {
  requireFields('smoothGrad: model', ['predict', 'network'], model);
  checkTensor(images, 'images');
  requireFields('smoothGrad: target', ['classes'], target);
  checkOptions('smoothGrad', ['samples', 'deviation', 'seed', 'noise'], options);
  const count = images.shape[0];
  checkTarget(target, count, model.outputs);
  using split = new SplitNetwork(model);
  const { units, pixels } = split;
  checkNoise(options, split);
  const noise = options.noise ?? drawNoise(pixels, options);
  const samples = noise.length / pixels;
  const raw = noise.map((x) => x / split.scale);
  const moved = split.sums({ data: raw, shape: [samples, pixels] });
  const still = split.sums({ data: new Float32Array(pixels), shape: [1, pixels] });
  const z = split.sums(images);
  const total = new Float32Array(count * units);
  const chunk = Math.max(1, Math.floor(ROWS / samples));
  for (let first = 0; first < count; first += chunk) {
    const n = Math.min(chunk, count - first);
    const sums = new Float32Array(n * samples * units);
    for (let i = 0; i < n; i++) {
      for (let k = 0; k < samples; k++) {
        const to = (i * samples + k) * units;
        const from = (first + i) * units;
        for (let j = 0; j < units; j++) sums[to + j] = z[from + j] + (moved[k * units + j] - still[j]);
      }
    }
    addUp(split.gradients(sums, sliceOf(target, first, n), samples), samples, units, total, first);
  }
  return split.toPixels(total);
}

/** Means over each image's `repeat` rows of d [n × repeat][units], written to `total` from image `first` on; summed in order in float64. */
export function addUp(
  d: Float32Array,
  repeat: number,
  units: number,
  total: Float32Array,
  first: number,
): void {
  const sum = new Float64Array(units);
  for (let i = 0; i * repeat * units < d.length; i++) {
    sum.fill(0);
    for (let k = 0; k < repeat; k++) {
      const from = (i * repeat + k) * units;
      for (let j = 0; j < units; j++) sum[j] += d[from + j];
    }
    for (let j = 0; j < units; j++) total[(first + i) * units + j] = sum[j] / repeat;
  }
}

export function sliceOf({ classes, against }: Target, first: number, n: number): Target {
  const cut = (values: ArrayLike<number>): number[] => Array.from({ length: n }, (_, i) => values[first + i]);
  return against ? { classes: cut(classes), against: cut(against) } : { classes: cut(classes) };
}

function checkNoise(
  { samples = 50, deviation = 0.15, noise }: SmoothGradOptions,
  { pixels, units }: Pick<SplitNetwork, 'pixels' | 'units'>,
): void {
  const most = Math.max(pixels, units);
  if (noise !== undefined) {
    const isArray = noise instanceof Float32Array;
    const fits = isArray && noise.length > 0 && noise.length % pixels === 0;
    const received = isArray ? noise.length : noise;
    requireType('smoothGrad: noise', `a Float32Array of ${pixels} values for each sample`, fits, received);
    requireRepeats('smoothGrad: noise: samples', noise.length / pixels, most);
    requireFiniteValues('smoothGrad: noise', noise);
    return;
  }
  requireRepeats('smoothGrad: samples', samples, most);
  const isDeviation = isNumber(deviation, (x) => x >= 0 && isFloat32(x));
  requireType('smoothGrad: deviation', 'a number from 0 on', isDeviation, deviation);
}

function drawNoise(
  pixels: number,
  { samples = 50, deviation = 0.15, seed = 0 }: SmoothGradOptions,
): Float32Array {
  const random = new Random(seed, 'SmoothGrad noise');
  return Float32Array.from({ length: samples * pixels }, () => deviation * random.normal());
}
