import { consecutive } from '../util/consecutive.ts';
import { clipReference } from './reference/clip.ts';
import { referenceLoss } from './reference/losses.ts';
import { ruleOf } from './rules/rules.ts';
import { distortedExtents, distortionStream, distortReference } from '../images/distortion.ts';
import { atOnce, type Steps } from '../util/steps.ts';
import { sizeOf, type Tensor } from '../util/tensor.ts';
import type {
  Augmentation,
  BatchResult,
  EvaluateOptions,
  LogitSeed,
  Engine,
  Network,
  NetworkSpec,
  OptimizerSpec,
  PrivateStep,
  Rows,
  Sums,
  Targets,
  TrainOptions,
} from './engine.ts';
import type { ActivationSpec } from './ops/activation.ts';
import type { LossRule } from './loss.ts';
import { lossRule } from './losses/losses.ts';
import type { ReferenceOp, ReferenceParameter } from './reference/op.ts';
import { referenceOp } from './reference/ops.ts';
import { referenceStep } from './reference/rules.ts';

/**
 * The slow, obvious engine: plain loops in float64, the host's own exp and tanh. The fast one is tested against it, and
 * gradients are checked numerically on it. Not for training that has to be the same everywhere. Dropout is left out:
 * its rate has to be 0.
 */
export const referenceEngine = {
  name: 'reference',
  createNetwork: (spec: NetworkSpec) => new ReferenceNetwork(spec),
} satisfies Engine;

export interface ReferenceRows extends Rows {
  readonly data: readonly Float64Array[];
}

export class ReferenceNetwork implements Network {
  readonly #spec: NetworkSpec;
  readonly #ops: readonly ReferenceOp[];
  readonly #parameters: readonly ReferenceParameter[];
  /** Ops up to the logits. */
  readonly #head: number;
  #loss: LossRule = lossRule({ name: 'categoricalCrossentropy' });
  #outputs: Float64Array[] = [];
  /** Values of one row of outputs. */
  readonly #width: number;
  #optimizer: OptimizerSpec | undefined;
  #slots: Float64Array[][] = [];
  readonly #step = new Float64Array(1);
  #averages: { decay: number; weights: Float64Array[] } | undefined;

