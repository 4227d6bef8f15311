import { weightedLayers } from '../../nn/layerOutputs.ts';
import type { Sequential } from '../../nn/sequential.ts';
import type { Tensor } from '../../util/tensor.ts';
import { checkOptions, requireFields } from '../../util/options.ts';
import { checkTensor } from '../../util/tensor.ts';
import { rescalingOf } from './splitNetwork.ts';
import { checkTarget, type Target } from './target.ts';

export interface RelevanceOptions {
  readonly rule: 'epsilon' | 'zPlus';
  /** Of the ε rule; default 0.01. */
  readonly epsilon?: number;
}

/**
 * Layer-wise relevance (Bach et al. 2015): the target's logits sⱼ·zⱼ are handed down layer by layer, to each unit i by its share in what the
 * unit j above it received, until they arrive at the pixels, [n][pixels]. With inputs aᵢ, weights wᵢⱼ and zⱼ = Σᵢ aᵢ wᵢⱼ + bⱼ:
 *
 *     ε rule:   Rᵢ = Σⱼ aᵢ wᵢⱼ / (zⱼ + ε · sign zⱼ) · Rⱼ      (sign 0 = 1; the bias and ε keep their part)
 *     z⁺ rule:  Rᵢ = Σⱼ (aᵢ wᵢⱼ)⁺ / Σᵢ (aᵢ wᵢⱼ)⁺ · Rⱼ         (the bias has no part; nothing is kept, unless all (aᵢ wᵢⱼ)⁺ are 0)
 *
 * Activation functions hand relevance through unchanged, as there. Sums in float64, in order.
 */
export function layerwiseRelevance(
  model: Sequential,
  images: Tensor,
  target: Target,
  options: RelevanceOptions,
): Float32Array {
  requireFields('layerwiseRelevance: model', ['predict', 'network'], model);
  checkTensor(images, 'images');
  requireFields('layerwiseRelevance: target', ['classes'], target);
  checkOptions('layerwiseRelevance', ['rule', 'epsilon'], options);
  const { rule, epsilon = 0.01 } = options;
  const count = images.shape[0];
  checkTarget(target, count, model.outputs);
  const layers = denseLayers(model);
  const { scale, offset } = rescalingOf(model.layers);
  const outputs = model.withRows(images, (rows) => {
    const hidden = weightedLayers(model).slice(0, -1);
    return [...hidden.map(({ steps }) => model.network.outputsOf(rows, steps)), model.network.logitsOf(rows)];
  });
  const pixels = layers[0].inputs;
  const maps = new Float32Array(count * pixels);
  for (let image = 0; image < count; image++) {
    const logits = outputs[layers.length - 1].subarray(image * model.outputs, (image + 1) * model.outputs);
    let relevance = new Float64Array(model.outputs);
    relevance[target.classes[image]] += logits[target.classes[image]];
    if (target.against) relevance[target.against[image]] -= logits[target.against[image]];
    for (let k = layers.length - 1; k >= 0; k--) {
      const { inputs } = layers[k];
      const a =
        k > 0
          ? outputs[k - 1].subarray(image * inputs, (image + 1) * inputs)
          : Float32Array.from({ length: inputs }, (_, p) => images.data[image * inputs + p] * scale + offset);
      relevance = handDown(layers[k], a, relevance, rule, epsilon);
    }
    maps.set(relevance, image * pixels);
  }
  return maps;
}

interface DenseWeights {
  readonly inputs: number;
  readonly units: number;
  readonly kernel: ArrayLike<number>;
  readonly bias: ArrayLike<number> | null;
}

function denseLayers(model: Sequential): DenseWeights[] {
  const weights = model.getWeights();
  return model.layers.flatMap((layer) => {
    if (layer.type !== 'Dense') return [];
    const kernel = weights.shift()!;
    const [inputs, units] = kernel.shape;
    return { inputs, units, kernel: kernel.data, bias: layer.useBias ? weights.shift()!.data : null };
  });
}

/** Relevance of a layer's inputs `a` from that of its units. */
function handDown(
  { inputs, units, kernel, bias }: DenseWeights,
  a: Float32Array,
  relevance: Float64Array,
  rule: RelevanceOptions['rule'],
  epsilon: number,
): Float64Array<ArrayBuffer> {
  const plus = rule === 'zPlus';
  const sums = new Float64Array(units);
  if (!plus && bias) for (let j = 0; j < units; j++) sums[j] = bias[j];
  for (let i = 0; i < inputs; i++) {
    if (a[i] === 0) continue;
    for (let j = 0; j < units; j++) {
      const part = a[i] * kernel[i * units + j];
      if (!plus || part > 0) sums[j] += part;
    }
  }
  const shares = sums.map((z, j) => {
    if (plus) return z === 0 ? 0 : relevance[j] / z;
    const stabilised = z + (z < 0 ? -epsilon : epsilon);
    return stabilised === 0 ? 0 : relevance[j] / stabilised;
  });
  const below = new Float64Array(inputs);
  for (let i = 0; i < inputs; i++) {
    if (a[i] === 0) continue;
    let sum = 0;
    for (let j = 0; j < units; j++) {
      const part = a[i] * kernel[i * units + j];
      if (!plus || part > 0) sum += part * shares[j];
    }
    below[i] = sum;
  }
  return below;
}
