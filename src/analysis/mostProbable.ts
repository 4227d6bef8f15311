import type { Tensor } from '../util/tensor.ts';
import { requireFinite } from '../util/finite.ts';

/** The class of the largest output in each row, the first of equals. Throws E_NUMERIC for an output that is not finite. */
export function mostProbable({ data, shape: [rows, classes] }: Tensor<Float32Array>): Uint8Array {
  requireFinite(data, 'Outputs of a network');
  return Uint8Array.from({ length: rows }, (_, s) => {
    let best = 0;
    for (let j = 1; j < classes; j++) if (data[s * classes + j] > data[s * classes + best]) best = j;
    return best;
  });
}
