/// <reference lib="esnext.disposable" preserve="true" />
import type { Augmentation, Engine, Network, OptimizerSpec, Rows, Targets } from '../engine/engine.ts';
import { createWasmEngine } from '../engine/wasm.ts';
import { DactylError } from '../util/errors.ts';
import { sha256Hex } from '../util/hash.ts';
import { Random } from '../util/random.ts';
import { checkOptions, requireType } from '../util/options.ts';
import { atOnce, inSteps, type Steps } from '../util/steps.ts';
import { checkTensor, formatShape, plainBytes, sizeOf, type Tensor } from '../util/tensor.ts';
import { fit, type FitOptions } from './fit.ts';
import { checkSeed } from './fitChecks.ts';
import type { History } from './history.ts';
import { initialize } from './initializers.ts';
import type { Layer } from './layers.ts';
import type { ActivationFields } from './layers/activations.ts';
import { type Labels, labelTensor, type Loss } from './losses.ts';
import type { MetricOption } from './metrics/metrics.ts';
import type { MetricFunction } from './metrics/ownMetric.ts';
import {
  asBatch,
  asLabelBatch,
  type Batches,
  fitsShape,
  isBatches,
  type LabelledBatch,
  labelledBatch,
  untilAborted,
} from './batches.ts';
import { breather, type Breathe } from './breather.ts';
import { evaluateRows, evaluateRowsInTurns, predictInTurns, Total } from './evaluate.ts';
import { type BatchFitOptions, type EpochBatches, fitBatches } from './fitBatches.ts';
import { type SampleWeights, weighTargets } from './weights.ts';
import { Meter } from './meter.ts';
import { type Objective, objectiveOf } from './objective.ts';
import type { Distortion } from '../images/distortion.ts';
import type { Compiled, Evaluation, Model } from './model.ts';
import { checkFinite, checkFiniteInSteps, NUMERIC_ADVICE } from './numeric.ts';
import { checkRate, resolveOptimizer } from './optimizers.ts';
import { type Plan, planLayers, type PlannedLayer, rebuildLayers } from './plan.ts';
import { formatSummary } from './summary.ts';

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

