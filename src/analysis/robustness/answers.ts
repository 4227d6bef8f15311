import type { Sequential } from '../../nn/sequential.ts';
import { mostProbable } from '../mostProbable.ts';

/** What a network says about a set of images. */
export interface Answers {
  /** [n, classes]. */
  readonly probabilities: Float32Array;
  /** The most probable class of each image; the lower one where two are equal. */
  readonly digits: Uint8Array;
  /** 1 where that is the label. */
  readonly isRight: Uint8Array;
  readonly correct: number;
}

/** `pixels`: n × 784 bytes. */
export function readAnswers(model: Sequential, pixels: Uint8Array, labels: ArrayLike<number>): Answers {
  const outputs = model.predict({ data: pixels, shape: [labels.length, 28, 28] });
  const digits = mostProbable(outputs);
  const isRight = digits.map((digit, i) => (digit === labels[i] ? 1 : 0));
  const correct = isRight.reduce((sum, one) => sum + one, 0);
  return { probabilities: outputs.data, digits, isRight, correct };
}
