import type { Distortion } from '../images/distortion.ts';
import type { Random } from '../util/random.ts';
import type { Tensor } from '../util/tensor.ts';
import type { ActivationName } from './activations.ts';
import type { OptimizerSpec } from './rules/rules.ts';

export type { OptimizerSpec };

/** One layer as the engines see it; names, initializers and shapes are the business of `nn/`. */
export type LayerSpec =
  | {
      readonly kind: 'dense';
      readonly units: number;
      readonly activation: ActivationName;
      /** Negative slope of leakyRelu, alpha of elu; 0 where the activation has none. */
      readonly parameter: number;
      readonly useBias: boolean;
      /** Penalties on the kernel: l1 Σ|w| + l2 Σw². */
      readonly l1: number;
      readonly l2: number;
    }
  | { readonly kind: 'dropout'; readonly rate: number };

export interface NetworkSpec {
  /** Values of one input, flattened. */
  readonly inputs: number;
  /** What an input value v means: v × scale + offset, computed in float64 and rounded to float32. */
  readonly scale: number;
  readonly offset: number;
  /** The last dense layer has softmax, for the loss is categorical cross-entropy of its outputs. */
  readonly layers: readonly LayerSpec[];
}

/** What the outputs should be: one class per row, or one probability per row and class (row-major). */
export type Targets =
  | { readonly kind: 'classes'; readonly classes: ArrayLike<number> }
  | { readonly kind: 'probabilities'; readonly probabilities: ArrayLike<number> };

export interface BatchResult {
  /** Mean categorical cross-entropy of the batch in nats plus the penalties, with the weights as they were before the update. */
  readonly loss: number;
  /** Rows whose most probable class is the target's. */
  readonly correct: number;
}

/** Inputs put where a network reads them. Dispose of them when done. */
export interface Rows {
  readonly count: number;
  /** Where every epoch shows the rows in another way: chooses the epoch, from 0. */
  startEpoch?(epoch: number): void;
  dispose(): void;
}

/** How training images are varied from epoch to epoch. */
export interface Augmentation {
  readonly distortion: Distortion;
  /** Of the stream that the distortions are drawn from. */
  readonly seed: number;
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

/** One network's weights, optimizer state and buffers. */
export interface Network {
  /** Per dense layer kernel [inputs][units], then bias [units] where it has one; copies, without padding. */
  getWeights(): Float32Array[];
  setWeights(weights: readonly ArrayLike<number>[]): void;
  /** Starts the optimizer afresh: moments zero, step 0. */
  setOptimizer(optimizer: OptimizerSpec): void;
  setLearningRate(learningRate: number): void;
  /** Starts the streams that dropout draws from. */
  setSeed(seed: number): void;
  /** `inputs`: [n, …] with the network's number of values in each row. Bytes take the sparse path where offset is 0 and no dropout stands first. */
  createRows(inputs: Tensor, augmentation?: Augmentation): Rows;
  /** Keeps, from now on, the exponential moving average of the weights, updated after every step. */
  startAveraging(decay: number): void;
  /** The averages are given up; the weights stay. */
  stopAveraging(): void;
  /** Exchanges the weights and their averages. */
  swapAverages(): void;
  /** All that training goes on from: weights, averages, the optimizer's moments and step, dropout's streams. */
  saveState(): Record<string, Tensor>;
  /**
   * Goes on from a state of the same network, optimizer and averaging; the bits are as if nothing had come between. E_FORMAT, and nothing
   * changed, where the state is of another form.
   */
  restoreState(state: ReadonlyMap<string, Tensor>): void;
  /** One step on the rows numbered in `batch`, in that order. */
  trainBatch(rows: Rows, targets: Targets, batch: Uint32Array): BatchResult;
  /**
   * One step of DP-SGD: the gradient of each row's loss, over all layers together, is scaled to a length of at most `clip`; to their sum comes
   * independent normal noise; that, over `expectedBatch` and with the penalties, is the gradient that the optimizer gets. A batch may be empty.
   */
  trainBatchPrivately(rows: Rows, targets: Targets, batch: Uint32Array, step: PrivateStep): BatchResult;
  /** Gradients of the loss (with penalties), in the order of `getWeights`; changes nothing. Dropout draws as in training. */
  gradients(rows: Rows, targets: Targets, batch: Uint32Array): Float32Array[];
  /** Over all rows, dropout off: sum of the losses (no penalties), and number right. */
  evaluate(rows: Rows, targets: Targets): { readonly lossSum: number; readonly correct: number };
  /** The penalties at the present weights. */
  penalty(): number;
  /** Outputs of all rows, [n][units of the last dense layer], dropout off. */
  predict(rows: Rows): Float32Array;
  /**
   * The mean of what `networks`, of the same engine and the same inputs and outputs, predict for the rows; summed in their order. The rows are read, and
   * distorted, once for all of them.
   */
  meanPredictions(rows: Rows, networks: readonly Network[]): Float32Array;
  /** Outputs of dense layer `layer` (from 0) for all rows, [n][units], after its activation, dropout off; of the last layer its logits. E_NUMERIC where one is not finite. */
  outputsOf(rows: Rows, layer: number): Float32Array;
  /**
   * Gradients of Σⱼ sⱼ · logitⱼ with respect to the inputs as the first layer reads them (value × scale + offset), [n][inputs], dropout off.
   * The weights s are `seed`'s choice for each row. E_NUMERIC where one is not finite.
   */
  inputGradients(rows: Rows, seed: LogitSeed): Float32Array;
  /** Gives the memory back; any later use throws E_STATE. */
  dispose(): void;
}

/** Given a row's number and logits, writes to `weights` (zeros before) what each logit counts in the sum whose gradient is wanted. */
export type LogitSeed = (row: number, logits: Float32Array, weights: Float32Array) => void;

export interface Engine {
  readonly name: string;
  createNetwork(spec: NetworkSpec): Network;
}
