import type { Steps } from '../../util/steps.ts';
import type { Context } from '../context.ts';
import { type ImageKernels, imageKernels } from '../imageModule.ts';
import { type Op, type OpSpec, outputsOf, resizeOutputs } from '../op.ts';
import { clear } from '../parameter.ts';
import { VALUE } from '../parts.ts';
import type { BatchInputs } from '../rows.ts';
import {
  type Geometry,
  geometryOf,
  type Padding,
  type Pair,
  productsOf,
  rangesInParts,
  writeGeometry,
} from './geometry.ts';

/** What poolings have in common. */
export interface PoolingSpec extends OpSpec {
  readonly poolSize: Pair;
  readonly strides: Pair;
  readonly padding: Padding;
}

/** Throws E_SHAPE where the input does not fit. */
export function poolingGeometry(
  { poolSize, strides, padding }: Omit<PoolingSpec, 'kind'>,
  shape: readonly number[],
  layer: string,
): Geometry {
  return geometryOf(shape, { size: poolSize, strides, padding }, (channels) => channels, layer, 'poolSize');
}

/** A pooling but for its kernels. */
export abstract class PoolingOp implements Op {
  readonly out;
  readonly parameters = [];
  readonly statistics = [];
  readonly readsOutputs = false;
  protected readonly context: Context;
  protected readonly kernels: ImageKernels;
  /** Of the geometry, as the kernels read it. */
  protected readonly record: number;
  readonly #geometry: Geometry;

  /** `outputShape`: [height, width, channels], or [channels] for one window. */
  constructor(context: Context, geometry: Geometry, outputShape: readonly number[]) {
    this.context = context;
    this.kernels = imageKernels(context.heap.memory);
    this.record = writeGeometry(context, geometry);
    this.#geometry = geometry;
    this.out = outputsOf(outputShape);
  }

  resize(rows: number): void {
    resizeOutputs(this.context, this.out, rows);
  }

  abstract forward(x: BatchInputs, count: number): Steps<BatchInputs>;
  abstract backward(x: BatchInputs, dx: number, count: number): Steps<void>;

  /**
   * Some images at a time, or windows of one; where it has but one window, some of the rows that it sees. `from`, `to`: bytes from a batch's first row to those that are taken, of what is read and of
   * what the pooling gives. `dx`: what is added to, from zero on.
   */
  protected *inParts(
    count: number,
    take: (from: number, to: number, rows: number, ...ranges: number[]) => void,
    dx = 0,
  ): Steps<void> {
    const { stride, outStride, outHeight, outWidth, height, windowHeight, top } = this.#geometry;
    const windows = outHeight * outWidth;
    // Of a window few values are not yet near.
    const products = VALUE * stride + (VALUE / 4) * productsOf(this.#geometry);
    if (dx) yield* clear(this.context, dx, count * stride);
    yield* rangesInParts(
      this.context,
      [count, products],
      windows,
      Math.min(height, windowHeight - top),
      (image, ...ranges) => {
        take(4 * image * stride, 4 * image * outStride, ...ranges);
      },
    );
  }
}
