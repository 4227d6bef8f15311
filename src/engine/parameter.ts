import type { Context } from './context.ts';

export interface ParameterOptions {
  /** Under which it is saved: kernel, bias, gamma, … */
  readonly name: string;
  /** As users see it, without padding. */
  readonly shape: readonly number[];
  /** Floats in memory, with padding: a multiple of 8. The padding holds zeros, always. */
  readonly count: number;
  /** Where entry `index` of the plain, row-major array lies in memory, in floats; the same place by default. */
  readonly place?: (index: number) => number;
  /** So many entries, from every multiple of it on, lie side by side there; 1 by default. */
  readonly run?: number;
  /** Penalties l1 Σ|w| + l2 Σw², added to the loss. */
  readonly l1?: number;
  readonly l2?: number;
  /** Called after every change of the weights. */
  readonly changed?: () => void;
}

/** A block of an op's weights in the kernels' memory: its packing, its gradient, its penalties. */
export class Parameter {
  readonly name: string;
  readonly shape: readonly number[];
  readonly count: number;
  readonly address: number;
  readonly l1: number;
  readonly l2: number;
  readonly #context: Context;
  readonly #place: (index: number) => number;
  readonly #run: number;
  readonly #size: number;
  readonly #whenChanged: () => void;
  #gradient = 0;
  #version = 0;
  #padding: Uint32Array | undefined;

  constructor(
    context: Context,
    { name, shape, count, place, run = 1, l1 = 0, l2 = 0, changed = () => undefined }: ParameterOptions,
  ) {
    this.#context = context;
    this.name = name;
    this.shape = shape;
    this.count = count;
    this.l1 = l1;
    this.l2 = l2;
    this.#whenChanged = changed;
    this.#size = shape.reduce((product, extent) => product * extent, 1);
    this.#place = place ?? ((index) => index);
    this.#run = place ? run : this.#size;
    this.address = context.pieces.floats(count);
  }

  /** f32[count], packed as the weights are. Its place is taken when it is first asked for. */
  gradient(): number {
    return (this.#gradient ||= this.#context.pieces.floats(this.count));
  }

  /** Another number after every change of the weights: for those who keep them in another order. */
  get version(): number {
    return this.#version;
  }

  /** To be called after every change of the weights. */
  changed(): void {
    this.#version++;
    this.#whenChanged();
  }

  get penalised(): boolean {
    return this.l1 > 0 || this.l2 > 0;
  }

  penalty(): number {
    if (!this.penalised) return 0;
    return this.#context.kernels.penalty(this.address, this.count, this.l1, this.l2);
  }

  /** To be called once the gradient of the loss lies in its place. */
  addPenaltyGradient(): void {
    if (!this.penalised) return;
    this.#context.kernels.penaltyGradient(this.address, this.gradient(), this.count, this.l1, this.l2);
  }

  /** A plain copy of the weights, or of what lies at `address` in the same packing. */
  read(address = this.address): Float32Array {
    const memory = this.#context.heap.float32(address, this.count);
    const plain = new Float32Array(this.#size);
    for (let k = 0; k < plain.length; k += this.#run) {
      const at = this.#place(k) - k;
      for (let i = k; i < k + this.#run; i++) plain[i] = memory[at + i];
    }
    return plain;
  }

  write(plain: ArrayLike<number>): void {
    const memory = this.#context.heap.float32(this.address, this.count);
    for (let k = 0; k < this.#size; k += this.#run) {
      const at = this.#place(k) - k;
      for (let i = k; i < k + this.#run; i++) memory[at + i] = plain[i];
    }
    this.changed();
  }

  /** Makes the padding of what lies at `address` zero again. */
  clearPadding(address: number): void {
    const memory = this.#context.heap.float32(address, this.count);
    for (const index of (this.#padding ??= this.#findPadding())) memory[index] = 0;
  }

  #findPadding(): Uint32Array {
    const used = new Uint8Array(this.count);
    for (let k = 0; k < this.#size; k++) used[this.#place(k)] = 1;
    const padding: number[] = [];
    used.forEach((is, index) => {
      if (is === 0) padding.push(index);
    });
    return Uint32Array.from(padding);
  }
}

/** Zeros in the gradients' places, for a kernel that adds up part after part of a batch. */
export function clearGradients({ heap }: Context, parameters: readonly Parameter[]): void {
  for (const parameter of parameters) heap.float32(parameter.gradient(), parameter.count).fill(0);
}
