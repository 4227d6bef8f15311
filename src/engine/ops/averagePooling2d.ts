import type { Context } from '../context.ts';
import { type ImageKernels, imageKernels } from '../imageModule.ts';
import { denseAddress, type Op, type OpSpec, outputsOf, resizeOutputs, type Step } from '../op.ts';
import type { BatchInputs } from '../rows.ts';
import {
  type Geometry,
  geometryOf,
  outputShapeOf,
  type Padding,
  type Pair,
  writeGeometry,
} from './geometry.ts';

export interface AveragePooling2dSpec extends OpSpec {
  readonly kind: 'averagePooling2d';
  readonly poolSize: Pair;
  readonly strides: Pair;
  readonly padding: Padding;
}

export function averagePooling2d(options: Omit<AveragePooling2dSpec, 'kind'>): Step<AveragePooling2dSpec> {
  const spec: AveragePooling2dSpec = { kind: 'averagePooling2d', ...options };
  return {
    spec,
    shape: (input) => averagePooling2dOutputShape(spec, input),
    create: ({ context, shape }) => {
      const geometry = poolingGeometry(spec, shape);
      return new AveragePoolingOp(context, geometry, outputShapeOf(geometry));
    },
  };
}

/** Throws E_SHAPE where the input does not fit. */
export function averagePooling2dOutputShape(
  spec: Omit<AveragePooling2dSpec, 'kind'>,
  shape: readonly number[],
  layer = 'AveragePooling2D',
): number[] {
  return outputShapeOf(poolingGeometry(spec, shape, layer));
}

function poolingGeometry(
  { poolSize, strides, padding }: Omit<AveragePooling2dSpec, 'kind'>,
  shape: readonly number[],
  layer = 'AveragePooling2D',
): Geometry {
  return geometryOf(shape, { size: poolSize, strides, padding }, (channels) => channels, layer, 'poolSize');
}

/** The mean of each window; padding does not count. */
export class AveragePoolingOp implements Op {
  readonly out;
  readonly parameters = [];
  readonly statistics = [];
  readonly readsOutputs = false;
  readonly #context: Context;
  readonly #kernels: ImageKernels;
  readonly #record: number;

  /** `outputShape`: [height, width, channels], or [channels] for one window. */
  constructor(context: Context, geometry: Geometry, outputShape: readonly number[]) {
    this.#context = context;
    this.#kernels = imageKernels(context.heap.memory);
    this.#record = writeGeometry(context, geometry);
    this.out = outputsOf(outputShape);
  }

  resize(rows: number): void {
    resizeOutputs(this.#context, this.out, rows);
  }

  forward(x: BatchInputs, count: number): BatchInputs {
    const { y } = this.out;
    this.#kernels.averagePoolingForward(this.#record, denseAddress(x), y, count);
    return { kind: 'dense', x: y };
  }

  backward(_x: BatchInputs, dx: number, count: number): void {
    this.#kernels.averagePoolingBackward(this.#record, this.out.d, dx, count);
  }
}
