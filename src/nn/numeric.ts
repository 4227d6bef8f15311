import { DactylError } from '../util/errors.ts';
import { sizeOf, type Tensor } from '../util/tensor.ts';

export const NUMERIC_ADVICE = 'Lower the learning rate, or look for very large values in the inputs.';

/** Throws E_NUMERIC, with the place, for a value that is not finite as float32. */
export function checkFinite({ data, shape }: Tensor, what: string): void {
  if (!(data instanceof Float32Array || data instanceof Float64Array)) return;
  const bad = data.findIndex((x) => !Number.isFinite(Math.fround(x)));
  if (bad < 0) return;
  const place = shape.map((_, axis) => Math.floor(bad / sizeOf(shape.slice(axis + 1))) % shape[axis]);
  throw new DactylError(
    'E_NUMERIC',
    `${what}[${place.join(', ')}]: expected a finite float32 number, received ${data[bad]}.`,
  );
}
