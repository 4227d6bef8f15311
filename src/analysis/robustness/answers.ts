import type { Sequential } from '../../nn/sequential.ts';

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
  const classes = model.outputs;
  const probabilities = model.predict({ data: pixels, shape: [labels.length, 28, 28] }).data;
  const digits = new Uint8Array(labels.length);
  const isRight = new Uint8Array(labels.length);
  let correct = 0;
  for (let i = 0; i < labels.length; i++) {
    const row = i * classes;
    let best = 0;
    for (let k = 1; k < classes; k++) if (probabilities[row + k] > probabilities[row + best]) best = k;
    digits[i] = best;
    if (best !== labels[i]) continue;
    isRight[i] = 1;
    correct++;
  }
  return { probabilities, digits, isRight, correct };
}
