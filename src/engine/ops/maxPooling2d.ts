import type { Context } from '../context.ts';
import { type ImageKernels, imageKernels } from '../imageModule.ts';
import {
  denseAddress,
  type Op,
  type OpSpec,
  outputsOf,
  type Place,
  resizeOutputs,
  type Step,
} from '../op.ts';
import type { BatchInputs } from '../rows.ts';
import {
  type Geometry,
  geometryOf,
  outputShapeOf,
  type Padding,
  type Pair,
  writeGeometry,
} from './geometry.ts';
import { poolingFusion } from './pooledConv2d.ts';

export interface MaxPooling2dSpec extends OpSpec {
  readonly kind: 'maxPooling2d';
  readonly poolSize: Pair;
  readonly strides: Pair;
  readonly padding: Padding;
}

export function maxPooling2d(options: Omit<MaxPooling2dSpec, 'kind'>): Step<MaxPooling2dSpec> {
  const spec: MaxPooling2dSpec = { kind: 'maxPooling2d', ...options };
  return {
    spec,
    shape: (input) => maxPooling2dOutputShape(spec, input),
    create: (place) => new MaxPooling2dOp(spec, place),
    fuse: (below) => poolingFusion({ ...spec, size: spec.poolSize }, below),
  };
}

/** Throws E_SHAPE where the input does not fit. */
export function maxPooling2dOutputShape(
  spec: Omit<MaxPooling2dSpec, 'kind'>,
  shape: readonly number[],
  layer = 'MaxPooling2D',
): number[] {
  return outputShapeOf(poolingGeometry(spec, shape, layer));
}

function poolingGeometry(
  { poolSize, strides, padding }: Omit<MaxPooling2dSpec, 'kind'>,
  shape: readonly number[],
  layer = 'MaxPooling2D',
): Geometry {
  return geometryOf(shape, { size: poolSize, strides, padding }, (channels) => channels, layer, 'poolSize');
}

/**
 * The largest value of each window; the gradient goes to the first of equal ones, row-major, as in Keras on TensorFlow. A window with a NaN
 * gives NaN (TensorFlow leaves it out).
 */
class MaxPooling2dOp implements Op {
  readonly out;
  readonly parameters = [];
  readonly statistics = [];
  readonly readsOutputs = false;
  readonly #context: Context;
  readonly #kernels: ImageKernels;
  readonly #record: number;
  /** u32[rows][stride of the outputs]: where each maximum stood. */
  #winners = 0;

  constructor(spec: MaxPooling2dSpec, { context, shape }: Place) {
    this.#context = context;
    this.#kernels = imageKernels(context.heap.memory);
    const geometry = poolingGeometry(spec, shape);
    this.#record = writeGeometry(context, geometry);
    this.out = outputsOf(outputShapeOf(geometry));
  }

  resize(rows: number): void {
    const { pieces } = this.#context;
    this.#winners = pieces.free(this.#winners);
    this.#winners = pieces.bytes(4 * rows * this.out.stride);
    resizeOutputs(this.#context, this.out, rows);
  }

  forward(x: BatchInputs, count: number): BatchInputs {
    const { y } = this.out;
    this.#kernels.maxPoolingForward(this.#record, denseAddress(x), y, this.#winners, count);
    return { kind: 'dense', x: y };
  }

  backward(_x: BatchInputs, dx: number, count: number): void {
    this.#kernels.maxPoolingBackward(this.#record, this.out.d, this.#winners, dx, count);
  }
}
