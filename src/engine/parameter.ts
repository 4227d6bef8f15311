import { parts, type Steps } from '../util/steps.ts';
import { sizeOf } from '../util/tensor.ts';
import type { Context } from './context.ts';
import { inParts, NONE, sumsInParts, VALUE, WEIGHT_TILE, weightsInParts } from './parts.ts';

/** Some milliseconds. */
export const MOVED_AT_A_TIME = 1 << 20;
const SOUGHT_AT_A_TIME = 1 << 17;

export interface ParameterOptions {
  /** Under which it is saved: kernel, bias, gamma, … */
  readonly name: string;
  /** As users see it, without padding. */
  readonly shape: readonly number[];
  /** Floats in memory, with padding: a multiple of 8. The padding holds zeros, always. */
  readonly count: number;
  /** Where entry `index` of the plain, row-major array lies in memory, in floats; the same place by default. */
  readonly place?: (index: number) => number;
  /** So many entries, from every multiple of it on, lie side by side there; a power of two, 1 by default. */
  readonly run?: number;
  /** Penalties l1 Σ|w| + l2 Σw², added to the loss. */
  readonly l1?: number;
  readonly l2?: number;
  /** Called after every change of the weights. */
  readonly changed?: () => void | Steps<void>;
}

/** A block of an op's weights in the kernels' memory: its packing, its gradient, its penalties. */
export class Parameter {
  readonly name: string;
  readonly shape: readonly number[];
  readonly count: number;
  readonly place: (index: number) => number;
  readonly address: number;
  readonly l1: number;
  readonly l2: number;
  readonly #context: Context;
  readonly #run: number;
  readonly #size: number;
  readonly #whenChanged: () => void | Steps<void>;
  #gradient = 0;
  #version = 0;

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
    this.#size = sizeOf(shape);
    this.place = place ?? ((index) => index);
    this.#run = place ? run : MOVED_AT_A_TIME;
    this.address = context.pieces.floats(count);
  }

  /** f32[count], packed as the weights are. Its place is taken when it is first asked for, with zeros unless it is cleared anyway. */
  gradient(any = false): number {
    return (this.#gradient ||= this.#context.pieces.floats(this.count, any));
  }

  /** Another number after every change of the weights: for those who keep them in another order. */
  get version(): number {
    return this.#version;
  }

  /** To be called after every change of the weights. */
  changed(): Steps<void> {
    this.#version++;
    return this.#whenChanged() ?? NONE;
  }

  get penalised(): boolean {
    return this.l1 > 0 || this.l2 > 0;
  }

  *penalty(): Steps<number> {
    if (!this.penalised) return 0;
    const [absolute, square] = yield* sumsInParts(this.#context, [2, this.count], (from, to, sums) => {
      this.#context.kernels.penalty(this.address + 4 * from, to - from, sums);
    });
    return this.l1 * absolute + this.l2 * square;
  }

  /** To be called once the gradient of the loss lies in its place. */
  addPenaltyGradient(): Steps<void> {
    if (!this.penalised) return NONE;
    return inParts(this.#context, [this.count, VALUE, WEIGHT_TILE], (from, to) => {
      const [w, g] = [this.address + 4 * from, this.gradient() + 4 * from];
      this.#context.kernels.penaltyGradient(w, g, to - from, this.l1, this.l2);
    });
  }

  /** A plain copy of the weights, or of what lies at `address` in the same packing. */
  *read(address = this.address): Steps<Float32Array> {
    const plain = new Float32Array(this.#size);
    yield* this.#inRuns(address, (memory, at, from, to) => {
      for (let i = from; i < to; i++) plain[i] = memory[at + i];
    });
    return plain;
  }

  *write(plain: ArrayLike<number>): Steps<void> {
    yield* this.#inRuns(this.address, (memory, at, from, to) => {
      for (let i = from; i < to; i++) memory[at + i] = plain[i];
    });
    yield* this.changed();
  }

  /** Entries from … to lie from `at` + from on. */
  #inRuns(
    address: number,
    move: (memory: Float32Array, at: number, from: number, to: number) => void,
  ): Steps<void> {
    // Short runs cost a call each.
    return parts(this.#size, Math.min(MOVED_AT_A_TIME, this.#run * (MOVED_AT_A_TIME / 8)), (from, to) => {
      const memory = this.#context.heap.float32(address, this.count);
      for (let k = from; k < to; k += this.#run) {
        move(memory, this.place(k) - k, k, Math.min(to, k + this.#run));
      }
    });
  }
}

/** Where the padding lies, which holds zeros, always. */
export function* paddingOf({ count, shape, place }: Parameter): Steps<readonly number[]> {
  const used = new Uint8Array(count);
  yield* parts(sizeOf(shape), SOUGHT_AT_A_TIME, (from, to) => {
    for (let k = from; k < to; k++) used[place(k)] = 1;
  });
  const padding: number[] = [];
  yield* parts(count, SOUGHT_AT_A_TIME, (from, to) => {
    for (let k = from; k < to; k++) if (!used[k]) padding.push(k);
  });
  return padding;
}

/** Zeros in the gradients' places, for a kernel that adds up part after part of a batch. */
export function* clearGradients(context: Context, parameters: readonly Parameter[]): Steps<void> {
  for (const parameter of parameters) yield* clear(context, parameter.gradient(true), parameter.count);
}

/** Zeros in the place of `count` floats. */
export function clear(context: Context, address: number, count: number): Steps<void> {
  return weightsInParts(context, [address, count], (from, floats) => {
    context.heap.float32(from, floats).fill(0);
  });
}
