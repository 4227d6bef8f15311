/// <reference lib="esnext.disposable" preserve="true" />
import type { Augmentation, Engine, Network, OptimizerSpec, Rows, Targets } from '../engine/engine.ts';
import { createWasmEngine } from '../engine/wasm.ts';
import { DactylError } from '../util/errors.ts';
import { sha256Hex } from '../util/hash.ts';
import { Random } from '../util/random.ts';
import { checkOptions, requireType } from '../util/options.ts';
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
import { evaluateRows } from './evaluate.ts';
import { Meter } from './meter.ts';
import { type Objective, objectiveOf } from './objective.ts';
import type { Distortion } from '../images/distortion.ts';
import type { Compiled, Evaluation, Model } from './model.ts';
import { checkFinite, NUMERIC_ADVICE } from './numeric.ts';
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
    this.layers = rebuildLayers(layers);
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

  /** Trains on inputs [n, …] and labels; see `FitOptions` for what may be chosen. E_STATE while another `fit` is under way. */
  async fit(inputs: Tensor, labels: Labels, options: FitOptions = {}): Promise<History> {
    this.#requireIdle('fit');
    this.#fitting = true;
    try {
      return await fit(this, inputs, labels, options);
    } finally {
      this.#fitting = false;
    }
  }

  /** Loss and metrics on inputs [n, …], dropout off. E_NUMERIC where the loss is not finite. */
  evaluate(inputs: Tensor, labels: Labels): Evaluation {
    const targets = this.targets(inputs, labels);
    const evaluation = this.withRows(inputs, (rows) => this.evaluateRows(rows, targets));
    if (Number.isFinite(evaluation.loss)) return evaluation;
    throw new DactylError('E_NUMERIC', `evaluate: the loss is ${evaluation.loss}. ${UNUSABLE}`);
  }

  /** Outputs [n, classes] for inputs [n, …], dropout off. E_NUMERIC where one is not finite. */
  predict(inputs: Tensor): Tensor<Float32Array> {
    const data = this.withRows(inputs, (rows) => this.#network.predict(rows));
    const bad = data.findIndex((x) => !Number.isFinite(x));
    if (bad >= 0) {
      throw new DactylError(
        'E_NUMERIC',
        `predict: the answer to inputs[${Math.floor(bad / this.outputs)}] holds ${data[bad]}. ${UNUSABLE}`,
      );
    }
    return { data, shape: [inputs.shape[0], ...this.outputShape] };
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
    checkTensor(inputs, 'inputs');
    const { inputShape } = this.#plan;
    if (inputs.shape.length === 0 || inputs.shape[0] === 0 || !fitsShape(inputs.shape.slice(1), inputShape)) {
      throw new DactylError(
        'E_SHAPE',
        `inputs: expected shape ${formatShape([null, ...inputShape])} with at least one row, received ${formatShape(inputs.shape)}.`,
      );
    }
    checkFinite(inputs, 'inputs');
    return this.#network.createRows(plainBytes(inputs), augmentation);
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
    return objective.targets(tensor, this.outputs);
  }

  evaluateRows(rows: Rows, targets: Targets): Evaluation {
    return evaluateRows(this.#network, this.objective, rows, targets);
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

/** The same extents but for those of 1, or one of the two flat: what row-major order cannot mistake. */
function fitsShape(received: readonly number[], expected: readonly number[]): boolean {
  if (sizeOf(received) !== sizeOf(expected)) return false;
  const [a, b] = [received, expected].map((shape) => shape.filter((extent) => extent !== 1));
  return a.length <= 1 || b.length <= 1 || formatShape(a) === formatShape(b);
}
