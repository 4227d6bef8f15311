import { fixed } from '../util/fixed.ts';
import { OUTPUTS } from './recognise.ts';
import { leastOf, type SureFrom } from './sureFrom.ts';

/** A second reading at least so probable is named. */
const CLOSE = 0.1;
/** Of a probability in words. */
const MOST_PLACES = 9;

export interface Judged {
  readonly digit: number;
  readonly second: number;
  readonly probabilities: Float64Array;
  readonly none: number;
  readonly confidence: number;
  readonly notSure?: string;
}

/** The most probable digits of [11] probabilities, and why the reader is not sure where the first is below `sureFrom`. */
export function judged(outputs: Float64Array, sureFrom: SureFrom): Judged {
  const probabilities = outputs.slice(0, OUTPUTS - 1);
  const none = outputs[OUTPUTS - 1];
  let [digit, second] = probabilities[1] > probabilities[0] ? [1, 0] : [0, 1];
  for (let k = 2; k < OUTPUTS - 1; k++) {
    if (probabilities[k] > probabilities[digit]) [digit, second] = [k, digit];
    else if (probabilities[k] > probabilities[second]) second = k;
  }
  const confidence = probabilities[digit];
  const notSure = doubt({ digit, second, probabilities, none, confidence }, leastOf(sureFrom, digit));
  return { digit, second, probabilities, none, confidence, ...(notSure !== undefined && { notSure }) };
}

function doubt(
  { digit, second, probabilities, none, confidence }: Judged,
  sureFrom: number,
): string | undefined {
  if (confidence >= sureFrom) return undefined;
  if (none >= confidence) return `it looks like no digit (probability ${fixed(none, 2)})`;
  const also = probabilities[second];
  if (also >= CLOSE) {
    return `it may be ${digit} or ${second} (probabilities ${fixed(confidence, 2)} and ${fixed(also, 2)})`;
  }
  let places = 3;
  while (fixed(confidence, places) === fixed(sureFrom, places) && places < MOST_PLACES) places++;
  return `${digit} has a probability of ${fixed(confidence, places)}, below ${fixed(sureFrom, places)}`;
}
