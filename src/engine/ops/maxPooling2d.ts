import type { Steps } from '../../util/steps.ts';
import { denseAddress, type Step } from '../op.ts';
import type { BatchInputs } from '../rows.ts';
import { outputShapeOf } from './geometry.ts';
import { poolingFusion } from './pooledConv2d.ts';
import { poolingGeometry, PoolingOp, type PoolingSpec } from './pooling2d.ts';

export interface MaxPooling2dSpec extends PoolingSpec {
  readonly kind: 'maxPooling2d';
}

const LAYER = 'MaxPooling2D';

export function maxPooling2d(options: Omit<MaxPooling2dSpec, 'kind'>): Step<MaxPooling2dSpec> {
  const spec: MaxPooling2dSpec = { kind: 'maxPooling2d', ...options };
  return {
    spec,
    shape: (input) => maxPooling2dOutputShape(spec, input),
    create: ({ context, shape }) => {
      const geometry = poolingGeometry(spec, shape, LAYER);
      return new MaxPooling2dOp(context, geometry, outputShapeOf(geometry));
    },
    fuse: (below) => poolingFusion({ ...spec, size: spec.poolSize }, below),
  };
}

/** Throws E_SHAPE where the input does not fit. */
export function maxPooling2dOutputShape(
  spec: Omit<MaxPooling2dSpec, 'kind'>,
  shape: readonly number[],
): number[] {
  return outputShapeOf(poolingGeometry(spec, shape, LAYER));
}

/**
 * The largest value of each window; the gradient goes to the first of equal ones, row-major, as in Keras on TensorFlow. A window with a NaN
 * gives NaN (TensorFlow leaves it out).
 */
class MaxPooling2dOp extends PoolingOp {
  /** u32[rows][stride of the outputs]: where each maximum stood. */
  #winners = 0;

  override resize(rows: number): void {
    const { pieces } = this.context;
    this.#winners = pieces.free(this.#winners);
    this.#winners = pieces.bytes(4 * rows * this.out.stride, true);
    super.resize(rows);
  }

  *forward(x: BatchInputs, count: number): Steps<BatchInputs> {
    const { y } = this.out;
    const images = denseAddress(x);
    yield* this.inParts(count, (from, to, ...rows) => {
      this.kernels.maxPoolingForward(this.record, images + from, y + to, this.#winners + to, ...rows);
    });
    return { kind: 'dense', x: y };
  }

  backward(_x: BatchInputs, dx: number, count: number): Steps<void> {
    const { d } = this.out;
    return this.inParts(
      count,
      (from, to, ...rows) => {
        this.kernels.maxPoolingBackward(this.record, d + to, this.#winners + to, dx + from, ...rows);
      },
      dx,
    );
  }
}
