import { DactylError } from '../util/errors.ts';
import { requireFinite } from '../util/finite.ts';
import { atOnce, type Steps } from '../util/steps.ts';
import { sizeOf, type Tensor } from '../util/tensor.ts';
import { Averages } from './averages.ts';
import { type Context, paddedRows } from './context.ts';
import type {
  Augmentation,
  BatchResult,
  EvaluateOptions,
  LogitSeed,
  Network,
  NetworkSpec,
  OptimizerSpec,
  PrivateStep,
  Rows,
  Sums,
  Targets,
} from './engine.ts';
import { type LossRule, sumOfLosses, weighRows } from './loss.ts';
import { lossRule } from './losses/losses.ts';
import { restoreNetworkState, saveNetworkState, type TrainingMemory } from './networkState.ts';
import { type Outputs, outputsOf } from './op.ts';
import { Optimizer } from './optimizer.ts';
import type { Parameter } from './parameter.ts';
import { PrivateGradients } from './privacy.ts';
import { type BatchInputs, DenseRows, DistortedRows, SparseBatch, SparseRows } from './rows.ts';
import { type Stage, stack } from './stack.ts';

/** Rows evaluated at a time; the results do not depend on it. */
const EVALUATION_ROWS = 128;
const MOST_SPARSE_COLUMNS = 65_536;
const DISTORTED_PIXELS = 784;

export class WasmNetwork implements Network {
  readonly #context: Context;
  readonly #spec: NetworkSpec;
  readonly #stages: readonly Stage[];
  /** What the first op reads; d only while gradients of the inputs are asked for. */
  readonly #inputs: Outputs & { y: number; d: number };
  /** Ops up to the logits: those before a last softmax or sigmoid. */
  readonly #head: number;
  #loss: LossRule = lossRule({ name: 'categoricalCrossentropy' });
  /** Of the lowest op that is trained: no gradient goes below it in training. The number of ops where none is. */
  readonly #lowest: number;
  /** All of an op's, in the order of saving. */
  readonly #weights: readonly Parameter[];
  readonly #trained: readonly Parameter[];
  readonly #release: () => void;
  /** What each op read in the last forward pass. */
  readonly #read: BatchInputs[] = [];
  #optimizer: Optimizer | undefined;
  #averages: Averages | undefined;
  #private: PrivateGradients | undefined;
  readonly #sparseBatch: SparseBatch;
  #capacity = 0;
  #targets = 0;
  /** f64[rows] */
  #losses = 0;
  #disposed = false;

  /** `release` is called once, by `dispose`, and gives all of the context's pieces back. */
  constructor(context: Context, spec: NetworkSpec, release: () => void) {
    this.#context = context;
    this.#spec = spec;
    this.#release = release;
    this.#inputs = outputsOf(spec.shape);
    this.#stages = stack(context, this.#inputs, spec.steps);
    const { steps } = spec;
    this.#head = steps.length - Number(isHead(steps[steps.length - 1].spec));
    const lowest = this.#stages.findIndex(({ trained }) => trained.length > 0);
    this.#lowest = lowest < 0 ? this.#stages.length : lowest;
    this.#weights = this.#stages.flatMap(({ op }) => [...op.parameters, ...op.statistics]);
    this.#trained = this.#stages.flatMap(({ trained }) => trained);
    this.#sparseBatch = new SparseBatch(context, this.#inputs.stride);
    this.setSeed(0);
  }

  getWeights(): Float32Array[] {
    this.#use();
    return this.#weights.map((parameter) => parameter.read());
  }

