import type { Steps } from '../../util/steps.ts';
import { denseAddress, type Step } from '../op.ts';
import type { BatchInputs } from '../rows.ts';
import { outputShapeOf } from './geometry.ts';
import { poolingGeometry, PoolingOp, type PoolingSpec } from './pooling2d.ts';

export interface AveragePooling2dSpec extends PoolingSpec {
  readonly kind: 'averagePooling2d';
}

const LAYER = 'AveragePooling2D';

export function averagePooling2d(options: Omit<AveragePooling2dSpec, 'kind'>): Step<AveragePooling2dSpec> {
  const spec: AveragePooling2dSpec = { kind: 'averagePooling2d', ...options };
  return {
    spec,
    shape: (input) => averagePooling2dOutputShape(spec, input),
    create: ({ context, shape }) => {
      const geometry = poolingGeometry(spec, shape, LAYER);
      return new AveragePoolingOp(context, geometry, outputShapeOf(geometry));
    },
  };
}

/** Throws E_SHAPE where the input does not fit. */
export function averagePooling2dOutputShape(
  spec: Omit<AveragePooling2dSpec, 'kind'>,
  shape: readonly number[],
): number[] {
  return outputShapeOf(poolingGeometry(spec, shape, LAYER));
}

/** The mean of each window; padding does not count. */
export class AveragePoolingOp extends PoolingOp {
  *forward(x: BatchInputs, count: number): Steps<BatchInputs> {
    const { y } = this.out;
    const images = denseAddress(x);
    yield* this.inParts(count, (from, to, ...rows) => {
      this.kernels.averagePoolingForward(this.record, images + from, y + to, ...rows);
    });
    return { kind: 'dense', x: y };
  }

  backward(_x: BatchInputs, dx: number, count: number): Steps<void> {
    const { d } = this.out;
    return this.inParts(
      count,
      (from, to, ...rows) => {
        this.kernels.averagePoolingBackward(this.record, d + to, dx + from, ...rows);
      },
      dx,
    );
  }
}
