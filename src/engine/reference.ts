import { clipReference } from './reference/clip.ts';
import { ruleOf } from './rules/rules.ts';
import { distortionStream, distortReference } from '../images/distortion.ts';
import type { Tensor } from '../util/tensor.ts';
import type { ActivationName } from './activations.ts';
import type {
  Augmentation,
  BatchResult,
  LogitSeed,
  Engine,
  LayerSpec,
  Network,
  NetworkSpec,
  OptimizerSpec,
  PrivateStep,
  Rows,
  Targets,
} from './engine.ts';

/**
 * The slow, obvious engine: plain loops in float64, the host's own exp and tanh. The fast one is tested against it, and
 * gradients are checked numerically on it. Not for training that has to be the same everywhere. Dropout is left out:
 * its rate has to be 0.
 */
export const referenceEngine = {
  name: 'reference',
  createNetwork: (spec: NetworkSpec) => new ReferenceNetwork(spec),
} satisfies Engine;

/** An activation and its derivative, both as functions of the input x and the parameter a (slope or alpha). */
interface Curve {
  f(x: number, a: number): number;
  df(x: number, a: number): number;
}

const SELU_SCALE = 1.0507009873554805;
const SELU_ALPHA = 1.6732632423543772;
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const normalDensity = (x: number): number => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);

const CURVES: Record<Exclude<ActivationName, 'softmax'>, Curve> = {
  linear: { f: (x) => x, df: () => 1 },
  relu: { f: (x) => Math.max(0, x), df: (x) => (x > 0 ? 1 : 0) },
  leakyRelu: { f: (x, a) => (x > 0 ? x : a * x), df: (x, a) => (x > 0 ? 1 : a) },
  elu: { f: (x, a) => (x > 0 ? x : a * Math.expm1(x)), df: (x, a) => (x > 0 ? 1 : a * Math.exp(x)) },
  selu: {
    f: (x) => SELU_SCALE * (x > 0 ? x : SELU_ALPHA * Math.expm1(x)),
    df: (x) => SELU_SCALE * (x > 0 ? 1 : SELU_ALPHA * Math.exp(x)),
  },
  gelu: { f: (x) => x * normalCumulative(x), df: (x) => normalCumulative(x) + x * normalDensity(x) },
  silu: { f: (x) => x * sigmoid(x), df: (x) => sigmoid(x) * (1 + x * (1 - sigmoid(x))) },
  softplus: { f: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))), df: sigmoid },
  softsign: { f: (x) => x / (1 + Math.abs(x)), df: (x) => 1 / (1 + Math.abs(x)) ** 2 },
  sigmoid: { f: sigmoid, df: (x) => sigmoid(x) * (1 - sigmoid(x)) },
  tanh: { f: Math.tanh, df: (x) => 1 - Math.tanh(x) ** 2 },
};

/** Φ(x) by its power series φ(x) (x + x³/3 + x⁵/(3·5) + …) + ½, exact to about 1e-15; beyond ±8 it is 0 or 1. */
function normalCumulative(x: number): number {
  if (Math.abs(x) > 8) return x > 0 ? 1 : 0;
  let term = x;
  let sum = x;
  for (let k = 3; Math.abs(term) > 1e-18 * Math.abs(sum); k += 2) {
    term *= (x * x) / k;
    sum += term;
  }
  return 0.5 + normalDensity(x) * sum;
}

export function activate(name: ActivationName, z: Float64Array, parameter: number): Float64Array {
  if (name !== 'softmax') return z.map((x) => CURVES[name].f(x, parameter));
  const largest = z.reduce((a, b) => Math.max(a, b));
  const exponentials = z.map((x) => Math.exp(x - largest));
  const sum = exponentials.reduce((a, b) => a + b);
  return exponentials.map((e) => e / sum);
}

/** The gradient with respect to z, given that with respect to y = f(z). */
export function activateBackward(
  name: ActivationName,
  z: Float64Array,
  dy: Float64Array,
  parameter: number,
): Float64Array {
  if (name !== 'softmax') return dy.map((d, j) => d * CURVES[name].df(z[j], parameter));
  const y = activate('softmax', z, 0);
  const mean = y.reduce((sum, p, j) => sum + p * dy[j], 0);
  return y.map((p, j) => p * (dy[j] - mean));
}