  setWeights(weights: readonly ArrayLike<number>[]): void {
    this.#use();
    this.#weights.forEach((parameter, k) => {
      parameter.write(weights[k]);
    });
  }

  setLoss(loss: LossRule): void {
    this.#use();
    this.#loss = loss;
  }

  setOptimizer(spec: OptimizerSpec): void {
    this.#use();
    this.#optimizer?.dispose();
    this.#optimizer = new Optimizer(this.#context, spec, this.#trained);
    for (const { op } of this.#stages) op.optimizerChanged?.(true);
  }

  setLearningRate(learningRate: number): void {
    this.#use();
    this.#optimizer?.setLearningRate(learningRate);
  }

  setSeed(seed: number): void {
    this.#use();
    for (const { op } of this.#stages) op.setSeed?.(seed);
  }

  createRows(inputs: Tensor, augmentation?: Augmentation): Rows {
    return atOnce(this.prepareRows(inputs, augmentation));
  }

  *prepareRows(inputs: Tensor, augmentation?: Augmentation): Steps<Rows> {
    this.#use();
    const { scale, offset } = this.#spec;
    const { width } = this.#inputs;
    const { data } = inputs;
    const bytes = data instanceof Uint8Array && offset === 0;
    const sparse = bytes && this.#stages[0].op.readsSparse === true && width <= MOST_SPARSE_COLUMNS;
    if (augmentation) {
      if (!bytes || width !== DISTORTED_PIXELS) {
        throw new DactylError(
          'E_ARGUMENT',
          `Distortion: expected byte images of 28 × 28 pixels without an offset; received ${data.constructor.name} rows of ${width} values.`,
        );
      }
      return new DistortedRows(this.#context, { data, shape: inputs.shape }, scale, augmentation);
    }
    if (!sparse) return new DenseRows(inputs, width, scale, offset);
    return yield* SparseRows.prepare(this.#context, { data, shape: inputs.shape }, width, scale);
  }

  trainBatch(rows: Rows, targets: Targets, batch: Uint32Array): BatchResult {
    const optimizer = this.#requireOptimizer();
    const count = batch.length;
    const result = this.#forwardBackward(rows, targets, batch);
    if (optimizer.needsAllGradients) {
      this.#forEachTrained((stage, x) => {
        computeGradients(stage, x, count);
      });
      optimizer.clip(this.#trained);
    }
    optimizer.beginStep();
    this.#forEachTrained((stage, x) => {
      if (optimizer.mayFuse && stage.op.fused?.(x, count, optimizer)) return;
      if (!optimizer.needsAllGradients) computeGradients(stage, x, count);
      update(stage, optimizer);
    });
    optimizer.endStep();
    this.#averages?.update();
    return result;
  }

  trainBatchPrivately(rows: Rows, targets: Targets, batch: Uint32Array, step: PrivateStep): BatchResult {
    const optimizer = this.#requireOptimizer();
    const gradients = (this.#private ??= new PrivateGradients(this.#context, this.#stages));
    const count = batch.length;
    const result = this.#forwardBackward(rows, targets, batch, 1);
    gradients.clip(count, step, (each) => {
      this.#forEachTrained(({ op }, x) => {
        each(op, x);
      });
    });
    gradients.startNoise(step);
    optimizer.beginStep();
    this.#forEachTrained((stage, x) => {
      computeGradients(stage, x, count);
      for (const parameter of stage.trained) gradients.addNoise(parameter, step);
    });
    if (optimizer.needsAllGradients) optimizer.clip(this.#trained);
    this.#forEachTrained((stage) => {
      update(stage, optimizer);
    });
    optimizer.endStep();
    this.#averages?.update();
    return result;
  }

  gradients(rows: Rows, targets: Targets, batch: Uint32Array): Float32Array[] {
    const statistics = this.#stages.flatMap(({ op }) => op.statistics);
    const kept = statistics.map((parameter) => parameter.read());
    this.#forwardBackward(rows, targets, batch);
    this.#forEachTrained((stage, x) => {
      computeGradients(stage, x, batch.length);
    });
    statistics.forEach((parameter, k) => {
      parameter.write(kept[k]);
    });
    return this.#trained.map((parameter) => parameter.read(parameter.gradient()));
  }

  startAveraging(decay: number): void {
    this.#use();
    this.#averages?.dispose();
    this.#averages = new Averages(this.#context, this.#trained, decay);
  }

  stopAveraging(): void {
    this.#use();
    this.#averages?.dispose();
    this.#averages = undefined;
  }

  swapAverages(): void {
    this.#use();
    this.#averages?.swap();
    for (const parameter of this.#trained) parameter.changed();
  }

  saveState(): Record<string, Tensor> {
    return saveNetworkState(this.#memory());
  }

  restoreState(state: ReadonlyMap<string, Tensor>): void {
    restoreNetworkState(state, this.#memory());
    for (const parameter of this.#weights) parameter.changed();
    for (const { op } of this.#stages) op.optimizerChanged?.(false);
  }

  evaluate(rows: Rows, targets: Targets, { range, onto, see }: EvaluateOptions = {}): Sums {
    this.#use();
    let { lossSum, correct } = onto ?? { lossSum: 0, correct: 0 };
    const visit = (count: number, batch: Uint32Array, y: number): void => {
      const measured = this.#measure(y, targets, batch);
      lossSum += measured.loss;
      correct += measured.correct;
      see?.(batch, this.lastOutputs(count));
    };
    this.#forEachChunk(rows, this.#lossHead, visit, range);
    return { lossSum, correct };
  }

  lastOutputs(count: number): Float32Array {
    const plain = new Float32Array(count * this.#last.width);
    this.#unpad(this.#last.y, this.#last, count, plain);
    return plain;
  }

  penalty(): number {
    this.#use();
    return this.#weights.reduce((sum, parameter) => sum + parameter.penalty(), 0);
  }

  predict(rows: Rows, range?: readonly [from: number, to: number]): Float32Array {
    return this.#outputs(rows, this.#stages.length, range);
  }

  *meanPredictions(rows: Rows, networks: readonly Network[]): Steps<Float32Array> {
    const { width } = this.#last;
    const all = networks.map((network) => this.#related(network));
    const sum = new Float32Array(rows.count * width);
    const own = new Float32Array(EVALUATION_ROWS * width);
    for (let from = 0; from < rows.count; from += EVALUATION_ROWS) {
      const count = Math.min(EVALUATION_ROWS, rows.count - from);
      const batch = Uint32Array.from({ length: count }, (_, s) => from + s);
      const part = sum.subarray(from * width, (from + count) * width);
      const inputs = this.#choose(rows, batch);
      for (const network of all) {
        network.#resize(count);
        network.#unpad(network.#forward(inputs, count, false), network.#last, count, own);
        for (let i = 0; i < part.length; i++) part[i] += own[i];
      }
      yield;
    }
    for (let i = 0; i < sum.length; i++) sum[i] /= all.length;
    return sum;
  }

  outputsOf(rows: Rows, steps: number): Float32Array {
    return requireFinite(this.#outputs(rows, steps), `Outputs after ${steps} steps of the network`);
  }

  logitsOf(rows: Rows): Float32Array {
    return requireFinite(this.#outputs(rows, this.#head), 'Logits');
  }

  inputGradients(rows: Rows, seed: LogitSeed): Float32Array {
    this.#use();
    const { width: inputs, stride } = this.#inputs;
    const { width, stride: outStride } = this.#last;
    const output = new Float32Array(rows.count * inputs);
    const logits = new Float32Array(EVALUATION_ROWS * width);
    const { heap, pieces } = this.#context;
    this.#inputs.d = pieces.floats(EVALUATION_ROWS * stride);
    for (const { op } of this.#stages) op.lendInputGradient?.(true);
    try {
      this.#forEachChunk(rows, this.#head, (count, batch, z) => {
        this.#unpad(z, this.#last, count, logits);
        const d = heap.float32(this.#last.d, paddedRows(count) * outStride).fill(0);
        for (let s = 0; s < count; s++) {
          const own = logits.subarray(s * width, (s + 1) * width);
          seed(batch[s], own, d.subarray(s * outStride, s * outStride + width));
        }
        this.#backward(this.#head, 0, count);
        const gradient = heap.float32(this.#inputs.d, count * stride);
        for (let s = 0; s < count; s++) {
          output.set(gradient.subarray(s * stride, s * stride + inputs), batch[s] * inputs);
        }
      });
    } finally {
      for (const { op } of this.#stages) op.lendInputGradient?.(false);
      pieces.free(this.#inputs.d);
      this.#inputs.d = 0;
    }
    return requireFinite(output, 'Gradients with respect to the inputs');
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#release();
  }

  /** Ops up to what the loss reads. */
  get #lossHead(): number {
    const { steps } = this.#spec;
    const { activation } = steps[steps.length - 1].spec as { readonly activation?: string };
    return steps.length - Number(this.#loss.takes !== undefined && this.#loss.takes === activation);
  }

  get #last(): Outputs {
    return this.#stages[this.#stages.length - 1].op.out;
  }

  /** Every piece of memory that training goes on from, as it lies. */
  #memory(): TrainingMemory {
    this.#use();
    const { heap } = this.#context;
    const pieces = new Map<string, Float32Array | Int32Array>();
    const put = (name: string, address: number, { count }: Parameter): void => {
      if (address) pieces.set(name, heap.float32(address, count));
    };
    this.#trained.forEach((parameter, k) => {
      const { first = 0, second = 0, third = 0 } = this.#optimizer?.slots(parameter) ?? {};
      put(`weights/${k}`, parameter.address, parameter);
      put(`first/${k}`, first, parameter);
      put(`second/${k}`, second, parameter);
      put(`third/${k}`, third, parameter);
      put(`average/${k}`, this.#averages?.addressOf(parameter) ?? 0, parameter);
    });
    const untrained = this.#weights.filter((parameter) => !this.#trained.includes(parameter));
    untrained.forEach((parameter, k) => {
      put(`untrained/${k}`, parameter.address, parameter);
    });
    for (const { op, number } of this.#stages) {
      const state = op.stream?.();
      if (state)
        pieces.set(`dropout/${number}`, new Int32Array(state.buffer, state.byteOffset, state.length));
    }
    return { pieces, optimizer: this.#optimizer };
  }

  #requireOptimizer(): Optimizer {
    if (this.#optimizer) return this.#optimizer;
    throw new DactylError('E_STATE', 'trainBatch: set an optimizer first (compile the model).');
  }

  #use(): void {
    if (this.#disposed) throw new DactylError('E_STATE', 'This model was disposed of; make a new one.');
  }

  #resize(rows: number): void {
    if (rows <= this.#capacity) return;
    const { pieces } = this.#context;
    const capacity = paddedRows(rows);
    // Where memory ends midway, the next batch starts afresh.
    this.#capacity = 0;
    this.#inputs.y = pieces.free(this.#inputs.y);
    this.#targets = pieces.free(this.#targets);
    this.#losses = pieces.free(this.#losses);
    for (const { op } of this.#stages) op.resize(capacity);
    this.#sparseBatch.resize(capacity);
    this.#targets = pieces.floats(capacity * this.#last.stride);
    this.#losses = pieces.bytes(8 * capacity);
    this.#capacity = capacity;
  }

  /** Puts a batch where the first op reads it. */
  #choose(rows: Rows, batch: Uint32Array): BatchInputs {
    this.#use();
    this.#resize(batch.length);
    const { heap, pieces } = this.#context;
    const readsSparse = this.#stages[0].op.readsSparse === true;
    const sparse = rows instanceof SparseRows || rows instanceof DistortedRows;
    if (sparse) {
      this.#sparseBatch.gather(rows, batch);
      if (readsSparse) return { kind: 'sparse', batch: this.#sparseBatch };
    }
    const floats = this.#capacity * this.#inputs.stride;
    this.#inputs.y ||= pieces.floats(floats);
    const x = heap.float32(this.#inputs.y, floats);
    if (sparse) this.#sparseBatch.scatter(batch.length, x);
    else (rows as DenseRows).gather(batch, x);
    return { kind: 'dense', x: this.#inputs.y };
  }

  /** Returns where the outputs of the first `steps` ops lie. */
  #forward(inputs: BatchInputs, count: number, training: boolean, steps = this.#stages.length): number {
    let x = inputs;
    for (let i = 0; i < steps; i++) {
      this.#read[i] = x;
      x = this.#stages[i].op.forward(x, count, training);
    }
    return (x as Extract<BatchInputs, { kind: 'dense' }>).x;
  }

  /** From the d of op `from` − 1 down to what op `to` read. */
  #backward(from: number, to: number, count: number): void {
    for (let i = from - 1; i >= to; i--) {
      const below = i === 0 ? this.#inputs : this.#stages[i - 1].op.out;
      this.#stages[i].op.backward(this.#read[i], below.d, count);
    }
  }

  /** Leaves in each op's d the gradient of the rows' losses times `scale`; by default of their mean. */
  #forwardBackward(rows: Rows, targets: Targets, batch: Uint32Array, scale = 1 / batch.length): BatchResult {
    const count = batch.length;
    const head = this.#lossHead;
    const y = this.#forward(this.#choose(rows, batch), count, true, head);
    const { loss, correct } = this.#measure(y, targets, batch, scale);
    this.#backward(head, this.#lowest + 1, count);
    return { loss: loss / Math.max(1, count) + this.penalty(), correct };
  }

  /** Visits the ops that are trained, last first, with what each read in the forward pass. */
  #forEachTrained(visit: (stage: Stage, x: BatchInputs) => void): void {
    for (let i = this.#stages.length - 1; i >= this.#lowest; i--) {
      if (this.#stages[i].trained.length > 0) visit(this.#stages[i], this.#read[i]);
    }
  }

  /**
   * Sum of the rows' losses and number of rows right; y: where lies what the loss reads. The outputs are in the last op's y then, and, where a `scale`
   * is given, the gradient is in the d of what the loss reads.
   */
  #measure(
    y: number,
    targets: Targets,
    batch: Uint32Array,
    scale?: number,
  ): { loss: number; correct: number } {
    const { heap, kernels } = this.#context;
    const count = batch.length;
    const { d, stride, width } = this.#stages[this.#lossHead - 1].op.out;
    const z = this.#last.y;
    if (z !== y) heap.float32(z, count * stride).set(heap.float32(y, count * stride));
    writeTargets(targets, batch, this.#last, heap.float32(this.#targets, count * stride));
    const gradient = scale === undefined ? { d: 0, scale: 1 } : { d, scale };
    const loss = { z, t: this.#targets, count, width, stride, ...gradient, losses: this.#losses };
    this.#loss.run(this.#context, loss);
    if (targets.weights)
      weighRows(
        this.#context,
        loss,
        Array.from(batch, (row) => targets.weights![row]),
      );
    return {
      loss: sumOfLosses(this.#context, loss),
      correct: kernels.countCorrect(z, this.#targets, count, width, stride),
    };
  }

  #outputs(
    rows: Rows,
    steps: number,
    range: readonly [from: number, to: number] = [0, rows.count],
  ): Float32Array {
    const out = this.#stages[steps - 1].op.out;
    const output = new Float32Array((range[1] - range[0]) * out.width);
    const visit = (count: number, [first]: Uint32Array, address: number): void => {
      this.#unpad(address, out, count, output.subarray((first - range[0]) * out.width));
    };
    this.#forEachChunk(rows, steps, visit, range);
    return output;
  }

  /** `address`: of what the first `steps` ops gave. */
  #forEachChunk(
    rows: Rows,
    steps: number,
    visit: (count: number, batch: Uint32Array, address: number) => void,
    range?: readonly [from: number, to: number],
  ): void {
    const forward = (count: number, batch: Uint32Array): void => {
      visit(count, batch, this.#forward(this.#choose(rows, batch), count, false, steps));
    };
    this.#forEachBatch(rows, forward, range);
  }

  #forEachBatch(
    rows: Rows,
    visit: (count: number, batch: Uint32Array) => void,
    [from, to]: readonly [from: number, to: number] = [0, rows.count],
  ): void {
    for (let first = from; first < to; first += EVALUATION_ROWS) {
      const count = Math.min(EVALUATION_ROWS, to - first);
      visit(
        count,
        Uint32Array.from({ length: count }, (_, s) => first + s),
      );
    }
  }

  /** A network that can read what this one has chosen. */
  #related(network: Network): WasmNetwork {
    const { shape, scale, offset } = this.#spec;
    const { width } = this.#inputs;
    const fits =
      network instanceof WasmNetwork &&
      network.#context.heap === this.#context.heap &&
      network.#inputs.width === width &&
      network.#spec.scale === scale &&
      network.#spec.offset === offset &&
      network.#stages[0].op.readsSparse === this.#stages[0].op.readsSparse &&
      network.#last.width === this.#last.width;
    if (fits) {
      network.#use();
      return network;
    }
    throw new DactylError(
      'E_SHAPE',
      `Networks that answer together: expected ${sizeOf(shape)} inputs with scale ${scale} and offset ${offset} and ${this.#last.width} outputs, in one engine; received another one.`,
    );
  }

  /** Copies f32[count][stride] at `address` to the plain array [count][width]. */
  #unpad(address: number, { width, stride }: Outputs, count: number, plain: Float32Array): void {
    const padded = this.#context.heap.float32(address, count * stride);
    for (let s = 0; s < count; s++) plain.set(padded.subarray(s * stride, s * stride + width), s * width);
  }
}

function writeTargets(
  targets: Targets,
  batch: ArrayLike<number>,
  { width, stride }: Outputs,
  t: Float32Array,
): void {
  if (targets.kind === 'classes') {
    t.fill(0);
    for (let s = 0; s < batch.length; s++) t[s * stride + targets.classes[batch[s]]] = 1;
    return;
  }
  const { values } = targets;
  for (let s = 0; s < batch.length; s++) {
    for (let j = 0; j < width; j++) t[s * stride + j] = values[batch[s] * width + j];
  }
}

/** Leaves the gradients, with penalties, in their places. */
function computeGradients({ op, trained }: Stage, x: BatchInputs, count: number): void {
  op.gradients!(x, count);
  for (const parameter of trained) parameter.addPenaltyGradient();
}

function update({ op, trained }: Stage, optimizer: Optimizer): void {
  for (const parameter of trained) {
    optimizer.update(parameter);
    parameter.changed();
  }
  op.optimizerChanged?.(false);
}

/** Whether an op is the kind of activation that a loss is computed together with. */
function isHead(spec: { readonly kind: string; readonly activation?: string }): boolean {
  return spec.kind === 'activation' && (spec.activation === 'softmax' || spec.activation === 'sigmoid');
}
