import { requireNumber, requireNumbers } from '../util/options.ts';
import { midranks } from './midranks.ts';
import { normalQuantile } from './normal.ts';
import { requireConfidence, requireSample } from './requirements.ts';
import { wilson } from './wilson.ts';

/** P(A > B) + ½·P(A = B), the probability of superiority, with its interval. */
export interface Superiority {
  readonly probability: number;
  readonly low: number;
  readonly high: number;
}

/**
 * P(A > B) over pairs, from their differences A − B: the mean of 1 (above 0), ½ (0) and 0 (below). Interval: Wilson's
 * with n pairs, which has no ties to count; with them it is on the wide side, as a mean of values in [0, 1] has at
 * most the variance p(1 − p). Throws E_ARGUMENT for an empty sample, a number that is not finite, or a wrong
 * confidence.
 */
export function pairedSuperiority(differences: ArrayLike<number>, confidence = 0.95): Superiority {
  requireNumbers('pairedSuperiority: differences', differences);
  requireNumber('pairedSuperiority: confidence', confidence);
  requireSample(differences, 1, 'P(A > B)');
  let wins = 0;
  for (let i = 0; i < differences.length; i++)
    wins += differences[i] > 0 ? 1 : differences[i] === 0 ? 0.5 : 0;
  return { probability: wins / differences.length, ...wilson(wins, differences.length, confidence) };
}

/**
 * P(A > B) of two unpaired samples of m and n values: θ̂ = U/(mn), Mann & Whitney's U with ties half (the area under
 * the ROC curve). Interval: method 5 of Newcombe 2006 (Stat. Med. 25:559), the θ with |θ̂ − θ| ≤ z·√V(θ), where V(θ)
 * = θ(1 − θ)·(1 + N·((1 − θ)/(2 − θ) + θ/(1 + θ)))/(mn), N = (m + n)/2 − 1: Hanley & McNeil's variance, solved as
 * Wilson's is, so that it keeps its width where every A is above every B. Errors as `pairedSuperiority`.
 */
export function superiority(a: ArrayLike<number>, b: ArrayLike<number>, confidence = 0.95): Superiority {
  requireNumbers('superiority: a', a);
  requireNumbers('superiority: b', b);
  requireNumber('superiority: confidence', confidence);
  requireSample(a, 1, 'P(A > B), first sample');
  requireSample(b, 1, 'P(A > B), second sample');
  requireConfidence(confidence);
  const m = a.length;
  const n = b.length;
  const { ranks } = midranks([...Array.from(a), ...Array.from(b)]);
  let rankSum = 0;
  for (let i = 0; i < m; i++) rankSum += ranks[i];
  const probability = (rankSum - (m * (m + 1)) / 2) / (m * n);
  const z = -normalQuantile((1 - confidence) / 2);
  const outside = (theta: number) => {
    const extra = ((m + n) / 2 - 1) * ((1 - theta) / (2 - theta) + theta / (1 + theta));
    return Math.abs(probability - theta) > z * Math.sqrt((theta * (1 - theta) * (1 + extra)) / (m * n));
  };
  return {
    probability,
    low: probability === 0 ? 0 : boundary(outside, 0, probability),
    high: probability === 1 ? 1 : boundary(outside, 1, probability),
  };
}

/** Where `outside`, true at `far`, turns false on the way to `near`, by bisection. */
function boundary(outside: (theta: number) => boolean, far: number, near: number): number {
  for (let step = 0; step < 60; step++) {
    const middle = (far + near) / 2;
    if (outside(middle)) far = middle;
    else near = middle;
  }
  return near;
}
