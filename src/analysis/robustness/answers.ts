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

/** `data`: n images of `shape`, one after another. */
export function readAnswers(
  model: Sequential,
  { data, shape }: { readonly data: Uint8Array; readonly shape: readonly number[] },
  labels: ArrayLike<number>,
): Answers {
  const outputs = model.predict({ data, shape: [labels.length, ...shape] });
  const digits = mostProbable(outputs);
  const isRight = digits.map((digit, i) => (digit === labels[i] ? 1 : 0));
  const correct = isRight.reduce((sum, one) => sum + one, 0);
  return { probabilities: outputs.data, digits, isRight, correct };
}