  constructor(spec: NetworkSpec) {
    this.#spec = spec;
    let { shape } = spec;
    this.#ops = spec.steps.map((step) => {
      const { input = shape } = step;
      const op = referenceOp(step.spec, input);
      shape = step.shape(input);
      return op;
    });
    this.#width = sizeOf(shape);
    this.#head = spec.steps.length - Number(['softmax', 'sigmoid'].includes(this.#lastActivation));
    this.#parameters = this.#ops.flatMap((op, k) => (spec.steps[k].trainable === false ? [] : op.parameters));
  }

  /** As float64 would be lost in a Float32Array, tests read `float64Weights`. */
  getWeights(): Float32Array[] {
    return this.#all().map((weights) => Float32Array.from(weights));
  }

  /** Of what is trained. */
  get float64Weights(): Float64Array[] {
    return this.#parameters.map(({ weights }) => weights);
  }

  #all(): Float64Array[] {
    return this.#ops.flatMap((op) => [...op.parameters.map(({ weights }) => weights), ...op.statistics]);
  }

  setWeights(weights: readonly ArrayLike<number>[]): void {
    this.#all().forEach((own, k) => {
      own.set(weights[k]);
    });
  }

  *finishStep(): Steps<void> {
    yield;
  }

  *readWeights(): Steps<Float32Array[]> {
    yield;
    return this.getWeights();
  }

  *writeWeights(weights: readonly ArrayLike<number>[]): Steps<void> {
    yield;
    this.setWeights(weights);
  }

  setLoss(loss: LossRule): void {
    this.#loss = loss;
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
    const { shape, scale, offset } = this.#spec;
    const width = sizeOf(shape);
    const count = inputs.data.length / width;
    const meaning = (values: ArrayLike<number>): Float64Array =>
      Float64Array.from(values, (v) => v * scale + offset);
    const plain = Array.from({ length: count }, (_, s) => inputs.data.subarray(s * width, (s + 1) * width));
    const rows = { count, data: plain.map(meaning), dispose: () => undefined };
    if (!augmentation) return rows;
    const { distortion, seed } = augmentation;
    const stream = distortionStream(seed);
    const extents = distortedExtents(shape);
    const startEpoch = (epoch: number): void => {
      rows.data = plain.map((image, index) =>
        meaning(distortReference(image, distortion, { stream, epoch, index }, extents)),
      );
    };
    startEpoch(0);
    return Object.assign(rows, { startEpoch });
  }

  *prepareRows(inputs: Tensor, augmentation?: Augmentation): Steps<ReferenceRows> {
    return this.createRows(inputs, augmentation);
  }

  *startAveraging(decay: number): Steps<void> {
    this.#averages = { decay, weights: this.float64Weights.map((weights) => weights.slice()) };
  }

  stopAveraging(): void {
    this.#averages = undefined;
  }

  *swapAverages(): Steps<void> {
    this.#averages?.weights.forEach((average, k) => {
      const weights = this.float64Weights[k];
      const kept = weights.slice();
      weights.set(average);
      average.set(kept);
    });
  }

  *saveState(): Steps<Record<string, Tensor>> {
    const state: Record<string, Tensor> = {};
    for (const [k, data] of this.#pieces().entries()) {
      state[k] = { data: data.slice(), shape: [data.length] };
      yield;
    }
    return state;
  }

  *restoreState(state: ReadonlyMap<string, Tensor>): Steps<void> {
    this.#pieces().forEach((piece, k) => {
      piece.set(state.get(String(k))!.data);
    });
  }

  trainBatch(
    rows: ReferenceRows,
    targets: Targets,
    batch: Uint32Array,
    { see, privately }: TrainOptions = {},
  ): BatchResult {
    const { gradients, ...result } = this.#lossAndGradients(rows, targets, batch);
    if (see) atOnce(see(batch, flatten(this.#outputs)));
    this.#apply(privately ? this.float64PrivateGradients(rows, targets, batch, privately) : gradients);
    return privately && batch.length === 0 ? { ...result, loss: atOnce(this.penalty()) } : result;
  }

  *trainBatchInSteps(
    rows: ReferenceRows,
    targets: Targets,
    batch: Uint32Array,
    options?: TrainOptions,
  ): Steps<BatchResult> {
    return this.trainBatch(rows, targets, batch, options);
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

  evaluate(rows: ReferenceRows, targets: Targets, { onto, see }: EvaluateOptions = {}): Sums {
    let { lossSum = 0, correct = 0 }: Partial<Sums> = onto ?? {};
    this.#forward(rows.data, this.#lossHead).forEach((z, s) => {
      const t = this.#target(targets, s);
      lossSum += referenceLoss(this.#loss, z, t).loss * (targets.weights?.[s] ?? 1);
      if (placeOfLargest(z) === placeOfLargest(t)) correct++;
    });
    if (see) atOnce(see(consecutive(0, rows.count), this.predict(rows)));
    return { lossSum, last: 0, before: lossSum, correct };
  }

  *evaluateInSteps(rows: ReferenceRows, targets: Targets, options?: EvaluateOptions): Steps<Sums> {
    return this.evaluate(rows, targets, options);
  }

  *predictInSteps(rows: ReferenceRows): Steps<Float32Array> {
    return this.predict(rows);
  }

  *penalty(): Steps<number> {
    let sum = 0;
    for (const op of this.#ops) {
      for (const { weights, l1, l2 } of op.parameters) {
        for (const w of weights) sum += l1 * Math.abs(w) + l2 * w * w;
      }
    }
    return sum;
  }

  predict(rows: ReferenceRows): Float32Array {
    return flatten(this.#forward(rows.data, this.#ops.length));
  }

  *meanPredictions(rows: ReferenceRows, networks: readonly Network[]): Steps<Float32Array> {
    const each = networks.map((network) => network.predict(rows));
    return each[0].map((_, i) => each.reduce((sum, own) => sum + own[i], 0) / each.length);
  }

  outputsOf(rows: ReferenceRows, steps: number): Float32Array {
    return flatten(this.#forward(rows.data, steps));
  }

  logitsOf(rows: ReferenceRows): Float32Array {
    return flatten(this.#forward(rows.data, this.#head));
  }

  inputGradients(rows: ReferenceRows, seed: LogitSeed): Float32Array {
    const logits = this.#forward(rows.data, this.#head);
    const seeds = logits.map((own, row) => {
      const weights = new Float32Array(own.length);
      seed(row, Float32Array.from(own), weights);
      return Float64Array.from(weights);
    });
    return flatten(this.#backward(seeds));
  }

  dispose(): void {
    // Memory is the host's.
  }

  #pieces(): Float64Array[] {
    return [...this.float64Weights, ...this.#slots.flat(), ...(this.#averages?.weights ?? []), this.#step];
  }

  get #lastActivation(): string {
    const { steps } = this.#spec;
    return (steps[steps.length - 1].spec as Partial<ActivationSpec>).activation ?? 'linear';
  }

  get #lossHead(): number {
    return this.#ops.length - Number(this.#loss.takes === this.#lastActivation);
  }

  #forward(x: readonly Float64Array[], steps: number, training = false): Float64Array[] {
    return this.#ops.slice(0, steps).reduce((rows, op) => op.forward(rows, training), [...x]);
  }

  /** From gradients with respect to the logits to those with respect to the inputs. */
  #backward(d: readonly Float64Array[], steps = this.#head): Float64Array[] {
    return this.#ops.slice(0, steps).reduceRight((rows, op) => op.backward(rows), [...d]);
  }

  #target(targets: Targets, row: number): Float64Array {
    const width = this.#width;
    return Float64Array.from({ length: width }, (_, j) =>
      targets.kind === 'classes' ? Number(targets.classes[row] === j) : targets.values[row * width + j],
    );
  }

  #lossAndGradients(
    rows: ReferenceRows,
    targets: Targets,
    batch: Uint32Array,
  ): BatchResult & { gradients: Float64Array[] } {
    let loss = 0;
    let correct = 0;
    const read = this.#forward(
      Array.from(batch, (row) => rows.data[row]),
      this.#lossHead,
      true,
    );
    const d = read.map((z, s) => {
      const t = this.#target(targets, batch[s]);
      const own = referenceLoss(this.#loss, z, t);
      const share = (targets.weights?.[batch[s]] ?? 1) / batch.length;
      loss += own.loss * share;
      if (placeOfLargest(z) === placeOfLargest(t)) correct++;
      return own.gradient.map((g) => g * share);
    });
    this.#outputs = this.#ops.slice(this.#lossHead).reduce((x, op) => op.forward(x, true), read);
    this.#backward(d, this.#lossHead);
    const gradients = this.#parameters.map(({ weights, gradient, l1, l2 }) =>
      gradient.map((g, k) => g + l1 * Math.sign(weights[k]) + 2 * l2 * weights[k]),
    );
    return { loss: loss + atOnce(this.penalty()), correct, gradients };
  }

  #update(w: Float64Array, g: Float64Array, slots: readonly Float64Array[]): void {
    const spec = this.#optimizer!;
    const { weightDecay = 0, learningRate } = spec;
    for (let k = 0; k < w.length; k++) {
      const own = slots.map((slot) => slot[k]);
      w[k] -= w[k] * weightDecay * learningRate;
      w[k] += referenceStep(spec, g[k], own, this.#step[0]);
      own.forEach((x, i) => (slots[i][k] = x));
    }
  }
}

function flatten(rows: readonly Float64Array[]): Float32Array {
  return Float32Array.from(rows.flatMap((row) => [...row]));
}

function placeOfLargest(values: Float64Array): number {
  return values.indexOf(values.reduce((a, b) => Math.max(a, b)));
}
