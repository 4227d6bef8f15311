import type { Tensor } from '../../src/util/tensor.ts';
import { driftObservations, type DriftObservations } from '../../src/analysis/drift/observations.ts';
import { OUTPUTS, recognised } from '../../src/reading/recognise.ts';
import type { Reader } from '../../src/reading/reader.ts';

const DIGITS = 10;

export interface Answered {
  readonly observations: DriftObservations;
  /** [n], 1 where the most probable digit is the label. */
  readonly right: Uint8Array;
}

/** Images of 784 bytes, read and observed. */
export function answered(
  reader: Reader,
  images: Tensor<Uint8Array>['data'],
  labels: ArrayLike<number>,
): Answered {
  const n = labels.length;
  const rows = Array.from({ length: n }, (_, i) => images.subarray(i * 784, (i + 1) * 784));
  const outputs = recognised(reader, rows);
  const probabilities = new Float64Array(n * DIGITS);
  const none = new Float64Array(n);
  const right = new Uint8Array(n);
  for (let i = 0; i < n; i++) {
    const digits = outputs.subarray(i * OUTPUTS, i * OUTPUTS + DIGITS);
    probabilities.set(digits, i * DIGITS);
    none[i] = outputs[i * OUTPUTS + DIGITS];
    right[i] = Number(digits.indexOf(Math.max(...digits)) === labels[i]);
  }
  return {
    observations: driftObservations(images, [28, 28], { probabilities, none, classes: DIGITS }),
    right,
  };
}
