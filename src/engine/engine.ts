import type { Random } from '../util/random.ts';
import type { Steps } from '../util/steps.ts';
import type { Tensor } from '../util/tensor.ts';
import type { Augmentation, Rows } from './inputs.ts';
import type { LossRule } from './loss.ts';
import type { Step } from './op.ts';
import type { OptimizerSpec } from './rules/rules.ts';

export type { Augmentation, OptimizerSpec, Rows };

export interface NetworkSpec {
  /** Of one input. */
  readonly shape: readonly number[];
  /** What an input value v means: v × scale + offset, computed in float64 and rounded to float32. */
  readonly scale: number;
  readonly offset: number;
  /** From the inputs to the outputs. */
  readonly steps: readonly Step[];
}

/** What the outputs should be: one class per row, or one value per row and output (row-major). */
export type Targets = (
  | { readonly kind: 'classes'; readonly classes: ArrayLike<number> }
  | { readonly kind: 'values'; readonly values: ArrayLike<number> }
) & {
  /** What each row's loss counts; 1 where there are none. */
  readonly weights?: ArrayLike<number>;
};

export interface BatchResult {
  /** Mean loss of the batch plus the penalties, with the weights as they were before the update. */
  readonly loss: number;
  /** Rows whose largest output is where the target's largest value is. */
  readonly correct: number;
}

/** How a step of DP-SGD bounds and hides what one row adds to it. */
export interface PrivateStep {
  /** Largest L2 norm that one row's gradient may have; may be Infinity where there is no noise. */
  readonly clip: number;
  /** Standard deviation of the noise on the sum of the gradients, in units of `clip`. */
  readonly noiseMultiplier: number;
  /** The number of rows that a batch has on average, by which the sum is divided. */
  readonly expectedBatch: number;
  /** What the noise is drawn from. Engines draw differently from it. */
  readonly noise: Random;
}

export interface TrainOptions {
  readonly see?: See;
  /**
   * A step of DP-SGD: the gradient of each row's loss, over all layers together, is scaled to a length of at most `clip`; to their sum comes
   * independent normal noise; that, over `expectedBatch` and with the penalties, is the gradient that the optimizer gets.
   */
  readonly privately?: PrivateStep;
}

/** Is shown the outputs of a batch, [count][values]; those of training as they were before the update; looks at them in steps. */
export type See = (batch: Uint32Array, outputs: Float32Array) => Steps<void>;

export interface Sums {
  /** In float64, row after row in every 128, and these in their order. */
  readonly lossSum: number;
  /** Of it: the last 128 rows, or those of them that there were, and what came before. */
  readonly last: number;
  readonly before: number;
  readonly correct: number;
}

export interface EvaluateOptions {
  /** From here to before there; all by default. In parts, none goes across a multiple of 128. */
  /** What is added to: the sums of the rows before. */
  readonly onto?: Sums;
  /** Batch after batch. */
  readonly see?: See;
}

