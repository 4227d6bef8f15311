import { ACTIVATIONS } from './activations.ts';
import { blockedIndex, type Context, paddedWidth } from './context.ts';
import type { LayerSpec } from './engine.ts';
import type { Kernels } from './module.ts';
import type { Optimizer, Parameter } from './optimizer.ts';
import type { BatchInputs } from './rows.ts';

type DenseSpec = Extract<LayerSpec, { kind: 'dense' }>;

/** A dense layer's weights and buffers, and the kernels' calls in their order. Strides are padded widths. */
export class DenseOp {
  readonly spec: DenseSpec;
  readonly inputs: number;
  readonly inputStride: number;
  readonly unitStride: number;
  readonly kernel: Parameter;
  readonly bias: Parameter;
  readonly #context: Context;
  /** The transposed kernel, for the gradient of the inputs; 0 for the first layer, but while `withInputGradient` is at work. */
  #transposed: number;
  #kernelGradient = 0;
  readonly #biasGradient: number;
  /** f32[rows][unitStride]: before and after the activation (the same place where the derivative needs the output only), and the gradient of the loss with respect to them. */
  z = 0;
  y = 0;
  d = 0;
  readonly #curve: Curve;
  /** First layer: the columns of its kernel that Adam has to visit, see `sparseGradientAdam`. */
  readonly #live: number;

