import type { Steps } from '../util/steps.ts';
import { sizeOf } from '../util/tensor.ts';
import { type Context, paddedWidth } from './context.ts';
import type { Optimizer } from './optimizer.ts';
import type { Parameter } from './parameter.ts';
import type { BatchInputs } from './rows.ts';

/**
 * An op's outputs and the gradient of the loss with respect to them, f32[rows][stride] each: of a row the first `width` values count,
 * row-major in `shape` (channels last, unpadded); the others are zero in y, always.
 */
export interface Outputs {
  /** Of one row. */
  readonly shape: readonly number[];
  readonly width: number;
  /** `width` rounded up to a multiple of 8. */
  readonly stride: number;
  /** Addresses; they change with `resize`. */
  readonly y: number;
  readonly d: number;
}

/** One step of a network's arithmetic: its weights and buffers, and the kernels' calls in their order; in steps where they may take long. */
export interface Op {
  /** In place: the addresses are those of the op below. */
  readonly out: Outputs;
  /** Trained, in the order in which they are saved. */
  readonly parameters: readonly Parameter[];
  /** Saved and hashed after the parameters, not trained: moving means. */
  readonly statistics: readonly Parameter[];
  /** `backward` reads `out.y`: no op above may work in place on it. */
  readonly readsOutputs: boolean;
  /** Reads byte rows without their zeros (`BatchInputs` of kind sparse). */
  readonly readsSparse?: true;
  /** Room for so many rows, a multiple of 4; called for the ops from below upwards. */
  resize(rows: number): void;
  /** From x, the outputs of the op below or the network's inputs; returns where the outputs lie: `out.y`, or x itself where it changes nothing. */
  forward(x: BatchInputs, count: number, training: boolean): BatchInputs | Steps<BatchInputs>;
  /**
   * After `forward` of the same x: from out.d the gradient with respect to x, written to `dx` (f32[rows][stride of the op below], padding zero),
   * which is out.d itself for an op in place.
   */
  backward(x: BatchInputs, dx: number, count: number): void | Steps<void>;
  /** Leaves the gradients of the parameters, without penalties, in their places. */
  gradients?(x: BatchInputs, count: number): void | Steps<void>;
  /** Gradients and update in one, where a kernel has both; false where it has not, and nothing is done. */
  fused?(x: BatchInputs, count: number, optimizer: Optimizer): Steps<boolean>;
  /** Its gradient of a row is x ⊗ d, and d for the bias; absent where rows are not separate, so that private training refuses. `inputs`: floats of a row of x. */
  readonly outer?: { readonly inputs: number; readonly bias: boolean };
  /** The streams that it draws from. */
  setSeed?(seed: number): void;
  /** The states of these streams, saved with the rest that training goes on from; a view of the kernels' memory. */
  stream?(): Uint32Array;
  /** Room for `backward` of the network's first op, which training never needs; called again with false when done. */
  lendInputGradient?(on: boolean): void;
  /** Weights and moments were replaced from outside; `fresh`: all moments are zero. */
  optimizerChanged?(fresh: boolean): void;
}

/** Where an op stands. */
export interface Place {
  readonly context: Context;
  /** Outputs of the op below, or the network's inputs, in the shape in which they are read. */
  readonly below: Outputs;
  /** Of one row that it reads. */
  readonly shape: readonly number[];
  /** Whether what is below allows that its y is written over. */
  readonly mayOverwrite: boolean;
  /** No op below has parameters: training needs no gradient of its inputs. */
  readonly lowest: boolean;
  /** Its number among the ops of its kind, from 0. */
  readonly index: number;
}

/** What an op is, as data; the reference engine reads it too. */
export interface OpSpec {
  readonly kind: string;
}

/** A spec, and what makes the op of it: so that a bundle holds the ops that are used. */
export interface Step<S extends OpSpec = OpSpec> {
  readonly spec: S;
  /** The shape of its outputs, given that of what it reads. E_SHAPE where they do not fit. */
  readonly shape: (input: readonly number[]) => readonly number[];
  readonly create: (place: Place) => Op;
  /** Products of weights and inputs for one row of that shape, of an op with a kernel; absent for the others, whose work is small beside it. */
  readonly multiplyAdds?: (input: readonly number[]) => number;
  /**
   * Where a kernel computes this step together with those right below it: how many of them, and the op of all. `below`: steps of which each reads the shape that the one before wrote. Bits
   * may differ from those of the steps one by one, so what it answers is part of the numerics.
   */
  readonly fuse?: (below: readonly Step[]) => Fusion | undefined;
  /** As what it reads of one row, where the op below gives the same values in another shape. */
  readonly input?: readonly number[];
  /** false: its parameters stay as they are. */
  readonly trainable?: boolean;
  /** Its op has `outer`. */
  readonly separateRows?: true;
}

/** How a step joins those below it. */
export interface Fusion {
  /** Steps below that it computes, too. */
  readonly steps: number;
  /** `place`: of the lowest of them; `ops`: theirs, whose parameters it works with. It has none of its own. */
  readonly create: (place: Place, ops: readonly Op[]) => Op;
}

type OwnOutputs = Outputs & { y: number; d: number };

/** Outputs of their own, without memory so far. */
export function outputsOf(shape: readonly number[]): OwnOutputs {
  const width = sizeOf(shape);
  return { shape, width, stride: paddedWidth(width), y: 0, d: 0 };
}

/** Those of an op that works in place: addresses of the op below, whatever they become; d shared, y too unless `own` has one. */
export function sharedOutputs(below: Outputs, own?: { y: number }): Outputs {
  const { shape, width, stride } = below;
  return {
    shape,
    width,
    stride,
    get y() {
      return own ? own.y : below.y;
    },
    get d() {
      return below.d;
    },
  };
}

/** The same memory, its rows read in another shape of the same size. */
export function readAs(below: Outputs, shape: readonly number[]): Outputs {
  const { width, stride } = below;
  return {
    shape,
    width,
    stride,
    get y() {
      return below.y;
    },
    get d() {
      return below.d;
    },
  };
}

/** Takes memory for y and d; gives back what was there. */
export function resizeOutputs({ pieces }: Context, out: OwnOutputs, rows: number): void {
  out.y = pieces.free(out.y);
  out.d = pieces.free(out.d);
  const floats = rows * out.stride;
  // All of them are written before they are read, but for the ends of rows, which are zeros.
  const any = out.stride === out.width;
  out.y = pieces.floats(floats, any);
  out.d = pieces.floats(floats, any);
}

/** The address of rows that are no sparse ones. */
export function denseAddress(x: BatchInputs): number {
  if (x.kind === 'dense') return x.x;
  throw new Error('an op was given sparse rows that it does not read');
}
