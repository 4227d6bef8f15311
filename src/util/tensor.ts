import { describe } from './describe.ts';
import { DactylError } from './errors.ts';
import { parts, type Steps } from './steps.ts';

export type TensorData = Float32Array | Float64Array | Uint8Array | Uint8ClampedArray | Int32Array;

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
  const { data, shape } = partsOf(tensor, what);
  if (!isTensorData(data)) {
    throw new DactylError(
      'E_ARGUMENT',
      `${what}: expected data as Uint8Array, Uint8ClampedArray, Int32Array, Float32Array or Float64Array; received ${describe(data)}.`,
    );
  }
  if (!shape.every((extent) => Number.isInteger(extent) && extent >= 0)) {
    throw new DactylError(
      'E_SHAPE',
      `${what}: expected a shape of whole numbers >= 0, received ${formatShape(shape)}.`,
    );
  }
  if (data.length !== sizeOf(shape)) {
    throw new DactylError(
      'E_SHAPE',
      `${what}: shape ${formatShape(shape)} needs ${sizeOf(shape)} values, received ${data.length}.`,
    );
  }
}

/** Whether it is one of the typed arrays that tensors are made of. */
export function isTensorData(data: unknown): data is TensorData {
  return [Float32Array, Float64Array, Uint8Array, Uint8ClampedArray, Int32Array].some(
    (type) => data instanceof type,
  );
}

/** A tensor whose values cannot change any more with those of the one given. */
export function* copyInSteps({ data, shape }: Tensor): Steps<Tensor> {
  const copy = new (data.constructor as new (length: number) => typeof data)(data.length);
  yield* parts(data.length, COPIED_AT_A_TIME / data.BYTES_PER_ELEMENT, (from, to) => {
    copy.set(data.subarray(from, to), from);
  });
  return { data: copy, shape: [...shape] };
}

/** Some milliseconds. */
const COPIED_AT_A_TIME = 1 << 23;

/** Clamped bytes, as a canvas gives them, as plain bytes; not copied. */
export function plainBytes(tensor: Tensor): Tensor {
  const { data, shape } = tensor;
  if (!(data instanceof Uint8ClampedArray)) return tensor;
  return { data: new Uint8Array(data.buffer, data.byteOffset, data.length), shape };
}

function partsOf(value: unknown, what: string): { data: unknown; shape: readonly number[] } {
  if (typeof value === 'object' && value !== null && 'data' in value && 'shape' in value) {
    if (Array.isArray(value.shape)) return { data: value.data, shape: value.shape as number[] };
  }
  const received = ArrayBuffer.isView(value) ? `${describe(value)} without a shape` : describe(value);
  throw new DactylError(
    'E_ARGUMENT',
    `${what}: expected { data, shape } with a typed array and its extents, such as { data: new Float32Array(6), shape: [3, 2] }; received ${received}.`,
  );
}
