import { naturalLogarithm } from '../../util/logarithm.ts';

/** What is measured of each answer, in the order of `answerStatistics`, with its words. */
export const ANSWER_STATISTICS = [
  { name: 'confidence', label: 'Confidence', meaning: 'calibrated probability of the answer' },
  { name: 'margin', label: 'Margin', meaning: 'probability of the answer less that of the second' },
  { name: 'entropy', label: 'Entropy', meaning: 'of all probabilities, in nats' },
  { name: 'none', label: 'None', meaning: 'probability of no class at all' },
] as const;

/** Statistics [4] of one answer: calibrated `probabilities` of the classes, and `none`, which together sum to 1. The answer is the most probable class; 'none' is second where it is larger than all others. */
export function answerStatistics(probabilities: ArrayLike<number>, none: number): number[] {
  let [first, second] = [-1, -1];
  let entropy = 0 - none * logarithmOf(none);
  for (let k = 0; k < probabilities.length; k++) {
    const p = probabilities[k];
    entropy -= p * logarithmOf(p);
    if (p > first) [first, second] = [p, first];
    else if (p > second) second = p;
  }
  return [first, first - Math.max(second, none), entropy, none];
}

/** 0 for what float64 holds only in part, so that p ln p is 0 there. */
function logarithmOf(p: number): number {
  return p < 1e-300 ? 0 : naturalLogarithm(p);
}
