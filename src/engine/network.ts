import { DactylError } from '../util/errors.ts';
import { requireFinite } from '../util/finite.ts';
import type { Tensor } from '../util/tensor.ts';
import { Averages } from './averages.ts';
import { type Context, paddedRows, paddedWidth } from './context.ts';
import { type BackwardStep, backwardSteps } from './backwardSteps.ts';
import { DenseOp } from './denseOp.ts';
import { DropoutOp } from './dropoutOp.ts';
import type {
  Augmentation,
  BatchResult,
  LogitSeed,
  Network,
  NetworkSpec,
  OptimizerSpec,
  PrivateStep,
  Rows,
  Targets,
} from './engine.ts';
import { sumOfLosses } from './loss.ts';
import { lossRule } from './losses/losses.ts';
import { restoreNetworkState, saveNetworkState, type TrainingMemory } from './networkState.ts';
import { Optimizer } from './optimizer.ts';
import { PrivateGradients } from './privacy.ts';
import { type BatchInputs, DenseRows, DistortedRows, SparseBatch, SparseRows } from './rows.ts';

/** Rows evaluated at a time; the results do not depend on it. */
const EVALUATION_ROWS = 128;
const MOST_SPARSE_COLUMNS = 65_536;
const LOSS = lossRule({ name: 'categoricalCrossentropy' });
const DISTORTED_PIXELS = 784;

export class WasmNetwork implements Network {
  readonly #context: Context;
  readonly #spec: NetworkSpec;
  readonly #ops: (DenseOp | DropoutOp)[] = [];
  readonly #dense: DenseOp[];
  readonly #last: DenseOp;
  readonly #parameters;
  readonly #result: number;
  readonly #release: () => void;
  #optimizer: Optimizer | undefined;
  #averages: Averages | undefined;
  #private: PrivateGradients | undefined;
  readonly #sparseBatch: SparseBatch;
  /** The way back: each layer that has one below it, last first. */
  readonly #backward: readonly BackwardStep[];
  #capacity = 0;
  #inputs = 0;
  #targets = 0;
  #disposed = false;

  /** `release` is called once, by `dispose`, and gives all of the context's pieces back. */
  constructor(context: Context, spec: NetworkSpec, release: () => void) {
    this.#context = context;
    this.#spec = spec;
    this.#release = release;
    let width = spec.inputs;
    let dropouts = 0;
    for (const layer of spec.layers) {
      if (layer.kind === 'dropout') {
        this.#ops.push(new DropoutOp(context, width, layer.rate, dropouts++));
      } else {
        const first = !this.#ops.some((op) => op instanceof DenseOp);
        this.#ops.push(new DenseOp(context, width, layer, first));
        width = layer.units;
      }
    }
    this.#dense = this.#ops.filter((op) => op instanceof DenseOp);
    this.#last = this.#dense.at(-1)!;
    this.#parameters = this.#dense.flatMap((op) => op.parameters);
    this.#sparseBatch = new SparseBatch(context, paddedWidth(spec.inputs));
    this.#backward = backwardSteps(this.#ops);
    this.#result = context.pieces.bytes(16);
    this.setSeed(0);
  }

