import { doubt, largest, lossDirection, strongestOther } from '../adversarial/losses.ts';
import type { Target } from '../adversarial/target.ts';

/** The slopes at each of n images, pixels counted from 0 to 1; ‖·‖ is the Euclidean norm over the pixels. */
export interface InputGradients {
  /** ‖∇ −ln p_y‖, y the true class: nats per unit. */
  readonly loss: Float64Array;
  /** ‖∇ (z_a − z_b)‖, a the answer, b the runner-up: logits per unit. */
  readonly margin: Float64Array;
  /** z_a − z_b: logits. */
  readonly lead: Float64Array;
  /** (z_a − z_b) / ‖∇ (z_a − z_b)‖: how far the answer's turn would be if the network were linear; ∞ where the slope is 0. */
  readonly distance: Float64Array;
}

/**
 * Norms of the input gradients. The gradient of the loss is (1 − p_y) times one that does not vanish (`losses.ts`), and the factor is
 * multiplied in float64, so that a network that is very sure gets a small norm and not a rounded zero.
 */
export function inputGradientNorms(
  target: Target,
  images: Float32Array,
  labels: ArrayLike<number>,
): InputGradients {
  const n = labels.length;
  const factors = new Float64Array(n);
  const lead = new Float64Array(n);
  const loss = target.gradients(images, labels, (row, logits, weights) => {
    factors[row] = doubt(logits, labels[row]);
    lossDirection('crossEntropy', logits, labels[row], weights);
  });
  const margin = target.gradients(images, labels, (row, logits, weights) => {
    const [answer, runnerUp] = topTwo(logits);
    lead[row] = logits[answer] - logits[runnerUp];
    weights[answer] = 1;
    weights[runnerUp] = -1;
  });
  const margins = rowNorms(margin.gradient, n);
  return {
    loss: rowNorms(loss.gradient, n).map((norm, row) => factors[row] * norm),
    margin: margins,
    lead,
    distance: margins.map((norm, row) => (norm === 0 ? Infinity : lead[row] / norm)),
  };
}

/** The classes with the largest and the second largest logit. */
export function topTwo(logits: ArrayLike<number>): [number, number] {
  const answer = largest(logits);
  return [answer, strongestOther(logits, answer)];
}

/** ‖·‖₂ of each of n rows. */
export function rowNorms(rows: Float32Array, n: number): Float64Array {
  const width = rows.length / n;
  return Float64Array.from({ length: n }, (_, row) => {
    let squares = 0;
    for (let i = row * width; i < (row + 1) * width; i++) squares += rows[i] * rows[i];
    return Math.sqrt(squares);
  });
}
