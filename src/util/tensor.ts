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

/** Throws E_ARGUMENT for anything but `{ data, shape }`, and E_SHAPE unless `data` has as many entries as `shape` says. `what` names the tensor in the message. */
export function checkTensor(tensor: Tensor, what: string): void {
  if (!isTensor(tensor)) {
    throw new DactylError(
      'E_ARGUMENT',
      `${what}: expected { data, shape } with a typed array and its extents, such as { data: new Float32Array(6), shape: [3, 2] }; received ${describe(tensor)}.`,
    );
  }
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

function isTensor(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !('data' in value && 'shape' in value)) return false;
  return ArrayBuffer.isView(value.data) && Array.isArray(value.shape);
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return 'an array';
  if (ArrayBuffer.isView(value)) return 'a typed array without a shape';
  return typeof value === 'object' && value !== null
    ? `an object with ${Object.keys(value).join(', ') || 'nothing'}`
    : String(value);
}
