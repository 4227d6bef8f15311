import type { Random } from '../util/random.ts';
import type { Augmentation, Network, OptimizerSpec, Rows, Targets } from '../engine/engine.ts';
import type { Tensor } from '../util/tensor.ts';
import type { Layer } from './layers.ts';
import type { Labels, LossName } from './losses.ts';

export interface Compiled {
  readonly optimizer: OptimizerSpec;
  readonly loss: LossName;
  readonly metrics: readonly 'accuracy'[];
}

/** Losses in nats, with the penalties. */
export interface Evaluation {
  readonly loss: number;
  readonly accuracy: number;
}

/** What `fit` and callbacks see of a `Sequential`. */
export interface Model {
  readonly layers: readonly Layer[];
  readonly seed: number;
  /** What `fit` draws the order of the examples from. */
  readonly shuffleStream: Random;
  readonly compiled: Compiled | undefined;
  /** Of the last layer. */
  readonly outputs: number;
  /** Set by a callback to end `fit` after the present epoch. */
  stopTraining: boolean;
  setLearningRate(learningRate: number): void;
  evaluate(inputs: Tensor, labels: Labels): Evaluation;
  predict(inputs: Tensor): Tensor<Float32Array>;
  getWeights(): Tensor<Float32Array>[];
  setWeights(weights: readonly Tensor[]): void;
  weightsHash(): string;

  /** The engine's side, for `fit` and for analyses. */
  readonly network: Network;
  /** Inputs, checked, where the network reads them. Dispose of them when done. */
  createRows(inputs: Tensor, augmentation?: Augmentation): Rows;
  /** Labels, checked, as the engine compares with them. */
  targets(inputs: Tensor, labels: Labels): Targets;
  evaluateRows(rows: Rows, targets: Targets): Evaluation;
}
