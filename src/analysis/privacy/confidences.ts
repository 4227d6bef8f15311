import { subset, type Dataset } from '../../data/examples.ts';
import type { Sequential } from '../../nn/sequential.ts';

/** How sure a network is of the labels of some images, and how well it does on them. */
export interface Confidences {
  /** Logit-scaled confidence in each image's label, see `confidencesOf`. */
  readonly scores: Float32Array;
  readonly accuracy: number;
  /** Mean cross-entropy in nats. */
  readonly loss: number;
}

/**
 * The logit-scaled confidence of Carlini et al. 2022 (arXiv 2112.03570, section IV.C): φ = log(p_y / (1 − p_y)) = z_y − log Σ over j ≠ y of exp z_j,
 * p_y the probability given to the label, z the logits; near to normally distributed over networks, and finite where 1 − p_y rounds to 0. The
 * loss is log(1 + e^−φ), so a threshold on one is a threshold on the other.
 */
export function confidencesOf(model: Sequential, dataset: Dataset, rows?: Uint32Array): Confidences {
  const { images, labels } = rows === undefined ? dataset : subset(dataset, rows);
  const logits = model.withRows(images, (own) => model.network.logitsOf(own));
  const { length } = labels;
  const classes = logits.length / length;
  const scores = new Float32Array(length);
  let right = 0;
  let loss = 0;
  for (let s = 0; s < length; s++) {
    const from = s * classes;
    const own = logits[from + labels[s]];
    let largest = -Infinity;
    let earlier = false;
    for (let j = 0; j < classes; j++) {
      if (j === labels[s]) continue;
      const z = logits[from + j];
      if (z === own && j < labels[s]) earlier = true;
      largest = Math.max(largest, z);
    }
    let sum = 0;
    for (let j = 0; j < classes; j++) if (j !== labels[s]) sum += Math.exp(logits[from + j] - largest);
    const score = own - largest - Math.log(sum);
    scores[s] = score;
    // The first of equal logits is the answer.
    if (own > largest || (own === largest && !earlier)) right++;
    loss += score > 0 ? Math.log1p(Math.exp(-score)) : Math.log1p(Math.exp(score)) - score;
  }
  return { scores, accuracy: right / length, loss: loss / length };
}
