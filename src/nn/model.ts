import type { Random } from '../util/random.ts';
import type { Augmentation, Network, OptimizerSpec, Rows, Targets, Threads } from '../engine/engine.ts';
import type { Steps } from '../util/steps.ts';
import type { Tensor } from '../util/tensor.ts';
import type { Layer } from './layers.ts';
import type { Labels, Loss } from './losses.ts';
import type { MetricSpec } from './metrics/metric.ts';
import type { MetricFunction } from './metrics/ownMetric.ts';
import type { Objective } from './objective.ts';
import type { SampleWeights } from './weights.ts';
import type { Distortion } from '../images/distortion.ts';

export const UNUSABLE =
  'The network answers with NaN or infinity, so it can neither be used nor scored: its weights have become too large. Train it anew with a lower learning rate.';

/** As data, but for functions of one's own. */
export interface Compiled {
  readonly optimizer: OptimizerSpec;
  /** Its name alone where no option is given. */
  readonly loss: Loss;
  readonly metrics: readonly (MetricSpec | MetricFunction)[];
}

/** The loss, with the penalties, and every metric by its name in the logs; accuracy of classes is always there. */
export interface Evaluation {
  readonly loss: number;
  readonly accuracy: number;
  readonly [metric: string]: number;
}

/** What `fit` and callbacks see of a `Sequential`. */
export interface Model {
  readonly layers: readonly Layer[];
  readonly seed: number;
  /** What `fit` draws the order of the examples from. */
  readonly shuffleStream: Random;
  readonly compiled: Compiled | undefined;
  /** Of one example. */
  readonly inputShape: readonly number[];
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

  /** What it was compiled for; E_STATE before. */
  readonly objective: Objective;
  /** Of a layer RandomDistortion. */
  readonly distortion: Distortion | undefined;
  /** The engine's side, for `fit` and for analyses. */
  readonly network: Network;
  /** Inputs, checked, where the network reads them. Dispose of them when done. */
  createRows(inputs: Tensor, augmentation?: Augmentation): Rows;
  /** The same in steps. */
  prepareRows(inputs: Tensor, augmentation?: Augmentation): Steps<Rows>;
  /** Labels and weights, checked, as the engine compares with them. */
  targets(inputs: Tensor, labels: Labels, sampleWeight?: SampleWeights): Targets;
  /** The same in steps. */
  prepareTargets(inputs: Tensor, labels: Labels, sampleWeight?: SampleWeights): Steps<Targets>;
  evaluateRows(rows: Rows, targets: Targets): Evaluation;
  /** Divides the engine's work among so many threads; one where it cannot. */
  startThreads(count: number): Promise<Threads>;
}
