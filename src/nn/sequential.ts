/// <reference lib="esnext.disposable" preserve="true" />
import { consecutive } from '../util/consecutive.ts';
import type {
  Augmentation,
  Engine,
  Network,
  OptimizerSpec,
  Rows,
  Targets,
  Threads,
} from '../engine/engine.ts';
import { createWasmEngine } from '../engine/wasm.ts';
import type { Distortion } from '../images/distortion.ts';
import { DactylError } from '../util/errors.ts';
import { checkOptions, requireSignal, requireType } from '../util/options.ts';
import { Random } from '../util/random.ts';
import { atOnce, type Steps } from '../util/steps.ts';
import { formatShape, sizeOf, type Tensor } from '../util/tensor.ts';
import { asBatch, asLabelBatch, type Batches, isBatches, type LabelledBatch } from './batches.ts';
import { breather } from './breather.ts';
import { evaluateInTurns, evaluateRows, requireFiniteEvaluation } from './evaluate.ts';
import { fit, type FitOptions } from './fit.ts';
import { nnFeature } from './feature.ts';
import type { BatchFitOptions, EpochBatches } from './fitBatches.ts';
import { checkFitOptions, checkSeed } from './fitChecks.ts';
import type { History } from './history.ts';
import type { Layer } from './layers.ts';
import type { ActivationFields } from './layers/activations.ts';
import type { Labels, Loss } from './losses.ts';
import { Meter } from './meter.ts';
import type { MetricOption } from './metrics/metrics.ts';
import type { MetricFunction } from './metrics/ownMetric.ts';
import type { Compiled, Evaluation, Model } from './model.ts';
import { rowsOf, targetsOf } from './modelInputs.ts';
import { checkWeights, hashWeights, initialWeights } from './modelWeights.ts';
import { NUMERIC_ADVICE } from './numeric.ts';
import { type Objective, objectiveOf } from './objective.ts';
import { checkRate, resolveOptimizer } from './optimizer.ts';
import { type Plan, planLayers, type PlannedLayer, rebuildLayers } from './plan.ts';
import { answers, predictInTurns } from './predict.ts';
import { formatSummary } from './summary.ts';
import type { SampleWeights } from './weights.ts';

export interface CompileOptions {
  optimizer: string | OptimizerSpec;
  /** A name, `{ name, fromLogits, delta }`, or a function of your own (`LossFunction` says what of, and what it costs). */
  loss: Loss;
  /** Names such as `'accuracy'`, what `Precision()` and the like return, or functions of your own. */
  metrics?: readonly MetricOption[];
}

export interface EvaluateOptions {
  /** true: a promise, and events are let through. */
  async?: boolean;
  /** Ends it with E_ABORTED. */
  signal?: AbortSignal;
  /** What each example's loss counts; the sum is divided by the number of rows, as in Keras. */
  sampleWeight?: SampleWeights;
}

let sharedEngine: Engine | undefined;

/**
 * A stack of layers, trained and used as in Keras. Arrays go in and out as `{ data, shape }`, rows first.
 *
 *     const model = new Sequential([Input([28, 28]), Rescaling(1 / 255), Flatten(), Dense(128, { activation: 'relu' }), Dense(10, { activation: 'softmax' })]);
 *     model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
 *     const history = await model.fit(train.images, labels, { epochs: 10 });
 *
 * The same layers, seed, data and calls give the same weights to the bit, on every machine.
 */
export class Sequential implements Model {
  readonly layers: readonly Layer[];
  readonly seed: number;
  readonly shuffleStream: Random;
  stopTraining = false;
  readonly #plan: Plan;
  readonly #engine: Engine;
  readonly #network: Network;
  #compiled: Compiled | undefined;
  #objective: Objective | undefined;
  /** Batches that trainOnBatch has seen: each shows images distorted in another way. */
  #batches = 0;
  #disposed = false;
  #fitting = false;

