import { DactylError } from '../util/errors.ts';
import { requireFinite } from '../util/finite.ts';
import { atOnce, type Steps } from '../util/steps.ts';
import type { Tensor } from '../util/tensor.ts';
import type { Averages } from './averages.ts';
import { BatchLoss } from './batchLoss.ts';
import type { Context } from './context.ts';
import type {
  Augmentation,
  BatchResult,
  EvaluateOptions,
  LogitSeed,
  Network,
  NetworkSpec,
  OptimizerSpec,
  Rows,
  See,
  Sums,
  Targets,
  TrainOptions,
} from './engine.ts';
import type { LossRule } from './loss.ts';
import { outputsAfter } from './networkOutputs.ts';
import type { TrainingMemory } from './networkState.ts';
import { Optimizer } from './optimizer.ts';
import type { Parameter } from './parameter.ts';
import { engineFeature } from './feature.ts';
import { EVALUATION_ROWS, Pass } from './pass.ts';
import type { PrivateGradients } from './privacy.ts';
import { DenseRows } from './rows.ts';
import { MOST_COLUMNS, SparseRows } from './sparseRows.ts';
import { computeGradients, type Stage, update } from './stack.ts';

interface ForwardOptions {
  readonly see?: See | undefined;
  /** Of the gradients; by default that of their mean. */
  readonly scale?: number;
  /** Rows with their zeros. */
  readonly plain?: boolean;
}

export class WasmNetwork implements Network {
  readonly #context: Context;
  readonly #stages: readonly Stage[];
  readonly #pass: Pass;
  readonly #loss: BatchLoss;
  /** Ops up to the logits: those before a last softmax or sigmoid. */
  readonly #head: number;
  /** Of the lowest op that is trained: no gradient goes below it in training. The number of ops where none is. */
  readonly #lowest: number;
  /** All of an op's, in the order of saving. */
  readonly #weights: readonly Parameter[];
  readonly #trained: readonly Parameter[];
  readonly #release: () => void;
  #optimizer: Optimizer | undefined;
  #averages: Averages | undefined;
  #private: PrivateGradients | undefined;

  /** `release` is called once, by `dispose`, and gives all of the context's pieces back. */
  constructor(context: Context, spec: NetworkSpec, release: () => void) {
    this.#context = context;
    this.#release = release;
    this.#pass = new Pass(context, spec);
    this.#stages = this.#pass.stages;
    this.#loss = new BatchLoss(this.#pass);
    const { steps } = spec;
    this.#head = steps.length - Number(isHead(steps[steps.length - 1].spec));
    const lowest = this.#stages.findIndex(({ trained }) => trained.length > 0);
    this.#lowest = lowest < 0 ? this.#stages.length : lowest;
    this.#weights = this.#stages.flatMap(({ op }) => [...op.parameters, ...op.statistics]);
    this.#trained = this.#stages.flatMap(({ trained }) => trained);
    this.setSeed(0);
  }

  getWeights(): Float32Array[] {
    return atOnce(this.readWeights());
  }

