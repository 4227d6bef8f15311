import { exponential } from '../util/exponential.ts';
import { naturalLogarithm } from '../util/logarithm.ts';
import { isFlat } from './flat.ts';
import type { Reader } from './reader.ts';

/** Digits, and 'none'. */
export const OUTPUTS = 11;
const PIXELS = 784;
const AT_A_TIME = 2048;
/** Below what float32 tells from 0. */
const LEAST = 1e-30;

/** Calibrated probabilities [n, 11] of the digits and of 'none' (0 of a reader without that class) for images of 784 bytes; what is far wider than high is 'none' to every reader. */
export function recognised({ model, temperature }: Reader, images: readonly Uint8Array[]): Float64Array {
  const result = new Float64Array(images.length * OUTPUTS);
  for (let from = 0; from < images.length; from += AT_A_TIME) {
    const some = images.slice(from, from + AT_A_TIME);
    const data = new Uint8Array(some.length * PIXELS);
    some.forEach((image, i) => {
      data.set(image, i * PIXELS);
    });
    const outputs = model.predict({ data, shape: [some.length, ...model.inputShape] }).data;
    for (let i = 0; i < some.length; i++) {
      const to = (from + i) * OUTPUTS;
      if (isFlat(some[i])) result[to + OUTPUTS - 1] = 1;
      else temper(outputs, i * model.outputs, model.outputs, temperature, result, to);
    }
  }
  return result;
}

/** p^(1 / temperature) of `width` probabilities from `at` on, scaled to sum to 1; into `into` from `to` on. */
export function temper(
  probabilities: Float32Array,
  at: number,
  width: number,
  temperature: number,
  into: Float64Array,
  to: number,
): void {
  let sum = 0;
  for (let k = 0; k < width; k++) {
    const p = probabilities[at + k];
    const power = temperature === 1 ? p : exponential(naturalLogarithm(Math.max(p, LEAST)) / temperature);
    into[to + k] = power;
    sum += power;
  }
  for (let k = 0; k < width; k++) into[to + k] /= sum;
}