  /** `seed` (a whole number, 0 by default) decides the initial weights, and the streams that order and dropout are drawn from. */
  constructor(layers: readonly Layer[], options: { seed?: number; engine?: Engine } = {}) {
    requireType('Sequential', 'an array of layers', Array.isArray(layers), layers);
    checkOptions('Sequential', ['seed', 'engine'], options);
    this.layers = Object.freeze(rebuildLayers(layers));
    this.seed = checkSeed(options.seed ?? 0);
    this.shuffleStream = new Random(this.seed, 'shuffle');
    this.#plan = planLayers(this.layers);
    const engine = options.engine ?? (sharedEngine ??= createWasmEngine());
    const isEngine = typeof (engine as Partial<Engine>).createNetwork === 'function';
    requireType('Sequential', 'engine: an engine, such as createWasmEngine() makes', isEngine, engine);
    this.#engine = engine;
    this.#network = engine.createNetwork(this.#plan.network);
    this.#network.setWeights(initialWeights(this.#plan.weights, this.seed));
    this.#network.setSeed(this.seed);
  }

  get inputShape(): readonly number[] {
    return this.#plan.inputShape;
  }

  get outputs(): number {
    return sizeOf(this.#plan.outputShape);
  }

  get outputShape(): readonly number[] {
    return this.#plan.outputShape;
  }

  /** The layers with their names, shapes and places in the network. */
  get plannedLayers(): readonly PlannedLayer[] {
    return this.#plan.layers;
  }

  get compiled(): Compiled | undefined {
    return this.#compiled;
  }

  get objective(): Objective {
    this.#requireCompiled();
    return this.#objective!;
  }

  get distortion(): Distortion | undefined {
    return this.#plan.distortion;
  }

  /** Chooses optimizer (its moments start at zero), loss and metrics. E_ARGUMENT where they do not fit each other or the last layer. */
  compile(options: CompileOptions): void {
    this.#requireIdle('compile');
    checkOptions('compile', ['optimizer', 'loss', 'metrics'], options);
    const { optimizer, loss, metrics = [] } = options;
    requireType('compile', "metrics: an array, such as ['accuracy']", Array.isArray(metrics), metrics);
    const { activation = 'linear' } = this.layers.at(-1) as Partial<ActivationFields>;
    const objective = objectiveOf(loss, metrics, { activation, outputs: this.outputs });
    if (objective.setting.task === 'classes' && this.outputShape.length > 1) {
      throw new DactylError(
        'E_SHAPE',
        `compile: ${objective.rule.name} expects flat outputs, a value for each class; received ${formatShape(this.outputShape)}. Put Flatten() or GlobalAveragePooling2D() before the last layers.`,
      );
    }
    const spec = resolveOptimizer(optimizer);
    const named = objective.metrics.map((metric, k) => metric.spec ?? (metrics[k] as MetricFunction));
    this.#compiled = { optimizer: spec, loss: objective.loss, metrics: named };
    this.#objective = objective;
    this.#network.setLoss(objective.rule);
    this.#network.setOptimizer(spec);
  }

  /** From now on; schedules start from it too. */
  setLearningRate(learningRate: number): void {
    const compiled = this.#requireCompiled();
    checkRate('setLearningRate', learningRate);
    this.#compiled = { ...compiled, optimizer: { ...compiled.optimizer, learningRate } };
    this.#network.setLearningRate(learningRate);
  }

  /**
   * Trains on inputs [n, …] and labels, or on batches, each `[inputs, labels]` or `[inputs, labels, sampleWeight]`; see `FitOptions` for what may be chosen. Of an
   * iterable every epoch takes all batches in their order: give an array, or a function that makes a new one for each epoch. E_STATE while another `fit` is under way.
   */
  fit(inputs: Tensor, labels: Labels, options?: FitOptions): Promise<History>;
  fit(batches: EpochBatches, options?: BatchFitOptions): Promise<History>;
  async fit(
    inputs: Tensor | EpochBatches,
    labels?: Labels | BatchFitOptions,
    options: FitOptions = {},
  ): Promise<History> {
    this.#requireIdle('fit');
    this.#fitting = true;
    try {
      if (typeof inputs === 'function' || isBatches(inputs)) {
        const { fitBatches } = nnFeature('batches');
        return await fitBatches(this, inputs, (labels ?? options) as BatchFitOptions, checkFitOptions);
      }
      const batch = asBatch(inputs, this.inputShape);
      return await fit(this, batch.inputs, asLabelBatch(labels as Labels, batch.single), options);
    } finally {
      this.#fitting = false;
    }
  }

  /**
   * Loss and metrics on inputs [n, …], or one example, dropout off; of batches, each `[inputs, labels]` or `[inputs, labels, sampleWeight]`, over all of them. `async`:
   * lets events through, the same numbers. E_NUMERIC where the loss is not finite.
   */
  evaluate(inputs: Tensor, labels: Labels, options?: EvaluateOptions & { async?: false }): Evaluation;
  evaluate(inputs: Tensor, labels: Labels, options: EvaluateOptions & { async: true }): Promise<Evaluation>;
  evaluate(batches: Batches<LabelledBatch>, options?: { signal?: AbortSignal }): Promise<Evaluation>;
  evaluate(
    inputs: Tensor | Batches<LabelledBatch>,
    labels?: Labels | { signal?: AbortSignal },
    options: EvaluateOptions = {},
  ): Evaluation | Promise<Evaluation> {
    if (isBatches(inputs))
      return nnFeature('batches').evaluateBatches(this, inputs, (labels ?? options) as EvaluateOptions);
    checkAsked('evaluate', ['async', 'signal', 'sampleWeight'], options);
    const { inputs: rows, single } = asBatch(inputs, this.inputShape);
    const batch = [rows, asLabelBatch(labels as Labels, single), options.sampleWeight] as const;
    if (options.async) return evaluateInTurns(this, batch, breather(options.signal));
    const targets = this.targets(...batch);
    return requireFiniteEvaluation(this.withRows(rows, (prepared) => this.evaluateRows(prepared, targets)));
  }

  /**
   * Outputs [n, …] for inputs [n, …], or of one example its outputs alone, dropout off; of batches of inputs, one after the other. `async`: lets events through, the
   * same numbers. E_NUMERIC where one is not finite.
   */
  predict(inputs: Tensor, options?: { async?: false }): Tensor<Float32Array>;
  predict(inputs: Tensor, options: { async: true; signal?: AbortSignal }): Promise<Tensor<Float32Array>>;
  predict(batches: Batches<Tensor>, options?: { signal?: AbortSignal }): Promise<Tensor<Float32Array>>;
  predict(
    inputs: Tensor | Batches<Tensor>,
    options: { async?: boolean; signal?: AbortSignal } = {},
  ): Tensor<Float32Array> | Promise<Tensor<Float32Array>> {
    checkAsked('predict', ['async', 'signal'], options);
    const shaped = (data: Float32Array, single = false): Tensor<Float32Array> => {
      const shape = [...(single ? [] : [data.length / this.outputs]), ...this.outputShape];
      return { data, shape };
    };
    if (isBatches(inputs)) {
      const { predictBatches } = nnFeature('batches');
      return predictBatches(this, inputs, options.signal).then((data) => shaped(data));
    }
    const { inputs: batch, single } = asBatch(inputs, this.inputShape);
    if (options.async) {
      return predictInTurns(this, batch, breather(options.signal)).then((data) => shaped(data, single));
    }
    const data = this.withRows(batch, (rows) => this.#network.predict(rows));
    return shaped(atOnce(answers(data, this.outputs)), single);
  }

  /** One step of the optimizer on one batch; loss and metrics are those before it. E_ARGUMENT for anything beside inputs and labels. */
  trainOnBatch(inputs: Tensor, labels: Labels, ...further: never[]): Evaluation {
    this.#requireIdle('trainOnBatch');
    requireType('trainOnBatch', 'inputs and labels', !further.length, further[0]);
    const targets = this.targets(inputs, labels);
    const count = inputs.shape[0];
    const { distortion, seed } = this;
    const rows = this.createRows(inputs, distortion && { distortion, seed });
    try {
      rows.startEpoch?.(this.#batches++);
      const batch = consecutive(0, count);
      const meter = new Meter(this.objective);
      const { loss, correct } = this.#network.trainBatch(rows, targets, batch, meter.showing(targets));
      if (!Number.isFinite(loss))
        throw new DactylError('E_NUMERIC', `trainOnBatch: the loss is ${loss}. ${NUMERIC_ADVICE}`);
      const accuracy = correct / count;
      return { loss, ...(meter.countsClasses && { accuracy }), ...meter.results(accuracy) } as Evaluation;
    } finally {
      rows.dispose();
    }
  }

  /** Kernel [inputs, units], bias [units], kernel, bias, … as copies. */
  getWeights(): Tensor<Float32Array>[] {
    const { weights } = this.#plan;
    return this.#network.getWeights().map((data, k) => ({ data, shape: weights[k].shape }));
  }

  setWeights(weights: readonly Tensor[]): void {
    checkWeights(weights, this.#plan.weights);
    this.#network.setWeights(weights.map(({ data }) => data));
  }

  /** SHA-256 of the weights in the order of `getWeights`, little-endian float32: the identity of a trained model. E_NUMERIC if one is not finite. */
  weightsHash(): string {
    return atOnce(hashWeights(this.#network.getWeights()));
  }

  /** Numbers in all weights. */
  get parameters(): number {
    return this.#plan.rows.reduce((sum, row) => sum + row.parameters, 0);
  }

  /** Keras' table of the layers. */
  summary(): string {
    return formatSummary('sequential', this.#plan.rows);
  }

  /** Gives the memory back; the model cannot be used any more. */
  dispose(): void {
    this.#disposed = true;
    this.#network.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /** All that training goes on from but the weights: the optimizer's state, the streams of order and dropout. E_STATE before `compile`. */
  trainingState(): Record<string, Tensor> {
    this.#requireCompiled();
    return nnFeature('trainingState').saveTrainingState({
      network: this.#network,
      shuffleStream: this.shuffleStream,
      batches: this.#batches,
    });
  }

  /** Goes on from what `trainingState` gave, of the same layers and optimizer; E_FORMAT, and nothing changed, for anything else. */
  restoreTrainingState(state: ReadonlyMap<string, Tensor>): void {
    this.#requireCompiled();
    this.#batches = nnFeature('trainingState').restoreTrainingState(state, this);
  }

  /** For `fit` and for analyses that work on the network itself. */
  get network(): Network {
    return this.#network;
  }

  /** Inputs, checked, where the network reads them; given back after `use`. */
  withRows<T>(inputs: Tensor, use: (rows: Rows) => T): T {
    const rows = this.createRows(inputs);
    try {
      return use(rows);
    } finally {
      rows.dispose();
    }
  }

  createRows(inputs: Tensor, augmentation?: Augmentation): Rows {
    return atOnce(this.prepareRows(inputs, augmentation));
  }

  *prepareRows(inputs: Tensor, augmentation?: Augmentation): Steps<Rows> {
    return yield* rowsOf(this.#network, this.inputShape, inputs, augmentation);
  }

  targets(...batch: LabelledBatch): Targets {
    return atOnce(this.prepareTargets(...batch));
  }

  prepareTargets(...batch: LabelledBatch): Steps<Targets> {
    return targetsOf(this.objective, this.outputShape, ...batch);
  }

  evaluateRows(rows: Rows, targets: Targets): Evaluation {
    return evaluateRows(this.#network, this.objective, rows, targets);
  }

  async startThreads(count: number): Promise<Threads> {
    const one = { count: 1, stop: () => undefined };
    return count === 1 ? one : ((await this.#engine.startThreads?.(count)) ?? one);
  }

  #requireIdle(what: string): void {
    if (!this.#fitting) return;
    throw new DactylError('E_STATE', `${what}: this model is being trained; await its fit first.`);
  }

  #requireCompiled(): Compiled {
    if (this.#disposed) throw new DactylError('E_STATE', 'This model was disposed of; make a new one.');
    if (!this.#compiled)
      throw new DactylError(
        'E_STATE',
        'The model is not compiled yet: call compile({ optimizer, loss }) first.',
      );
    return this.#compiled;
  }
}

function checkAsked(
  what: string,
  known: readonly string[],
  options: { async?: boolean; signal?: AbortSignal },
): void {
  checkOptions(what, known, options);
  const { async = false, signal } = options;
  requireType(what, 'async: true or false', typeof async === 'boolean', async);
  requireSignal(what, signal);
}
