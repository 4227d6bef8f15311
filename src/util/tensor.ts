import { DactylError } from './errors.ts';

export type TensorData = Float32Array | Float64Array | Uint8Array | Int32Array;

/** A row-major array. `data.length` is the product of `shape`. Pixels stay bytes (`Uint8Array`) where they can. */
export interface Tensor<D extends TensorData = TensorData> {
  readonly data: D;
  readonly shape: readonly number[];
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

export function formatShape(shape: readonly (number | null)[]): string {
  const extents = shape.map((extent) => extent ?? 'None');
  return `(${extents.join(', ')}${extents.length === 1 ? ',' : ''})`;
}

/** Throws E_SHAPE unless `tensor.data` has as many entries as `tensor.shape` says. `what` names the tensor in the message. */
export function checkTensor(tensor: Tensor, what: string): void {
  if (!tensor.shape.every((extent) => Number.isInteger(extent) && extent >= 0)) {
    throw new DactylError(
      'E_SHAPE',
      `${what}: expected a shape of whole numbers >= 0, received ${formatShape(tensor.shape)}.`,
    );
  }
  if (tensor.data.length !== sizeOf(tensor.shape)) {
    throw new DactylError(
      'E_SHAPE',
      `${what}: shape ${formatShape(tensor.shape)} needs ${sizeOf(tensor.shape)} values, received ${tensor.data.length}.`,
    );
  }
}