  *readWeights(): Steps<Float32Array[]> {
    this.#pass.requireAlive();
    const weights: Float32Array[] = [];
    for (const parameter of this.#weights) weights.push(yield* parameter.read());
    return weights;
  }

  setWeights(weights: readonly ArrayLike<number>[]): void {
    atOnce(this.writeWeights(weights));
  }

  *writeWeights(weights: readonly ArrayLike<number>[]): Steps<void> {
    this.#pass.requireAlive();
    yield* this.#pass.apart(this.#write(weights));
  }

  *#write(weights: readonly ArrayLike<number>[]): Steps<void> {
    let k = 0;
    for (const parameter of this.#weights) yield* parameter.write(weights[k++]);
  }

  setLoss(loss: LossRule): void {
    this.#pass.requireAlive();
    this.#loss.rule = loss;
  }

  setOptimizer(spec: OptimizerSpec): void {
    this.#pass.requireAlive();
    this.#optimizer?.dispose();
    this.#optimizer = new Optimizer(this.#context, spec, this.#trained);
    for (const { op } of this.#stages) op.optimizerChanged?.(true);
  }

  setLearningRate(learningRate: number): void {
    this.#pass.requireAlive();
    this.#optimizer?.setLearningRate(learningRate);
  }

  setSeed(seed: number): void {
    this.#pass.requireAlive();
    for (const { op } of this.#stages) op.setSeed?.(seed);
  }

  createRows(inputs: Tensor, augmentation?: Augmentation): Rows {
    return atOnce(this.prepareRows(inputs, augmentation));
  }

  *prepareRows(inputs: Tensor, augmentation?: Augmentation): Steps<Rows> {
    yield* this.finishStep();
    this.#pass.requireAlive();
    const { inputs: first, spec } = this.#pass;
    const { scale, offset } = spec;
    const { width } = first;
    if (augmentation)
      return yield* new (engineFeature('distortion'))(this.#context, spec, inputs, augmentation).loaded();
    const maySkipZeros = offset === 0 && this.#pass.readsSparse && width <= MOST_COLUMNS;
    const sparse = maySkipZeros ? yield* SparseRows.prepare(this.#context, inputs, width, scale) : undefined;
    return sparse ?? new DenseRows(inputs, width, scale, offset);
  }

  trainBatch(rows: Rows, targets: Targets, batch: Uint32Array, options?: TrainOptions): BatchResult {
    return atOnce(this.#train(rows, targets, batch, options));
  }

  trainBatchInSteps(
    rows: Rows,
    targets: Targets,
    batch: Uint32Array,
    options?: TrainOptions,
  ): Steps<BatchResult> {
    return this.#pass.apart(this.#train(rows, targets, batch, options));
  }

  *#train(
    rows: Rows,
    targets: Targets,
    batch: Uint32Array,
    { see, privately }: TrainOptions = {},
  ): Steps<BatchResult> {
    const optimizer = this.#requireOptimizer();
    const pass = this.#pass;
    const count = batch.length;
    const hidden =
      privately && (this.#private ??= new (engineFeature('privacy'))(this.#context, this.#stages));
    const result = yield* this.#forwardBackward(rows, targets, batch, {
      see,
      ...(hidden && { scale: 1, plain: hidden.needsZeros(rows) }),
    });
    const { trained } = pass;
    if (hidden) yield* hidden.clip(count, privately, trained);
    const isEarly = hidden !== undefined || optimizer.needsAllGradients;
    if (isEarly) {
      for (const [unit, x] of trained) {
        yield* computeGradients(unit, x, count);
        if (hidden) yield* hidden.addNoise(unit, privately);
        yield;
      }
      yield* optimizer.clip(this.#trained);
    }
    optimizer.beginStep();
    for (const [unit, x] of trained) {
      if (!isEarly) {
        if (optimizer.mayFuse && unit.op.fused && (yield* unit.op.fused(x, count, optimizer))) continue;
        yield* computeGradients(unit, x, count);
        yield;
      }
      yield* update(unit, optimizer);
      yield;
    }
    yield* optimizer.endStep();
    if (this.#averages) yield* this.#averages.update();
    this.#context.heap.stepped();
    return result;
  }

  finishStep(): Steps<void> {
    return this.#pass.takeRest();
  }

  gradients(rows: Rows, targets: Targets, batch: Uint32Array): Float32Array[] {
    const kept = this.getWeights();
    atOnce(this.#forwardBackward(rows, targets, batch));
    for (const [unit, x] of this.#pass.trained) atOnce(computeGradients(unit, x, batch.length));
    // Statistics change in a forward pass.
    this.setWeights(kept);
    return this.#trained.map((parameter) => atOnce(parameter.read(parameter.gradient())));
  }

  *startAveraging(decay: number): Steps<void> {
    this.#pass.requireAlive();
    this.#averages?.dispose();
    this.#averages = new (engineFeature('averaging'))(this.#context, this.#trained, decay);
    yield* this.#pass.apart(this.#averages.begin());
  }

  stopAveraging(): void {
    this.#pass.requireAlive();
    this.#averages?.dispose();
    this.#averages = undefined;
  }

  *swapAverages(): Steps<void> {
    this.#pass.requireAlive();
    if (this.#averages) yield* this.#pass.apart(this.#averages.swap());
  }

  saveState(): Steps<Record<string, Tensor>> {
    return engineFeature('trainingState').saveNetworkState(this.#memory());
  }

  restoreState(state: ReadonlyMap<string, Tensor>): Steps<void> {
    return this.#pass.apart(this.#restore(state));
  }

  *#restore(state: ReadonlyMap<string, Tensor>): Steps<void> {
    yield* engineFeature('trainingState').restoreNetworkState(state, this.#memory());
    for (const parameter of this.#weights) yield* parameter.changed();
    for (const { op } of this.#stages) op.optimizerChanged?.(false);
  }

  evaluate(rows: Rows, targets: Targets, options?: EvaluateOptions): Sums {
    return atOnce(this.#evaluate(rows, targets, options));
  }

  evaluateInSteps(rows: Rows, targets: Targets, options?: EvaluateOptions): Steps<Sums> {
    return this.#evaluate(rows, targets, options, true);
  }

  *#evaluate(
    rows: Rows,
    targets: Targets,
    { onto, see }: EvaluateOptions = {},
    inTurns = false,
  ): Steps<Sums> {
    this.#pass.requireAlive();
    let { before = 0, last = 0, correct = 0 }: Partial<Sums> = onto ?? {};
    const loss = this.#loss;
    const outputs = (count: number): Steps<Float32Array> => this.#outputs(count);
    const visit = function* (count: number, batch: Uint32Array, y: number): Steps<void> {
      if (batch[0] % EVALUATION_ROWS === 0) {
        before += last;
        last = 0;
      }
      const measured = yield* loss.measure(y, targets, batch, 0, last);
      last = measured.loss;
      correct += measured.correct;
      if (see) yield* see(batch, yield* outputs(count));
    };
    yield* this.#pass.forEachChunk(rows, loss.head, visit, inTurns);
    return { lossSum: before + last, last, before, correct };
  }

  *penalty(): Steps<number> {
    this.#pass.requireAlive();
    return yield* this.#penalty();
  }

  predict(rows: Rows): Float32Array {
    return this.#after(rows, this.#stages.length);
  }

  predictInSteps(rows: Rows): Steps<Float32Array> {
    return outputsAfter(this.#pass, rows, this.#stages.length, true);
  }

  #after(rows: Rows, steps: number): Float32Array {
    return atOnce(outputsAfter(this.#pass, rows, steps));
  }

  *meanPredictions(rows: Rows, networks: readonly Network[]): Steps<Float32Array> {
    const passes = networks.map((network) => (network instanceof WasmNetwork ? network.#pass : undefined));
    return yield* engineFeature('distillation')(this.#pass, rows, passes);
  }

  outputsOf(rows: Rows, steps: number): Float32Array {
    return requireFinite(this.#after(rows, steps), `Outputs after ${steps} steps of the network`);
  }

  logitsOf(rows: Rows): Float32Array {
    return requireFinite(this.#after(rows, this.#head), 'Logits');
  }

  inputGradients(rows: Rows, seed: LogitSeed): Float32Array {
    return engineFeature('inputGradients')(this.#pass, this.#head, rows, seed);
  }

  dispose(): void {
    if (this.#pass.disposed) return;
    atOnce(this.finishStep());
    this.#pass.disposed = true;
    this.#release();
  }

  /** Where what training goes on from lies. */
  #memory(): TrainingMemory {
    this.#pass.requireAlive();
    return {
      heap: this.#context.heap,
      stages: this.#stages,
      weights: this.#weights,
      trained: this.#trained,
      optimizer: this.#optimizer,
      averages: this.#averages,
    };
  }

  #requireOptimizer(): Optimizer {
    if (this.#optimizer) return this.#optimizer;
    throw new DactylError('E_STATE', 'trainBatch: set an optimizer first (compile the model).');
  }

  /** Of the batch whose loss was measured last. */
  *#outputs(count: number): Steps<Float32Array> {
    const { last } = this.#pass;
    const plain = new Float32Array(count * last.width);
    yield* this.#pass.unpad(last.y, last, count, plain);
    return plain;
  }

  *#penalty(): Steps<number> {
    let sum = 0;
    for (const parameter of this.#weights) {
      if (parameter.penalised) sum += yield* parameter.penalty();
    }
    return sum;
  }

  /** Leaves in each op's d the gradient of the rows' losses times `scale`. */
  *#forwardBackward(
    rows: Rows,
    targets: Targets,
    batch: Uint32Array,
    { see, scale = 1 / batch.length, plain }: ForwardOptions = {},
  ): Steps<BatchResult> {
    const count = batch.length;
    const { head } = this.#loss;
    const pass = this.#pass;
    const y = yield* pass.forward(yield* pass.choose(rows, batch, plain), count, true, head);
    const { loss, correct } = yield* this.#loss.measure(y, targets, batch, scale);
    if (see) yield* see(batch, yield* this.#outputs(count));
    yield* pass.backward(head, this.#lowest + 1, count);
    return { loss: loss / Math.max(1, count) + (yield* this.#penalty()), correct };
  }
}

/** Whether an op is the kind of activation that a loss is computed together with. */
function isHead(spec: { readonly kind: string; readonly activation?: string }): boolean {
  return spec.kind === 'activation' && (spec.activation === 'softmax' || spec.activation === 'sigmoid');
}
