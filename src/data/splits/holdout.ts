import { DactylError } from '../../util/errors.ts';
import { Random } from '../../util/random.ts';
import type { Strata } from '../dataSet.ts';
import { strataOf } from './strata.ts';

/** Two disjoint sets of row numbers, each ascending, together 0 … n − 1. */
export interface Holdout {
  readonly rest: Uint32Array;
  readonly holdout: Uint32Array;
}

/**
 * Holds out `size` rows so that each stratum gives its proportional share: ⌊size·nₛ/n⌋ rows, and one more for the strata
 * with the largest remainders (equal ones: the stratum of the smaller number first) until `size` is reached. Which rows
 * of a stratum are taken is drawn from `random`, strata in ascending order. `strata[i]` is the stratum of row i.
 * Throws E_ARGUMENT unless `size` is whole and 0 ≤ size ≤ n.
 */
export function stratifiedHoldout(strata: ArrayLike<number>, size: number, random: Random): Holdout {
  const n = strata.length;
  if (!(Number.isInteger(size) && size >= 0 && size <= n)) {
    throw new DactylError('E_ARGUMENT', `A hold-out: expected a size from 0 to ${n}, received ${size}.`);
  }
  const rows = new Map<number, number[]>();
  for (let i = 0; i < n; i++) {
    const members = rows.get(strata[i]);
    if (members === undefined) rows.set(strata[i], [i]);
    else members.push(i);
  }
  const members = [...rows].sort(([a], [b]) => a - b).map(([, indices]) => indices);
  const quotas = largestRemainders(
    members.map((indices) => indices.length),
    size,
  );

  const held = new Uint8Array(n);
  members.forEach((indices, s) => {
    for (const index of random.shuffle(indices).slice(0, quotas[s])) held[index] = 1;
  });
  const holdout = new Uint32Array(size);
  const rest = new Uint32Array(n - size);
  let inHoldout = 0;
  let inRest = 0;
  for (let i = 0; i < n; i++) {
    if (held[i] === 1) holdout[inHoldout++] = i;
    else rest[inRest++] = i;
  }
  return { rest, holdout };
}

/** How many of n training images are held out: one in ten, rounded, 6,000 of MNIST's; at least one. */
export function holdoutSize(n: number): number {
  return Math.max(1, Math.round(n / 10));
}

/** `holdoutSize` of MNIST. */
export const MNIST_HOLDOUT_SIZE = holdoutSize(60_000);

/**
 * One in ten training images, stratified by class and, where they are known, by the groups that images come from (in MNIST writer populations, so twenty
 * strata). Writers occur on both sides. A number is taken as the seed of the stream `'holdout'`.
 */
export function classHoldout(
  labels: ArrayLike<number>,
  seedOrRandom: number | Random,
  groups?: Strata,
): Holdout {
  const random = typeof seedOrRandom === 'number' ? new Random(seedOrRandom, 'holdout') : seedOrRandom;
  return stratifiedHoldout(strataOf(labels, groups), holdoutSize(labels.length), random);
}

/** Shares of `size` in proportion to `counts`, whole and summing to `size` (Hamilton's method), exact in integers. */
function largestRemainders(counts: readonly number[], size: number): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const remainders = counts.map((count) => (count * size) % total);
  const quotas = counts.map((count, s) => (count * size - remainders[s]) / total);
  const left = size - quotas.reduce((sum, quota) => sum + quota, 0);
  const order = counts.map((_, s) => s).sort((a, b) => remainders[b] - remainders[a] || a - b);
  for (const s of order.slice(0, left)) quotas[s]++;
  return quotas;
}