export interface ReferenceRows extends Rows {
  readonly data: readonly Float64Array[];
}

interface DenseLayer {
  readonly spec: Extract<LayerSpec, { kind: 'dense' }>;
  readonly inputs: number;
  /** Kernel [inputs][units] and bias [units]. */
  readonly weights: Float64Array[];
}

export class ReferenceNetwork implements Network {
  readonly #spec: NetworkSpec;
  readonly #layers: DenseLayer[] = [];
  #optimizer: OptimizerSpec | undefined;
  #slots: Float64Array[][] = [];
  readonly #step = new Float64Array(1);
  #averages: { decay: number; weights: Float64Array[] } | undefined;

  constructor(spec: NetworkSpec) {
    this.#spec = spec;
    let inputs = spec.inputs;
    for (const layer of spec.layers) {
      if (layer.kind === 'dropout') continue;
      const weights = [new Float64Array(inputs * layer.units), new Float64Array(layer.units)];
      this.#layers.push({ spec: layer, inputs, weights });
      inputs = layer.units;
    }
  }

  /** As float64 would be lost in a Float32Array, tests read `float64Weights`. */
  getWeights(): Float32Array[] {
    return this.float64Weights.map((weights) => Float32Array.from(weights));
  }

  get float64Weights(): Float64Array[] {
    return this.#layers.flatMap(({ spec, weights }) => (spec.useBias ? weights : [weights[0]]));
  }

  setWeights(weights: readonly ArrayLike<number>[]): void {
    this.float64Weights.forEach((own, k) => {
      own.set(weights[k]);
    });
  }

