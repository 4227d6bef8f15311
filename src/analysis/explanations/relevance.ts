import type { Engine, Network, Rows } from '../../engine/engine.ts';
import { gradientsOfInputs } from '../../engine/inputGradients.ts';
import type { DenseSpec } from '../../engine/ops/dense.ts';
import { createWasmEngine } from '../../engine/wasm.ts';
import { type PlannedStep, plannedSteps } from '../../nn/plannedSteps.ts';
import type { Sequential } from '../../nn/sequential.ts';
import { DactylError } from '../../util/errors.ts';
import { checkOptions, isFloat32, isNumber, requireFields, requireType } from '../../util/options.ts';
import { checkTensor, sizeOf, type Tensor } from '../../util/tensor.ts';
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
 * Activation functions hand relevance through unchanged, as there. Convolutions and mean pooling are sums with weights too; max pooling hands all of it to
 * the largest input. Sums of dense layers in float64, in order; of the others in float32, as the engine makes them. E_ARGUMENT, which names the layer, for a network
 * with another kind, such as a normalisation.
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
  const { rule, epsilon = EPSILON } = options;
  requireType('layerwiseRelevance: rule', "'epsilon' or 'zPlus'", ['epsilon', 'zPlus'].includes(rule), rule);
  const isEpsilon = isNumber(epsilon, (x) => x >= 0 && isFloat32(x));
  requireType('layerwiseRelevance: epsilon', 'a number from 0 on', isEpsilon, epsilon);
  const count = images.shape[0];
  checkTarget(target, count, model.outputs);
  const obstacle = relevanceObstacle(model);
  if (obstacle !== null) {
    throw new DactylError('E_ARGUMENT', `layerwiseRelevance: ${obstacle}. Use integratedGradients, say.`);
  }
  const pixels = sizeOf(model.inputShape);
  const maps = new Float32Array(count * pixels);
  const links = linksOf(model, options);
  const { scale, offset } = rescalingOf(model.layers);
  try {
    for (let first = 0; first < count; first += ROWS) {
      const n = Math.min(ROWS, count - first);
      const data = images.data.subarray(first * pixels, (first + n) * pixels);
      model.withRows({ data, shape: [n, ...images.shape.slice(1)] }, (rows) => {
        const logits = model.network.logitsOf(rows);
        let relevance = new Float64Array(logits.length);
        for (let row = 0; row < n; row++) {
          const [own, against] = [target.classes, target.against].map(
            (classes) => classes && row * model.outputs + classes[first + row],
          );
          relevance[own!] += logits[own!];
          if (against !== undefined) relevance[against] -= logits[against];
        }
        for (const { below, handDown } of links.toReversed()) {
          const a =
            below > 0
              ? model.network.outputsOf(rows, below)
              : Float32Array.from(data, (value) => value * scale + offset);
          relevance = handDown(a, relevance);
        }
        maps.set(relevance, first * pixels);
      });
    }
  } finally {
    for (const { network } of links) network?.dispose();
  }
  return maps;
}

/** Why relevance cannot be handed down through a network, naming the layer; null where it can. */
export function relevanceObstacle({ layers }: Pick<Sequential, 'layers'>): string | null {
  const other = plannedSteps(layers).find(({ step }) => !Object.hasOwn(WAYS, step.spec.kind));
  if (other === undefined) return null;
  return `relevance has no rule for ${other.layer} (${other.type}), only for dense layers, convolutions, pooling, activations and dropout`;
}

/** How each kind of op hands relevance down. */
const WAYS: Readonly<Record<string, 'dense' | 'sum' | 'winner' | 'through'>> = {
  dense: 'dense',
  conv2d: 'sum',
  depthwiseConv2d: 'sum',
  averagePooling2d: 'sum',
  globalAveragePooling2d: 'sum',
  maxPooling2d: 'winner',
  activation: 'through',
  dropout: 'through',
};

const EPSILON = 0.01;

/** Images looked at at a time. */
const ROWS = 64;

type HandDown = (a: Float32Array, relevance: Float64Array) => Float64Array<ArrayBuffer>;

/** One step: relevance of its inputs [n][below] from these inputs and the relevance of its outputs. */
interface Link {
  /** Steps before it. */
  readonly below: number;
  readonly handDown: HandDown;
  /** To be disposed of. */
  readonly network?: Network;
}