const UNUSABLE =
  'The network answers with NaN or infinity, so it can neither be used nor scored: its weights have become too large. Train it anew with a lower learning rate.';

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
    this.#network = engine.createNetwork(this.#plan.network);
    this.#network.setWeights(this.#initialWeights());
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
        return await fitBatches(this, inputs, (labels ?? {}) as BatchFitOptions);
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
    if (isBatches(inputs)) return this.#evaluateBatches(inputs, (labels ?? {}) as EvaluateOptions);
    checkOptions('evaluate', ['async', 'signal', 'sampleWeight'], options);
    const { inputs: rows, single } = asBatch(inputs, this.inputShape);
    const plain = this.targets(rows, asLabelBatch(labels as Labels, single));
    const targets = weighTargets(plain, options, rows.shape[0], this.outputs);
    if (options.async) return this.#evaluateInTurns(rows, targets, breather(options.signal));
    return finite(this.withRows(rows, (prepared) => this.evaluateRows(prepared, targets)));
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
    checkOptions('predict', ['async', 'signal'], options);
    if (isBatches(inputs)) return this.#predictBatches(inputs, options.signal);
    const batch = asBatch(inputs, this.inputShape);
    const shaped = (data: Float32Array): Tensor<Float32Array> => {
      const shape = [...(batch.single ? [] : [batch.inputs.shape[0]]), ...this.outputShape];
      return { data: answers(data, this.outputs), shape };
    };
    if (options.async) return this.#predictInTurns(batch.inputs, breather(options.signal)).then(shaped);
    return shaped(this.withRows(batch.inputs, (rows) => this.#network.predict(rows)));
  }

  /** One step of the optimizer on one batch; loss and metrics are those before it. */
  trainOnBatch(inputs: Tensor, labels: Labels): Evaluation {
    this.#requireIdle('trainOnBatch');
    const targets = this.targets(inputs, labels);
    const count = inputs.shape[0];
    const { distortion, seed } = this;
    const rows = this.createRows(inputs, distortion && { distortion, seed });
    try {
      rows.startEpoch?.(this.#batches++);
      const batch = Uint32Array.from({ length: count }, (_, s) => s);
      const { loss, correct } = this.#network.trainBatch(rows, targets, batch);
      if (!Number.isFinite(loss))
        throw new DactylError('E_NUMERIC', `trainOnBatch: the loss is ${loss}. ${NUMERIC_ADVICE}`);
      const meter = new Meter(this.objective);
      if (meter.looks) meter.see(targets, batch, this.#network.lastOutputs(count));
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
    const shapes = this.#plan.weights.map(({ shape }) => shape);
    requireType('setWeights', 'an array of { data, shape }', Array.isArray(weights), weights);
    if (weights.length !== shapes.length) {
      throw new DactylError(
        'E_SHAPE',
        `setWeights: expected ${shapes.length} arrays, received ${weights.length}.`,
      );
    }
    weights.forEach((tensor, k) => {
      checkTensor(tensor, `weights[${k}]`);
      if (formatShape(tensor.shape) !== formatShape(shapes[k])) {
        throw new DactylError(
          'E_SHAPE',
          `weights[${k}]: expected shape ${formatShape(shapes[k])}, received ${formatShape(tensor.shape)}.`,
        );
      }
      checkFinite(tensor, `weights[${k}]`);
    });
    this.#network.setWeights(weights.map(({ data }) => data));
  }

  /** SHA-256 of the weights in the order of `getWeights`, little-endian float32: the identity of a trained model. E_NUMERIC if one is not finite. */
  weightsHash(): string {
    const arrays = this.#network.getWeights();
    const diverged = arrays.findIndex((array) => !array.every(Number.isFinite));
    if (diverged >= 0) {
      throw new DactylError(
        'E_NUMERIC',
        `weightsHash: weights[${diverged}] holds NaN or infinity. ${NUMERIC_ADVICE}`,
      );
    }
    const bytes = new Uint8Array(4 * arrays.reduce((sum, { length }) => sum + length, 0));
    const view = new DataView(bytes.buffer);
    let at = 0;
    for (const array of arrays) for (const x of array) view.setFloat32((at += 4) - 4, x, true);
    return sha256Hex(bytes);
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
    const all = Object.entries(this.#network.saveState()).filter(
      ([name]) => !isWeight(name) && !name.startsWith('average/'),
    );
    const words = Int32Array.from(this.shuffleStream.save());
    return {
      ...Object.fromEntries(all),
      shuffle: { data: words, shape: [words.length] },
      batches: { data: Float64Array.of(this.#batches), shape: [1] },
    };
  }

  /** Goes on from what `trainingState` gave, of the same layers and optimizer; E_FORMAT, and nothing changed, for anything else. */
  restoreTrainingState(state: ReadonlyMap<string, Tensor>): void {
    this.#requireCompiled();
    const { shuffle, batches, ...rest } = Object.fromEntries(state) as Partial<Record<string, Tensor>>;
    if (
      shuffle?.data.length !== 4 ||
      shuffle.data.every((word) => word === 0) ||
      batches?.data.length !== 1
    ) {
      throw new DactylError('E_FORMAT', 'A training state: expected shuffle and batches; received another.');
    }
    const weights = Object.entries(this.#network.saveState()).filter(([name]) => isWeight(name));
    this.#network.restoreState(new Map([...weights, ...(Object.entries(rest) as [string, Tensor][])]));
    this.shuffleStream.restore(Uint32Array.from(shuffle.data));
    this.#batches = batches.data[0];
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
    checkTensor(inputs, 'inputs');
    const { inputShape } = this.#plan;
    if (inputs.shape.length === 0 || inputs.shape[0] === 0 || !fitsShape(inputs.shape.slice(1), inputShape)) {
      throw new DactylError(
        'E_SHAPE',
        `inputs: expected shape ${formatShape([null, ...inputShape])} with at least one row, received ${formatShape(inputs.shape)}.`,
      );
    }
    yield* checkFiniteInSteps(inputs, 'inputs');
    return yield* this.#network.prepareRows(plainBytes(inputs), augmentation);
  }

  targets(inputs: Tensor, labels: Labels): Targets {
    const { objective } = this;
    checkTensor(inputs, 'inputs');
    const tensor = labelTensor(labels);
    if (tensor.shape[0] !== inputs.shape[0]) {
      throw new DactylError(
        'E_SHAPE',
        `labels: expected ${inputs.shape[0]} rows, as many as the inputs have; received ${tensor.shape[0]}.`,
      );
    }
    const { outputShape, outputs } = this;
    const alike = tensor.shape.length > 2 && formatShape(tensor.shape.slice(1)) === formatShape(outputShape);
    const flat = alike ? { data: tensor.data, shape: [tensor.shape[0], outputs] } : tensor;
    return objective.targets(flat, outputs);
  }

  evaluateRows(rows: Rows, targets: Targets): Evaluation {
    return evaluateRows(this.#network, this.objective, rows, targets);
  }

  async #evaluateInTurns(inputs: Tensor, targets: Targets, breathe: Breathe): Promise<Evaluation> {
    const rows = await inSteps(this.prepareRows(inputs), breathe);
    try {
      return finite(await evaluateRowsInTurns(this.#network, this.objective, rows, targets, breathe));
    } finally {
      rows.dispose();
    }
  }

  async #evaluateBatches(batches: Batches<unknown>, options: { signal?: AbortSignal }): Promise<Evaluation> {
    checkOptions('evaluate', ['signal'], options);
    const breathe = breather(options.signal);
    const total = new Total(this.#network, this.objective);
    let number = 0;
    for await (const batch of untilAborted(batches, options.signal)) {
      const [one, labels, sampleWeight] = labelledBatch(batch, number++);
      const { inputs, single } = asBatch(one, this.inputShape);
      const plain = this.targets(inputs, asLabelBatch(labels, single));
      const targets = weighTargets(
        plain,
        sampleWeight ? { sampleWeight } : {},
        inputs.shape[0],
        this.outputs,
      );
      const rows = await inSteps(this.prepareRows(inputs), breathe);
      try {
        await total.add(rows, targets, breathe);
      } finally {
        rows.dispose();
      }
    }
    requireSome('evaluate', number);
    return finite(await inSteps(total.evaluationInSteps(), breathe));
  }

  async #predictInTurns(inputs: Tensor, breathe: Breathe): Promise<Float32Array> {
    const rows = await inSteps(this.prepareRows(inputs), breathe);
    try {
      return await predictInTurns(this.#network, rows, this.outputs, breathe);
    } finally {
      rows.dispose();
    }
  }

  async #predictBatches(
    batches: Batches<Tensor>,
    signal: AbortSignal | undefined,
  ): Promise<Tensor<Float32Array>> {
    const breathe = breather(signal);
    const parts: Float32Array[] = [];
    for await (const batch of untilAborted(batches, signal)) {
      const { inputs } = asBatch(batch, this.inputShape);
      parts.push(answers(await this.#predictInTurns(inputs, breathe), this.outputs));
    }
    requireSome('predict', parts.length);
    const data = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
    parts.reduce((at, part) => (data.set(part, at), at + part.length), 0);
    return { data, shape: [data.length / this.outputs, ...this.outputShape] };
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

  /** One random stream for every weight, whatever the activation: arms of a comparison that share a seed start from the same draws. */
  #initialWeights(): Float32Array[] {
    return this.#plan.weights.map(({ key, name, shape, initializer, fanIn, fanOut }) => {
      const random = new Random(this.seed, `${name}/${parseInt(key)}`);
      return initialize(initializer, fanIn, fanOut, sizeOf(shape), random);
    });
  }
}

/** Whether a piece of `Network.saveState` is what `getWeights` gives. */
function isWeight(name: string): boolean {
  return name.startsWith('weights/') || name.startsWith('untrained/');
}

/** Outputs that are numbers. */
function answers(data: Float32Array, width: number): Float32Array {
  const bad = data.findIndex((x) => !Number.isFinite(x));
  if (bad < 0) return data;
  throw new DactylError(
    'E_NUMERIC',
    `predict: the answer to inputs[${Math.floor(bad / width)}] holds ${data[bad]}. ${UNUSABLE}`,
  );
}

function finite(evaluation: Evaluation): Evaluation {
  if (Number.isFinite(evaluation.loss)) return evaluation;
  throw new DactylError('E_NUMERIC', `evaluate: the loss is ${evaluation.loss}. ${UNUSABLE}`);
}

function requireSome(what: string, batches: number): void {
  if (batches > 0) return;
  throw new DactylError('E_ARGUMENT', `${what}: expected at least one batch; received none.`);
}
