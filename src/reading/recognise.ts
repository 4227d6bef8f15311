import { exponential } from '../util/exponential.ts';
import { naturalLogarithm } from '../util/logarithm.ts';
import type { Reader } from './reader.ts';

/** Digits, and 'none'. */
export const OUTPUTS = 11;
const PIXELS = 784;
const AT_A_TIME = 2048;
/** Below what float32 tells from 0. */
const LEAST = 1e-30;

/** Calibrated probabilities [n, 11] of the digits and of 'none' (0 of a reader without that class) for images of 784 bytes. */
export function recognised({ model, temperature }: Reader, images: readonly Uint8Array[]): Float64Array {
  const result = new Float64Array(images.length * OUTPUTS);
  for (let from = 0; from < images.length; from += AT_A_TIME) {
    const some = images.slice(from, from + AT_A_TIME);
    const data = new Uint8Array(some.length * PIXELS);
    some.forEach((image, i) => {
      data.set(image, i * PIXELS);
    });
    const outputs = model.predict({ data, shape: [some.length, ...model.inputShape] }).data;
    some.forEach((_, i) => {
      const row = outputs.subarray(i * model.outputs, (i + 1) * model.outputs);
      result.set(tempered(row, temperature), (from + i) * OUTPUTS);
    });
  }
  return result;
}

/** p^(1 / temperature), scaled to sum to 1. */
function tempered(probabilities: Float32Array, temperature: number): Float64Array {
  const powers = Float64Array.from(probabilities, (p) =>
    temperature === 1 ? p : exponential(naturalLogarithm(Math.max(p, LEAST)) / temperature),
  );
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}