/** One network's weights, optimizer state and buffers. */
export interface Network {
  /** Per op its parameters, then its statistics; copies, without padding. */
  getWeights(): Float32Array[];
  setWeights(weights: readonly ArrayLike<number>[]): void;
  /** The same in steps. */
  readWeights(): Steps<Float32Array[]>;
  writeWeights(weights: readonly ArrayLike<number>[]): Steps<void>;
  /** From now on; categorical cross-entropy of a last softmax before. */
  setLoss(loss: LossRule): void;
  /** Starts the optimizer afresh: moments zero, step 0. */
  setOptimizer(optimizer: OptimizerSpec): void;
  setLearningRate(learningRate: number): void;
  /** Starts the streams that dropout draws from. */
  setSeed(seed: number): void;
  /** `inputs`: [n, …] with the network's number of values in each row. Where offset is 0 and a dense layer reads them, bytes, and others of whose values at most half are not zero, are kept without their zeros: the same bits. */
  createRows(inputs: Tensor, augmentation?: Augmentation): Rows;
  /** The same in steps. */
  prepareRows(inputs: Tensor, augmentation?: Augmentation): Steps<Rows>;
  /** Keeps, from now on, the exponential moving average of the weights, updated after every step. */
  startAveraging(decay: number): Steps<void>;
  /** The averages are given up; the weights stay. */
  stopAveraging(): void;
  /** Exchanges the weights and their averages, as steps that nobody who asks for the network sees half done. */
  swapAverages(): Steps<void>;
  /** All that training goes on from: weights, averages, the optimizer's moments and step, dropout's streams; an array a step. */
  saveState(): Steps<Record<string, Tensor>>;
  /**
   * Goes on from a state of the same network, optimizer and averaging; the bits are as if nothing had come between. E_FORMAT, and nothing
   * changed, where the state is of another form.
   */
  restoreState(state: ReadonlyMap<string, Tensor>): Steps<void>;
  /** One step on the rows numbered in `batch`, in that order; of a private one there may be none. */
  trainBatch(rows: Rows, targets: Targets, batch: Uint32Array, options?: TrainOptions): BatchResult;
  /** The same with stops, of which two are some milliseconds apart. Who asks anything of the network meanwhile has the rest taken first, at once, or in turns by `finishStep`. */
  trainBatchInSteps(
    rows: Rows,
    targets: Targets,
    batch: Uint32Array,
    options?: TrainOptions,
  ): Steps<BatchResult>;
  /** What is left of a step that is being taken in steps. */
  finishStep(): Steps<void>;
  /** Gradients of the loss (with penalties) with respect to what is trained, in the order of `getWeights`; changes nothing. Dropout draws as in training. */
  gradients(rows: Rows, targets: Targets, batch: Uint32Array): Float32Array[];
  /** Over all rows, dropout off: sum of the losses (no penalties), and number right. */
  evaluate(rows: Rows, targets: Targets, options?: EvaluateOptions): Sums;
  /** The same with stops, as `trainBatchInSteps`. */
  evaluateInSteps(rows: Rows, targets: Targets, options?: EvaluateOptions): Steps<Sums>;
  /** The penalties at the present weights. */
  penalty(): Steps<number>;
  /** Outputs of all rows, [n][values of the last op], dropout off. */
  predict(rows: Rows): Float32Array;
  /** The same with stops, as `trainBatchInSteps`. */
  predictInSteps(rows: Rows): Steps<Float32Array>;
  /**
   * The mean of what `networks`, of the same engine and the same inputs and outputs, predict for the rows; summed in their order. The rows are read, and
   * distorted, once for all of them.
   */
  meanPredictions(rows: Rows, networks: readonly Network[]): Steps<Float32Array>;
  /** What the first `steps` ops give for all rows, [n][values], dropout off. E_NUMERIC where one is not finite. */
  outputsOf(rows: Rows, steps: number): Float32Array;
  /** The outputs before the last activation, where that is a softmax or sigmoid; else the outputs. [n][values]. E_NUMERIC where one is not finite. */
  logitsOf(rows: Rows): Float32Array;
  /**
   * Gradients of Σⱼ sⱼ · logitⱼ with respect to the inputs as the first op reads them (value × scale + offset), [n][inputs], dropout off.
   * The weights s are `seed`'s choice for each row. E_NUMERIC where one is not finite.
   */
  inputGradients(rows: Rows, seed: LogitSeed): Float32Array;
  /** Gives the memory back; any later use throws E_STATE. */
  dispose(): void;
}

/** Given a row's number and logits, writes to `weights` (zeros before) what each logit counts in the sum whose gradient is wanted. */
export type LogitSeed = (row: number, logits: Float32Array, weights: Float32Array) => void;

/** Threads that an engine works on. */
export interface Threads {
  readonly count: number;
  /** To be called once they are not needed any more. */
  stop(): void;
}

export interface Engine {
  readonly name: string;
  createNetwork(spec: NetworkSpec): Network;
  /**
   * From now on the work of its networks is divided among so many threads, the same bits; who asks while others have them shares theirs. One thread where memory
   * cannot be shared. E_THREAD from any of its networks once a thread has gone.
   */
  startThreads?(count: number): Promise<Threads>;
}