/** From below; the softmax or what else hands everything through has none. */
function linksOf(model: Sequential, options: RelevanceOptions): Link[] {
  const weights = model.getWeights();
  let engine: Engine | undefined;
  return plannedSteps(model.layers).flatMap((one, below): Link | [] => {
    const way = WAYS[one.step.spec.kind];
    if (way === 'through') return [];
    if (way === 'dense') {
      const { units, useBias } = one.step.spec as DenseSpec;
      const [kernel, bias] = weights.splice(0, useBias ? 2 : 1);
      const layer = { inputs: kernel.shape[0], units, kernel: kernel.data, bias: useBias ? bias.data : null };
      return { below, handDown: eachRow(layer, options) };
    }
    const network = (engine ??= createWasmEngine()).createNetwork({
      shape: one.input,
      scale: 1,
      offset: 0,
      steps: [one.step],
    });
    const own = weights.splice(0, network.getWeights().length).map(({ data }) => data);
    const op = new SingleOp(network, one, own);
    return {
      below,
      network,
      handDown: way === 'winner' ? (a, r) => op.back(a, r) : handDownSums(op, options),
    };
  });
}

function eachRow(layer: DenseWeights, { rule, epsilon = EPSILON }: RelevanceOptions): HandDown {
  const { inputs, units } = layer;
  return (a, relevance) => {
    const below = new Float64Array(a.length);
    for (let row = 0; row * units < relevance.length; row++) {
      const [own, above] = [
        a.subarray(row * inputs, (row + 1) * inputs),
        relevance.subarray(row * units, (row + 1) * units),
      ];
      below.set(handDown(layer, own, above, rule, epsilon), row * inputs);
    }
    return below;
  };
}

/** Of an op that is linear: aᵢ Σⱼ wᵢⱼ Rⱼ / zⱼ; for the z⁺ rule once with what is positive of weights and inputs, once with what is negative. */
function handDownSums(op: SingleOp, { rule, epsilon = EPSILON }: RelevanceOptions): HandDown {
  if (rule === 'epsilon') {
    return (a, relevance) => {
      const z = op.outputs(a);
      const back = op.back(a, shares(relevance, z, epsilon));
      return back.map((sum, i) => a[i] * sum);
    };
  }
  const sides = [Math.max, Math.min].map((side) => ({
    weights: op.weights.map((values, k) => values.map((w) => (k === 0 ? side(w, 0) : 0))),
    part: (a: Float32Array) => a.map((value) => side(value, 0)),
  }));
  // Pooling has no weights: its own are positive.
  const used = op.weights.length > 0 ? sides : sides.slice(0, 1);
  return (a, relevance) => {
    const z = new Float64Array(relevance.length);
    for (const { weights, part } of used) op.outputs(part(a), weights).forEach((sum, j) => (z[j] += sum));
    const below = new Float64Array(a.length);
    for (const { weights, part } of used) {
      const own = part(a);
      op.back(own, shares(relevance, z, 0), weights).forEach((sum, i) => (below[i] += own[i] * sum));
    }
    return below;
  };
}

function shares(relevance: Float64Array, sums: ArrayLike<number>, epsilon: number): Float64Array {
  return relevance.map((r, j) => {
    const stabilised = sums[j] + (sums[j] < 0 ? -epsilon : epsilon);
    return stabilised === 0 ? 0 : r / stabilised;
  });
}

/** One op as a network of its own. */
class SingleOp {
  readonly weights: readonly Float32Array[];
  readonly #network: Network;
  readonly #input: number;
  readonly #width: number;

  constructor(network: Network, { input, shape }: PlannedStep, weights: readonly Float32Array[]) {
    this.weights = weights;
    this.#network = network;
    this.#input = sizeOf(input);
    this.#width = sizeOf(shape);
  }

  outputs(a: Float32Array, weights = this.weights): Float32Array {
    return this.#withRows(a, weights, (rows) => this.#network.outputsOf(rows, 1));
  }

  /** Σⱼ ∂zⱼ/∂aᵢ sⱼ */
  back(a: Float32Array, s: Float64Array, weights = this.weights): Float64Array<ArrayBuffer> {
    const width = this.#width;
    return this.#withRows(a, weights, (rows) =>
      Float64Array.from(
        gradientsOfInputs(this.#network, rows, (row, _, seeds) => {
          seeds.set(s.subarray(row * width, (row + 1) * width));
        }),
      ),
    );
  }

  #withRows<T>(a: Float32Array, weights: readonly Float32Array[], use: (rows: Rows) => T): T {
    this.#network.setWeights(weights);
    const rows = this.#network.createRows({ data: a, shape: [a.length / this.#input, this.#input] });
    try {
      return use(rows);
    } finally {
      rows.dispose();
    }
  }
}

interface DenseWeights {
  readonly inputs: number;
  readonly units: number;
  readonly kernel: ArrayLike<number>;
  readonly bias: ArrayLike<number> | null;
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