  setOptimizer(optimizer: OptimizerSpec): void {
    this.#optimizer = optimizer;
    this.#step[0] = 0;
    const slots = ruleOf(optimizer).slots(optimizer);
    this.#slots = this.float64Weights.map(({ length }) =>
      slots.map(({ initial = 0 }) => new Float64Array(length).fill(initial)),
    );
  }

  setLearningRate(learningRate: number): void {
    this.#optimizer = { ...this.#optimizer!, learningRate };
  }

  setSeed(): void {
    // Nothing here is drawn.
  }

  createRows(inputs: Tensor, augmentation?: Augmentation): ReferenceRows {
    const { inputs: width, scale, offset } = this.#spec;
    const count = inputs.data.length / width;
    const meaning = (values: ArrayLike<number>): Float64Array =>
      Float64Array.from(values, (v) => v * scale + offset);
    const plain = Array.from({ length: count }, (_, s) => inputs.data.subarray(s * width, (s + 1) * width));
    const rows = { count, data: plain.map(meaning), dispose: () => undefined };
    if (!augmentation) return rows;
    const { distortion, seed } = augmentation;
    const stream = distortionStream(seed);
    const startEpoch = (epoch: number): void => {
      rows.data = plain.map((image, index) =>
        meaning(distortReference(image, distortion, { stream, epoch, index })),
      );
    };
    startEpoch(0);
    return Object.assign(rows, { startEpoch });
  }

  startAveraging(decay: number): void {
    this.#averages = { decay, weights: this.float64Weights.map((weights) => weights.slice()) };
  }

  stopAveraging(): void {
    this.#averages = undefined;
  }

  swapAverages(): void {
    this.#averages?.weights.forEach((average, k) => {
      const weights = this.float64Weights[k];
      const kept = weights.slice();
      weights.set(average);
      average.set(kept);
    });
  }

  saveState(): Record<string, Tensor> {
    const pieces = this.#pieces();
    return Object.fromEntries(
      pieces.map((data, k) => [String(k), { data: data.slice(), shape: [data.length] }]),
    );
  }

  restoreState(state: ReadonlyMap<string, Tensor>): void {
    this.#pieces().forEach((piece, k) => {
      piece.set(state.get(String(k))!.data);
    });
  }

  trainBatch(rows: ReferenceRows, targets: Targets, batch: Uint32Array): BatchResult {
    const { gradients, ...result } = this.#lossAndGradients(rows, targets, batch);
    this.#apply(gradients);
    return result;
  }

  trainBatchPrivately(
    rows: ReferenceRows,
    targets: Targets,
    batch: Uint32Array,
    step: PrivateStep,
  ): BatchResult {
    const result = this.#lossAndGradients(rows, targets, batch);
    this.#apply(this.float64PrivateGradients(rows, targets, batch, step));
    return { loss: batch.length === 0 ? this.penalty() : result.loss, correct: result.correct };
  }

  /** One row at a time: its gradient, clipped, is added; then the noise, the division and the penalties. */
  float64PrivateGradients(
    rows: ReferenceRows,
    targets: Targets,
    batch: Uint32Array,
    { clip, noiseMultiplier, expectedBatch, noise }: PrivateStep,
  ): Float64Array[] {
    const penalties = this.#lossAndGradients(rows, targets, new Uint32Array(0)).gradients;
    const sums = penalties.map(({ length }) => new Float64Array(length));
    for (const row of batch) {
      const own = this.#lossAndGradients(rows, targets, Uint32Array.of(row)).gradients.map((gradient, k) =>
        gradient.map((g, i) => g - penalties[k][i]),
      );
      const norm = Math.sqrt(own.reduce((sum, gradient) => gradient.reduce((s, g) => s + g * g, sum), 0));
      const factor = norm > clip ? clip / norm : 1;
      own.forEach((gradient, k) => {
        gradient.forEach((g, i) => (sums[k][i] += g * factor));
      });
    }
    const deviation = noiseMultiplier === 0 ? 0 : noiseMultiplier * clip;
    return sums.map((sum, k) =>
      sum.map((g, i) => (g + (deviation && deviation * noise.normal())) / expectedBatch + penalties[k][i]),
    );
  }

  #apply(gradients: readonly Float64Array[]): void {
    const weights = this.float64Weights;
    this.#step[0]++;
    clipReference(this.#optimizer!, gradients).forEach((gradient, k) => {
      this.#update(weights[k], gradient, this.#slots[k]);
      const average = this.#averages?.weights[k];
      average?.forEach((a, i) => (average[i] = a + (weights[k][i] - a) * (1 - this.#averages!.decay)));
    });
  }

  gradients(rows: ReferenceRows, targets: Targets, batch: Uint32Array): Float32Array[] {
    return this.float64Gradients(rows, targets, batch).map((g) => Float32Array.from(g));
  }

  float64Gradients(rows: ReferenceRows, targets: Targets, batch: Uint32Array): Float64Array[] {
    return this.#lossAndGradients(rows, targets, batch).gradients;
  }

  evaluate(rows: ReferenceRows, targets: Targets): { lossSum: number; correct: number } {
    let lossSum = 0;
    let correct = 0;
    rows.data.forEach((x, s) => {
      const t = this.#target(targets, s);
      const p = lastOf(this.#forward(x)).y;
      lossSum += crossEntropy(t, p);
      if (placeOfLargest(p) === placeOfLargest(t)) correct++;
    });
    return { lossSum, correct };
  }

  penalty(): number {
    let sum = 0;
    for (const { spec, weights } of this.#layers) {
      for (const w of weights[0]) sum += spec.l1 * Math.abs(w) + spec.l2 * w * w;
    }
    return sum;
  }

  predict(rows: ReferenceRows): Float32Array {
    return Float32Array.from(rows.data.flatMap((x) => [...lastOf(this.#forward(x)).y]));
  }

  meanPredictions(rows: ReferenceRows, networks: readonly Network[]): Float32Array {
    const each = networks.map((network) => network.predict(rows));
    return each[0].map((_, i) => each.reduce((sum, own) => sum + own[i], 0) / each.length);
  }

  outputsOf(rows: ReferenceRows, layer: number): Float32Array {
    const last = layer === this.#layers.length - 1;
    return Float32Array.from(
      rows.data.flatMap((x) => {
        const { z, y } = this.#forward(x)[layer];
        return [...(last ? z : y)];
      }),
    );
  }

  inputGradients(rows: ReferenceRows, seed: LogitSeed): Float32Array {
    return Float32Array.from(
      rows.data.flatMap((x, row) => {
        const trace = this.#forward(x);
        const logits = Float32Array.from(lastOf(trace).z);
        const weights = new Float32Array(logits.length);
        seed(row, logits, weights);
        let d: Float64Array = Float64Array.from(weights);
        for (let l = this.#layers.length - 1; l >= 0; l--) {
          const {
            spec,
            inputs,
            weights: [kernel],
          } = this.#layers[l];
          const dx = Float64Array.from({ length: inputs }, (_, i) =>
            d.reduce((sum, dz, o) => sum + dz * kernel[i * spec.units + o], 0),
          );
          if (l === 0) return [...dx];
          const below = this.#layers[l - 1].spec;
          d = activateBackward(below.activation, trace[l - 1].z, dx, below.parameter);
        }
        return [];
      }),
    );
  }

  dispose(): void {
    // Memory is the host's.
  }

  #pieces(): Float64Array[] {
    return [...this.float64Weights, ...this.#slots.flat(), ...(this.#averages?.weights ?? []), this.#step];
  }

  #forward(x: Float64Array): { x: Float64Array; z: Float64Array; y: Float64Array }[] {
    let input = x;
    return this.#layers.map(({ spec, inputs, weights: [kernel, bias] }) => {
      const z = Float64Array.from({ length: spec.units }, (_, o) => {
        let sum = bias[o];
        for (let i = 0; i < inputs; i++) sum += input[i] * kernel[i * spec.units + o];
        return sum;
      });
      const y = activate(spec.activation, z, spec.parameter);
      const trace = { x: input, z, y };
      input = y;
      return trace;
    });
  }

  #target(targets: Targets, row: number): Float64Array {
    const { units } = lastOf(this.#layers).spec;
    return Float64Array.from({ length: units }, (_, j) =>
      targets.kind === 'classes'
        ? Number(targets.classes[row] === j)
        : targets.probabilities[row * units + j],
    );
  }

  #lossAndGradients(
    rows: ReferenceRows,
    targets: Targets,
    batch: Uint32Array,
  ): BatchResult & { gradients: Float64Array[] } {
    const gradients = this.#layers.map(({ weights }) =>
      weights.map(({ length }) => new Float64Array(length)),
    );
    let loss = 0;
    let correct = 0;
    for (const row of batch) {
      const t = this.#target(targets, row);
      const trace = this.#forward(rows.data[row]);
      const p = lastOf(trace).y;
      loss += crossEntropy(t, p) / batch.length;
      if (placeOfLargest(p) === placeOfLargest(t)) correct++;
      // Of softmax and cross-entropy together: dL/dz = p Σt − t.
      const mass = t.reduce((a, b) => a + b);
      let dz: Float64Array = p.map((probability, j) => (probability * mass - t[j]) / batch.length);
      for (let l = this.#layers.length - 1; l >= 0; l--) {
        const { spec, inputs, weights } = this.#layers[l];
        const [dKernel, dBias] = gradients[l];
        const dx = new Float64Array(inputs);
        for (let o = 0; o < spec.units; o++) {
          dBias[o] += dz[o];
          for (let i = 0; i < inputs; i++) {
            dKernel[i * spec.units + o] += trace[l].x[i] * dz[o];
            dx[i] += weights[0][i * spec.units + o] * dz[o];
          }
        }
        if (l > 0) {
          const below = this.#layers[l - 1].spec;
          dz = activateBackward(below.activation, trace[l - 1].z, dx, below.parameter);
        }
      }
    }
    this.#layers.forEach(({ spec, weights }, l) => {
      weights[0].forEach((w, k) => {
        gradients[l][0][k] += spec.l1 * Math.sign(w) + 2 * spec.l2 * w;
      });
    });
    const trainable = gradients.flatMap((pair, l) => (this.#layers[l].spec.useBias ? pair : [pair[0]]));
    return { loss: loss + this.penalty(), correct, gradients: trainable };
  }

  #update(w: Float64Array, g: Float64Array, slots: readonly Float64Array[]): void {
    const spec = this.#optimizer!;
    const rule = ruleOf(spec);
    const { weightDecay = 0, learningRate } = spec;
    for (let k = 0; k < w.length; k++) {
      const own = slots.map((slot) => slot[k]);
      w[k] -= w[k] * weightDecay * learningRate;
      w[k] += rule.reference(spec, g[k], own, this.#step[0]);
      own.forEach((x, i) => (slots[i][k] = x));
    }
  }
}

function crossEntropy(t: Float64Array, p: Float64Array): number {
  return t.reduce((sum, target, j) => (target === 0 ? sum : sum - target * Math.log(p[j])), 0);
}

function lastOf<T>(items: readonly T[]): T {
  return items[items.length - 1];
}

function placeOfLargest(values: Float64Array): number {
  return values.indexOf(values.reduce((a, b) => Math.max(a, b)));
}
