import { exponential } from '../../util/exponential.ts';

/**
 * What an attack makes rise, as the direction of its gradient with respect to the logits z, y the true class:
 *
 * - `crossEntropy`: −ln softmax(z)_y. Its gradient is (1 − p_y) · (q − e_y) with q_j = p_j / (1 − p_y), the softmax over the other classes. Only
 *   q − e_y is used: for a network that is sure, 1 − p_y is too small for a float32 and the plain gradient would be zero, which looks like
 *   robustness and is none (Athalye et al. 2018 call it gradient masking).
 * - `margin`: max_{j≠y} z_j − z_y (Carlini & Wagner 2017), which does not level off.
 * - `dlr`: (max_{j≠y} z_j − z_y) / (z_(1) − z_(3)), z_(k) the k-th largest logit (Croce & Hein 2020): neither a shift nor a factor of the logits changes it. Of
 *   two classes, which have no third, the margin.
 */
export type AttackLoss = 'crossEntropy' | 'margin' | 'dlr';

/** The class with the largest logit, the first one where several are equal. */
export function largest(logits: ArrayLike<number>): number {
  let best = 0;
  for (let j = 1; j < logits.length; j++) if (logits[j] > logits[best]) best = j;
  return best;
}

/** The class with the largest logit but for `label`. */
export function strongestOther(logits: ArrayLike<number>, label: number): number {
  let best = label === 0 ? 1 : 0;
  for (let j = best + 1; j < logits.length; j++) if (j !== label && logits[j] > logits[best]) best = j;
  return best;
}

/** Writes the direction of the loss's gradient with respect to the logits to `weights`, zeros before. */
export function lossDirection(
  loss: AttackLoss,
  logits: ArrayLike<number>,
  label: number,
  weights: Float32Array,
): void {
  const rival = strongestOther(logits, label);
  if (loss === 'dlr' && logits.length > 2) {
    const [first, , third] = Array.from(logits, (_, j) => j).sort((a, b) => logits[b] - logits[a]);
    const gain = logits[rival] - logits[label];
    const spread = logits[first] - logits[third];
    // The quotient rule, times spread²: positive, so the direction stays.
    weights[label] -= spread;
    weights[rival] += spread;
    weights[first] -= gain;
    weights[third] += gain;
    return;
  }
  weights[label] = -1;
  if (loss !== 'crossEntropy') {
    weights[rival] = 1;
    return;
  }
  let sum = 0;
  for (let j = 0; j < logits.length; j++) if (j !== label) sum += share(logits[j] - logits[rival]);
  for (let j = 0; j < logits.length; j++) {
    if (j !== label) weights[j] = share(logits[j] - logits[rival]) / sum;
  }
}

/** 1 − p_y = 1 / (1 + e^(z_y − ln Σ_{j≠y} e^{z_j})), without the cancellation that makes it 0 for a network that is sure. */
export function doubt(logits: ArrayLike<number>, label: number): number {
  const rival = strongestOther(logits, label);
  const top = Math.max(logits[label], logits[rival]);
  let others = 0;
  for (let j = 0; j < logits.length; j++) if (j !== label) others += share(logits[j] - top);
  return others / (others + share(logits[label] - top));
}

/** e^x for x ≤ 0. */
function share(x: number): number {
  return x < -700 ? 0 : exponential(x);
}