  constructor(context: Context, inputs: number, spec: DenseSpec, first: boolean) {
    this.#context = context;
    this.spec = spec;
    this.inputs = inputs;
    this.inputStride = paddedWidth(inputs);
    this.unitStride = paddedWidth(spec.units);
    const { pieces } = context;
    const count = this.inputStride * this.unitStride;
    this.kernel = {
      address: pieces.floats(count),
      count,
      gradient: () => (this.#kernelGradient ||= pieces.floats(count)),
    };
    this.#biasGradient = pieces.floats(this.unitStride);
    this.bias = {
      address: pieces.floats(this.unitStride),
      count: this.unitStride,
      gradient: () => this.#biasGradient,
    };
    this.#curve = curveOf(spec, context.kernels);
    this.#transposed = first ? 0 : pieces.floats(count);
    this.#live = first ? pieces.bytes(this.inputStride) : 0;
  }

  get parameters(): Parameter[] {
    return this.spec.useBias ? [this.kernel, this.bias] : [this.kernel];
  }

  resize(rows: number): void {
    const { pieces } = this.#context;
    const separate = ACTIVATIONS[this.spec.activation].needsInput;
    if (this.y !== this.z) pieces.free(this.y);
    pieces.free(this.z);
    pieces.free(this.d);
    this.z = pieces.floats(rows * this.unitStride);
    this.y = separate ? pieces.floats(rows * this.unitStride) : this.z;
    this.d = pieces.floats(rows * this.unitStride);
  }

  /** z = x kernel + bias. `count`: rows of the batch, `rows`: the same rounded up. */
  affine(inputs: BatchInputs, count: number, rows: number): void {
    const { kernels } = this.#context;
    if (inputs.kind === 'dense') {
      kernels.denseForward(
        inputs.x,
        this.kernel.address,
        this.bias.address,
        this.z,
        rows,
        this.inputStride,
        this.unitStride,
      );
      return;
    }
    const { rowEnds, entries } = inputs.batch;
    kernels.sparseForward(
      count,
      rowEnds,
      entries,
      this.kernel.address,
      this.bias.address,
      this.z,
      this.inputStride,
      this.unitStride,
    );
  }

  activate(rows: number): void {
    this.#curve.forward(this, rows);
    if (!ACTIVATIONS[this.spec.activation].zeroAtZero) this.#clearPadding(rows);
  }

  /** d, so far with respect to y, becomes that with respect to z. */
  activateBackward(rows: number): void {
    this.#curve.backward(this, rows);
  }

  /** Writes the gradient with respect to this layer's inputs, d kernelᵀ, to dx. */
  inputGradient(dx: number, rows: number): void {
    const { kernels } = this.#context;
    kernels.denseForward(this.d, this.#transposed, 0, dx, rows, this.unitStride, this.inputStride);
  }

  /** Lends the first layer, which training spares it, a transposed kernel. */
  withInputGradient<T>(use: () => T): T {
    if (this.#transposed) return use();
    const { pieces } = this.#context;
    this.#transposed = pieces.floats(this.kernel.count);
    try {
      this.refreshTranspose();
      return use();
    } finally {
      pieces.free(this.#transposed);
      this.#transposed = 0;
    }
  }

  /** Gradients of kernel (with its penalty) and bias, left in their places. */
  computeGradients(inputs: BatchInputs, count: number): void {
    const { kernels } = this.#context;
    const { l1, l2, useBias } = this.spec;
    const g = this.kernel.gradient();
    if (inputs.kind === 'dense') {
      kernels.denseGradient(inputs.x, this.d, g, count, this.inputStride, this.unitStride);
    } else {
      const { batch } = inputs;
      batch.sort(count, 4 * this.unitStride);
      kernels.sparseGradient(batch.columnEnds, batch.sorted, this.d, g, this.inputStride, this.unitStride);
    }
    if (l1 > 0 || l2 > 0) kernels.penaltyGradient(this.kernel.address, g, this.kernel.count, l1, l2);
    if (useBias) kernels.biasGradient(this.d, this.#biasGradient, count, this.unitStride);
  }

  /** `change` may change the gradients, in their places, before the optimizer gets them. */
  update(inputs: BatchInputs, count: number, optimizer: Optimizer, change?: () => void): void {
    const { heap, kernels } = this.#context;
    const { spec } = optimizer;
    const { l1, l2, useBias } = this.spec;
    if (
      inputs.kind === 'sparse' &&
      spec.name === 'adam' &&
      optimizer.mayFuse &&
      l1 === 0 &&
      l2 === 0 &&
      !change
    ) {
      const { batch } = inputs;
      batch.sort(count, 4 * this.unitStride);
      const { first, second } = optimizer.slots(this.kernel);
      kernels.sparseGradientAdam(
        batch.columnEnds,
        batch.sorted,
        this.d,
        this.kernel.address,
        first,
        second,
        this.#live,
        this.inputStride,
        this.unitStride,
        spec.beta1,
        spec.beta2,
        optimizer.alpha,
        optimizer.epsilon,
      );
      if (useBias) kernels.biasGradient(this.d, this.#biasGradient, count, this.unitStride);
    } else {
      this.computeGradients(inputs, count);
      change?.();
      optimizer.update(this.kernel);
      if (this.#live) heap.bytes(this.#live, this.inputStride).fill(1);
    }
    if (useBias) optimizer.update(this.bias);
    this.refreshTranspose();
  }

  /** To be called after every change of the kernel. */
  refreshTranspose(): void {
    if (!this.#transposed) return;
    this.#context.kernels.transpose(this.kernel.address, this.#transposed, this.inputStride, this.unitStride);
  }

  /** Which columns Adam may skip is found out again: none (`true` for all) or all that stay zero. */
  setLiveColumns(live: boolean): void {
    if (this.#live) this.#context.heap.bytes(this.#live, this.inputStride).fill(Number(live));
  }

  penalty(): number {
    const { l1, l2 } = this.spec;
    if (l1 === 0 && l2 === 0) return 0;
    return this.#context.kernels.penalty(this.kernel.address, this.kernel.count, l1, l2);
  }

  /** Copies a kernel between its place in memory and a plain array [inputs][units]. */
  readKernel(address: number): Float32Array {
    const memory = this.#context.heap.float32(address, this.kernel.count);
    const { units } = this.spec;
    const plain = new Float32Array(this.inputs * units);
    this.#forEachEntry((packed, index) => (plain[index] = memory[packed]));
    return plain;
  }

  writeKernel(plain: ArrayLike<number>): void {
    const memory = this.#context.heap.float32(this.kernel.address, this.kernel.count);
    this.#forEachEntry((packed, index) => (memory[packed] = plain[index]));
    this.refreshTranspose();
  }

  #forEachEntry(visit: (packed: number, index: number) => void): void {
    const { units } = this.spec;
    for (let i = 0; i < this.inputs; i++) {
      for (let o = 0; o < units; o++) {
        visit(blockedIndex(this.inputStride, this.unitStride, i, o), i * units + o);
      }
    }
  }

  #clearPadding(rows: number): void {
    const { units } = this.spec;
    if (units === this.unitStride) return;
    const y = this.#context.heap.float32(this.y, rows * this.unitStride);
    for (let s = 0; s < rows; s++) y.fill(0, s * this.unitStride + units, (s + 1) * this.unitStride);
  }
}

/** An activation's two kernels, looked up once. */
interface Curve {
  forward(op: DenseOp, rows: number): void;
  backward(op: DenseOp, rows: number): void;
}

function curveOf({ activation, parameter, units }: DenseSpec, kernels: Kernels): Curve {
  switch (activation) {
    case 'linear':
      return { forward: () => undefined, backward: () => undefined };
    case 'softmax':
      return {
        forward: ({ z, y, unitStride }, rows) => {
          kernels.softmax(z, y, rows, units, unitStride);
        },
        backward: ({ y, d, unitStride }, rows) => {
          kernels.softmaxBackward(y, d, rows, unitStride);
        },
      };
    case 'leakyRelu':
    case 'elu': {
      const [forward, backward] = [kernels[activation], kernels[`${activation}Backward`]];
      return {
        forward: ({ z, y, unitStride }, rows) => {
          forward(parameter, z, y, rows * unitStride);
        },
        backward: ({ z, y, d, unitStride }, rows) => {
          backward(parameter, z, y, d, rows * unitStride);
        },
      };
    }
    default: {
      const [forward, backward] = [kernels[activation], kernels[`${activation}Backward`]];
      return {
        forward: ({ z, y, unitStride }, rows) => {
          forward(z, y, rows * unitStride);
        },
        backward: ({ z, y, d, unitStride }, rows) => {
          backward(z, y, d, rows * unitStride);
        },
      };
    }
  }
}
