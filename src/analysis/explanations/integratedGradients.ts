import type { Sequential } from '../../nn/sequential.ts';
import { DactylError } from '../../util/errors.ts';
import type { Tensor } from '../../util/tensor.ts';
import { checkOptions, isNumber, requireFields, requireType } from '../../util/options.ts';
import { checkTensor, formatShape } from '../../util/tensor.ts';
import { requireFiniteValues, requireRepeats } from './checks.ts';
import { addUp, sliceOf } from './smoothGrad.ts';
import { SplitNetwork } from './splitNetwork.ts';
import { checkTarget, scoreOf, type Target, targetAt } from './target.ts';

export interface IntegratedGradientsOptions {
  /** Pixel values like the images': one image for all, or one for each. */
  readonly baseline: Tensor;
  /** Default 50. */
  readonly steps?: number;
  /** Steps are doubled for the images whose completeness error is larger than this. Default: never. */
  readonly tolerance?: number;
  /** Where doubling ends. Default 3200. */
  readonly mostSteps?: number;
}

export interface IntegratedGradients {
  /** [n][pixels] */
  readonly maps: Float32Array;
  /** F(x) − F(baseline): what each map should add up to. */
  readonly differences: Float64Array;
  /** |Σ map − difference| / |difference|; 0 where both are 0. */
  readonly errors: Float64Array;
  /** Steps taken for each image. */
  readonly steps: Uint32Array;
}

const ROWS = 8192;

/**
 * (x − b) · mean over k of ∂F/∂x at b + ((k + ½)/steps) (x − b), k = 0 … steps − 1, [n][pixels] (Sundararajan et al. 2017, midpoint rule).
 * Behind the first layer's product with the weights the path is a straight line too, and the gradients are averaged before the product that
 * leads back (`SplitNetwork`): a step costs the later layers only. Throws E_SHAPE unless the baseline is one image or one for each.
 */
export function integratedGradients(
  model: Sequential,
  images: Tensor,
  target: Target,
  options: IntegratedGradientsOptions,
): IntegratedGradients {
  requireFields('integratedGradients: model', ['predict', 'network'], model);
  checkTensor(images, 'images');
  requireFields('integratedGradients: target', ['classes'], target);
  checkOptions('integratedGradients', ['baseline', 'steps', 'tolerance', 'mostSteps'], options);
  const { baseline, steps: atFirst = 50, tolerance = Infinity, mostSteps = 3200 } = options;
  checkTensor(baseline, 'integratedGradients: baseline');
  requireFiniteValues('integratedGradients: baseline', baseline.data);
  const isTolerance = isNumber(tolerance, (x) => x >= 0);
  requireType('integratedGradients: tolerance', 'a number from 0 on', isTolerance, tolerance);
  const count = images.shape[0];
  checkTarget(target, count, model.outputs);
  using split = new SplitNetwork(model);
  const { pixels, units, outputs, scale } = split;
  requireRepeats('integratedGradients: steps', atFirst, units);
  if (options.mostSteps !== undefined) requireRepeats('integratedGradients: mostSteps', mostSteps, units);
  const own = baseline.data.length / pixels;
  if (own !== 1 && own !== count) {
    throw new DactylError(
      'E_SHAPE',
      `Integrated gradients: expected a baseline of one image or ${count}, of ${pixels} values each, received shape ${formatShape(baseline.shape)}.`,
    );
  }
  const at = (i: number): number => (own === 1 ? 0 : i);
  const z = split.sums(images);
  const zero = split.sums(baseline);
  const [scores, base] = [split.logits(z), split.logits(zero)];
  const differences = Float64Array.from(
    { length: count },
    (_, i) => scoreOf(target, scores, outputs, i) - scoreOf(target, base, outputs, at(i), i),
  );
  const maps = new Float32Array(count * pixels);
  const errors = new Float64Array(count);
  const taken = new Uint32Array(count);

  let open = Uint32Array.from({ length: count }, (_, i) => i);
  for (let steps = atFirst; open.length > 0; steps *= 2) {
    const means = meanGradients(split, { z, zero, at }, open, targetAt(target, open), steps);
    const slopes = split.toPixels(means);
    open.forEach((i, row) => {
      let sum = 0;
      for (let p = 0; p < pixels; p++) {
        const way = (images.data[i * pixels + p] - baseline.data[at(i) * pixels + p]) * scale;
        maps[i * pixels + p] = way * slopes[row * pixels + p];
        sum += maps[i * pixels + p];
      }
      const gap = Math.abs(sum - differences[i]);
      errors[i] = gap === 0 ? 0 : gap / Math.abs(differences[i]);
      taken[i] = steps;
    });
    if (2 * steps > mostSteps) break;
    open = open.filter((i) => errors[i] > tolerance);
  }
  return { maps, differences, errors, steps: taken };
}

/** Mean gradients [chosen][units] with respect to the first layer's sums on the way from `zero` to `z`. */
function meanGradients(
  split: SplitNetwork,
  { z, zero, at }: Path,
  chosen: Uint32Array,
  target: Target,
  steps: number,
): Float32Array {
  const { units } = split;
  const means = new Float32Array(chosen.length * units);
  const chunk = Math.max(1, Math.floor(ROWS / steps));
  for (let first = 0; first < chosen.length; first += chunk) {
    const n = Math.min(chunk, chosen.length - first);
    const sums = new Float32Array(n * steps * units);
    for (let row = 0; row < n; row++) {
      const to = chosen[first + row] * units;
      const from = at(chosen[first + row]) * units;
      for (let k = 0; k < steps; k++) {
        const share = (k + 0.5) / steps;
        const place = (row * steps + k) * units;
        for (let j = 0; j < units; j++)
          sums[place + j] = zero[from + j] + share * (z[to + j] - zero[from + j]);
      }
    }
    addUp(split.gradients(sums, sliceOf(target, first, n), steps), steps, units, means, first);
  }
  return means;
}

/** The first layer's sums of the images and of the baselines, and which baseline is whose. */
interface Path {
  readonly z: Float32Array;
  readonly zero: Float32Array;
  readonly at: (i: number) => number;
}