  getWeights(): Float32Array[] {
    return this.#read(
      (op) => op.kernel.address,
      (op) => op.bias.address,
    );
  }

  setWeights(weights: readonly ArrayLike<number>[]): void {
    this.#use();
    let next = 0;
    for (const op of this.#dense) {
      op.writeKernel(weights[next++]);
      if (op.spec.useBias) this.#context.heap.float32(op.bias.address, op.spec.units).set(weights[next++]);
    }
  }

  setOptimizer(spec: OptimizerSpec): void {
    this.#use();
    this.#optimizer?.dispose();
    this.#optimizer = new Optimizer(this.#context, spec, this.#parameters);
    for (const op of this.#dense) op.setLiveColumns(false);
  }

  setLearningRate(learningRate: number): void {
    this.#use();
    this.#optimizer?.setLearningRate(learningRate);
  }

  setSeed(seed: number): void {
    this.#use();
    for (const op of this.#ops) if (op instanceof DropoutOp) op.setSeed(seed);
  }

  createRows(inputs: Tensor, augmentation?: Augmentation): Rows {
    this.#use();
    const { inputs: width, scale, offset, layers } = this.#spec;
    const { data } = inputs;
    const sparse =
      data instanceof Uint8Array &&
      offset === 0 &&
      layers[0].kind === 'dense' &&
      width <= MOST_SPARSE_COLUMNS;
    if (augmentation) {
      if (!sparse || width !== DISTORTED_PIXELS) {
        throw new DactylError(
          'E_ARGUMENT',
          `Distortion: expected byte images of 28 × 28 pixels without offset or dropout before the first Dense; received ${data.constructor.name} rows of ${width} values.`,
        );
      }
      return new DistortedRows(this.#context, { data, shape: inputs.shape }, scale, augmentation);
    }
    if (!sparse) return new DenseRows(inputs, width, scale, offset);
    return new SparseRows(this.#context, { data, shape: inputs.shape }, width, scale);
  }

  trainBatch(rows: Rows, targets: Targets, batch: Uint32Array): BatchResult {
    const optimizer = this.#requireOptimizer();
    const inputs = this.#choose(rows, batch);
    const result = this.#forwardBackward(inputs, targets, batch);
    optimizer.beginStep();
    this.#forEachInput(inputs, (op, x) => {
      op.update(x, batch.length, optimizer);
    });
    optimizer.endStep();
    this.#averages?.update();
    return result;
  }

  trainBatchPrivately(rows: Rows, targets: Targets, batch: Uint32Array, step: PrivateStep): BatchResult {
    const optimizer = this.#requireOptimizer();
    const gradients = (this.#private ??= new PrivateGradients(this.#context));
    const inputs = this.#choose(rows, batch);
    const result = this.#forwardBackward(inputs, targets, batch, 1);
    gradients.clip(batch.length, step, (each) => {
      this.#forEachInput(inputs, each);
    });
    gradients.startNoise(step);
    optimizer.beginStep();
    this.#forEachInput(inputs, (op, x) => {
      op.update(x, batch.length, optimizer, () => {
        gradients.addNoise(op, step);
      });
    });
    optimizer.endStep();
    this.#averages?.update();
    return result;
  }

  gradients(rows: Rows, targets: Targets, batch: Uint32Array): Float32Array[] {
    const inputs = this.#choose(rows, batch);
    this.#forwardBackward(inputs, targets, batch);
    this.#forEachInput(inputs, (op, x) => {
      op.computeGradients(x, batch.length);
    });
    return this.#read(
      (op) => op.kernel.gradient(),
      (op) => op.bias.gradient(),
    );
  }

  startAveraging(decay: number): void {
    this.#use();
    this.#averages?.dispose();
    this.#averages = new Averages(this.#context, this.#parameters, decay);
  }

  stopAveraging(): void {
    this.#use();
    this.#averages?.dispose();
    this.#averages = undefined;
  }

  swapAverages(): void {
    this.#use();
    this.#averages?.swap();
    for (const op of this.#dense) op.refreshTranspose();
  }

  saveState(): Record<string, Tensor> {
    return saveNetworkState(this.#memory());
  }

  restoreState(state: ReadonlyMap<string, Tensor>): void {
    restoreNetworkState(state, this.#memory());
    for (const op of this.#dense) {
      op.setLiveColumns(true);
      op.refreshTranspose();
    }
  }

  evaluate(rows: Rows, targets: Targets): { lossSum: number; correct: number } {
    this.#use();
    this.#clearResult();
    this.#forEachChunk(rows, (count, batch) => {
      this.#loss(targets, batch, count, 0, 1);
    });
    const [lossSum, correct] = this.#context.heap.float64(this.#result, 2);
    return { lossSum, correct };
  }

  penalty(): number {
    this.#use();
    return this.#dense.reduce((sum, op) => sum + op.penalty(), 0);
  }

  predict(rows: Rows): Float32Array {
    const { units } = this.#last.spec;
    const output = new Float32Array(rows.count * units);
    this.#forEachChunk(rows, (count, [first]) => {
      this.#last.activate(count);
      this.#unpad(this.#last.y, this.#last, count, output.subarray(first * units));
    });
    return output;
  }

  meanPredictions(rows: Rows, networks: readonly Network[]): Float32Array {
    const { units } = this.#last.spec;
    const all = networks.map((network) => this.#related(network));
    const sum = new Float32Array(rows.count * units);
    const own = new Float32Array(EVALUATION_ROWS * units);
    this.#forEachBatch(rows, (count, batch) => {
      const inputs = this.#choose(rows, batch);
      const part = sum.subarray(batch[0] * units, (batch[0] + count) * units);
      for (const network of all) {
        network.#resize(count);
        network.#forward(inputs, count, false);
        network.#last.activate(count);
        network.#unpad(network.#last.y, network.#last, count, own);
        for (let i = 0; i < part.length; i++) part[i] += own[i];
      }
    });
    for (let i = 0; i < sum.length; i++) sum[i] /= all.length;
    return sum;
  }

  outputsOf(rows: Rows, layer: number): Float32Array {
    const op = this.#dense[layer];
    const { units } = op.spec;
    const output = new Float32Array(rows.count * units);
    this.#forEachChunk(rows, (count, [first]) => {
      this.#unpad(op === this.#last ? op.z : op.y, op, count, output.subarray(first * units));
    });
    return requireFinite(output, `Outputs of dense layer ${layer}`);
  }

  inputGradients(rows: Rows, seed: LogitSeed): Float32Array {
    this.#use();
    const { inputs } = this.#spec;
    const [first] = this.#dense;
    const { unitStride, spec } = this.#last;
    const output = new Float32Array(rows.count * inputs);
    const logits = new Float32Array(EVALUATION_ROWS * spec.units);
    const { heap, pieces } = this.#context;
    const dx = pieces.floats(EVALUATION_ROWS * first.inputStride);
    try {
      first.withInputGradient(() => {
        this.#forEachChunk(rows, (count, batch) => {
          this.#unpad(this.#last.z, this.#last, count, logits);
          const d = heap.float32(this.#last.d, paddedRows(count) * unitStride).fill(0);
          for (let s = 0; s < count; s++) {
            const own = logits.subarray(s * spec.units, (s + 1) * spec.units);
            seed(batch[s], own, d.subarray(s * unitStride, s * unitStride + spec.units));
          }
          for (const { above, below } of this.#backward) {
            above.inputGradient(below.d, paddedRows(count));
            below.activateBackward(count);
          }
          first.inputGradient(dx, paddedRows(count));
          const gradient = heap.float32(dx, count * first.inputStride);
          for (let s = 0; s < count; s++) {
            const from = s * first.inputStride;
            output.set(gradient.subarray(from, from + inputs), batch[s] * inputs);
          }
        });
      });
    } finally {
      pieces.free(dx);
    }
    return requireFinite(output, 'Gradients with respect to the inputs');
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#release();
  }

  /** Every piece of memory that training goes on from, as it lies. */
  #memory(): TrainingMemory {
    this.#use();
    const { heap } = this.#context;
    const pieces = new Map<string, Float32Array | Int32Array>();
    this.#parameters.forEach((parameter, k) => {
      const { first = 0, second = 0, third = 0 } = this.#optimizer?.slots(parameter) ?? {};
      const average = this.#averages?.addressOf(parameter) ?? 0;
      const addresses = { weights: parameter.address, first, second, third, average };
      for (const [name, address] of Object.entries(addresses)) {
        if (address) pieces.set(`${name}/${k}`, heap.float32(address, parameter.count));
      }
    });
    this.#ops.forEach((op, k) => {
      if (op instanceof DropoutOp) {
        pieces.set(`dropout/${k}`, new Int32Array(op.state.buffer, op.state.byteOffset, op.state.length));
      }
    });
    return { pieces, optimizer: this.#optimizer };
  }

  #requireOptimizer(): Optimizer {
    if (this.#optimizer) return this.#optimizer;
    throw new DactylError('E_STATE', 'trainBatch: set an optimizer first (compile the model).');
  }

  #use(): void {
    if (this.#disposed) throw new DactylError('E_STATE', 'This model was disposed of; make a new one.');
  }

  #read(kernel: (op: DenseOp) => number, bias: (op: DenseOp) => number): Float32Array[] {
    this.#use();
    return this.#dense.flatMap((op) => {
      const plain = op.readKernel(kernel(op));
      return op.spec.useBias ? [plain, this.#context.heap.float32(bias(op), op.spec.units).slice()] : [plain];
    });
  }

  #resize(rows: number): void {
    if (rows <= this.#capacity) return;
    const { pieces } = this.#context;
    this.#capacity = paddedRows(rows);
    for (const op of this.#ops) op.resize(this.#capacity);
    this.#sparseBatch.resize(this.#capacity);
    pieces.free(this.#inputs);
    pieces.free(this.#targets);
    this.#inputs = 0;
    this.#targets = pieces.floats(this.#capacity * this.#last.unitStride);
  }

  /** Puts a batch where the first layer reads it. */
  #choose(rows: Rows, batch: Uint32Array): BatchInputs {
    this.#use();
    this.#resize(batch.length);
    const { heap, pieces } = this.#context;
    if (rows instanceof SparseRows || rows instanceof DistortedRows) {
      this.#sparseBatch.gather(rows, batch);
      return { kind: 'sparse', batch: this.#sparseBatch };
    }
    const floats = this.#capacity * paddedWidth(this.#spec.inputs);
    this.#inputs ||= pieces.floats(floats);
    (rows as DenseRows).gather(batch, heap.float32(this.#inputs, floats));
    return { kind: 'dense', x: this.#inputs };
  }

  /** Leaves the last layer's logits in its z. */
  #forward(inputs: BatchInputs, count: number, training: boolean): void {
    const rows = paddedRows(count);
    let x = inputs;
    for (const op of this.#ops) {
      if (op instanceof DenseOp) {
        op.affine(x, count, rows);
        if (op !== this.#last) op.activate(count);
        x = { kind: 'dense', x: op.y };
      } else if (training && x.kind === 'dense') {
        op.forward(x.x, count);
        x = { kind: 'dense', x: op.y };
      }
    }
  }

  /** Leaves in each layer's d the gradient of the rows' losses times `scale`; by default of their mean. */
  #forwardBackward(
    inputs: BatchInputs,
    targets: Targets,
    batch: Uint32Array,
    scale = 1 / batch.length,
  ): BatchResult {
    const count = batch.length;
    const rows = paddedRows(count);
    this.#forward(inputs, count, true);
    this.#clearResult();
    this.#loss(targets, batch, count, this.#last.d, scale);
    for (const { above, dropouts, below } of this.#backward) {
      above.inputGradient(below.d, rows);
      for (const dropout of dropouts) dropout.backward(below.d, count);
      below.activateBackward(count);
    }
    const result = this.#context.heap.float64(this.#result, 2);
    return { loss: result[0] / Math.max(1, count) + this.penalty(), correct: result[1] };
  }

  /** Visits the dense layers, last first, with what each read in the forward pass. */
  #forEachInput(inputs: BatchInputs, visit: (op: DenseOp, x: BatchInputs) => void): void {
    for (let i = this.#ops.length - 1; i >= 0; i--) {
      const op = this.#ops[i];
      if (op instanceof DenseOp) visit(op, i === 0 ? inputs : { kind: 'dense', x: this.#ops[i - 1].y });
    }
  }

  #loss(targets: Targets, batch: ArrayLike<number>, count: number, d: number, scale: number): void {
    const { heap, kernels, pieces } = this.#context;
    const { z, unitStride, spec } = this.#last;
    const t = heap.float32(this.#targets, count * unitStride);
    if (targets.kind === 'classes') {
      t.fill(0);
      for (let s = 0; s < count; s++) t[s * unitStride + targets.classes[batch[s]]] = 1;
    } else {
      const { probabilities } = targets;
      for (let s = 0; s < count; s++) {
        for (let j = 0; j < spec.units; j++) {
          t[s * unitStride + j] = probabilities[batch[s] * spec.units + j];
        }
      }
    }
    const losses = pieces.bytes(8 * count);
    const loss = {
      z,
      t: this.#targets,
      count,
      width: spec.units,
      stride: unitStride,
      d,
      scale,
      losses,
    };
    LOSS.run(this.#context, loss);
    const result = heap.float64(this.#result, 2);
    result[0] += sumOfLosses(this.#context, loss);
    result[1] += kernels.countCorrect(z, this.#targets, count, spec.units, unitStride);
    pieces.free(losses);
  }

  #forEachChunk(rows: Rows, visit: (count: number, batch: Uint32Array) => void): void {
    this.#forEachBatch(rows, (count, batch) => {
      this.#forward(this.#choose(rows, batch), count, false);
      visit(count, batch);
    });
  }

  #forEachBatch(rows: Rows, visit: (count: number, batch: Uint32Array) => void): void {
    for (let first = 0; first < rows.count; first += EVALUATION_ROWS) {
      const count = Math.min(EVALUATION_ROWS, rows.count - first);
      visit(
        count,
        Uint32Array.from({ length: count }, (_, s) => first + s),
      );
    }
  }

  /** A network that can read what this one has chosen. */
  #related(network: Network): WasmNetwork {
    const fits =
      network instanceof WasmNetwork &&
      network.#context.heap === this.#context.heap &&
      network.#spec.inputs === this.#spec.inputs &&
      network.#spec.scale === this.#spec.scale &&
      network.#spec.offset === this.#spec.offset &&
      network.#last.spec.units === this.#last.spec.units;
    if (fits) {
      network.#use();
      return network;
    }
    throw new DactylError(
      'E_SHAPE',
      `Networks that answer together: expected ${this.#spec.inputs} inputs with scale ${this.#spec.scale} and offset ${this.#spec.offset} and ${this.#last.spec.units} outputs, in one engine; received another one.`,
    );
  }

  /** Copies [count][unitStride] at `address` to the plain array [count][units]. */
  #unpad(
    address: number,
    { spec: { units }, unitStride }: DenseOp,
    count: number,
    plain: Float32Array,
  ): void {
    const padded = this.#context.heap.float32(address, count * unitStride);
    for (let s = 0; s < count; s++) {
      plain.set(padded.subarray(s * unitStride, s * unitStride + units), s * units);
    }
  }

  #clearResult(): void {
    this.#context.heap.float64(this.#result, 2).fill(0);
  }
}
