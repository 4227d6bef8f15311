import { betaInterval } from './binomial.ts';
import { normalQuantile } from './normal.ts';
import { requireCount } from './requirements.ts';
import { studentQuantile } from './student.ts';
import { wilson } from './wilson.ts';
import { DactylError } from '../util/errors.ts';

interface Range {
  readonly low: number;
  readonly high: number;
}

/** Intervals of a share at 95 %, over clusters. */
export interface ClusteredShare {
  /** As how many independent events the n are worth, a whole number; never more than n. */
  readonly effective: number;
  readonly wilson: Range;
  readonly clopperPearson: Range;
}

/**
 * Wilson's and Clopper–Pearson's intervals of the share of events (1, else 0), for events that are alike within clusters, by Korn & Graubard 1998: n* = n/d · (z/t)², with the
 * design effect d = v/(p̂(1 − p̂)/n), at least 1, v = G/(G − 1) · Σ (y_g − p̂·n_g)²/n² over the G clusters, and t of G − 1 degrees of freedom for their number. Where all
 * events are alike, and v says nothing, n* = G. Throws E_ARGUMENT for fewer than 2 clusters, E_SHAPE for other lengths.
 */
export function clusteredShare(events: ArrayLike<number>, clusters: ArrayLike<number>): ClusteredShare {
  const n = events.length;
  if (clusters.length !== n) {
    throw new DactylError('E_SHAPE', `Clusters: expected ${n} entries, received ${clusters.length}.`);
  }
  const sums = new Map<number, { events: number; size: number }>();
  let total = 0;
  for (let i = 0; i < n; i++) {
    let one = sums.get(clusters[i]);
    if (one === undefined) sums.set(clusters[i], (one = { events: 0, size: 0 }));
    one.events += events[i];
    one.size++;
    total += events[i];
  }
  requireCount(sums.size, 2, 'An interval over clusters, their number');
  const effective = Math.max(1, Math.round(worth(total, n, [...sums.values()])));
  const successes = (total / n) * effective;
  return {
    effective,
    wilson: wilson(successes, effective),
    clopperPearson: betaInterval(successes, effective, 0.95),
  };
}

function worth(
  total: number,
  n: number,
  clusters: readonly { readonly events: number; readonly size: number }[],
): number {
  const share = total / n;
  const count = clusters.length;
  const independent = share * (1 - share) * n;
  if (independent === 0) return count;
  const squares = clusters.reduce((sum, { events, size }) => sum + (events - share * size) ** 2, 0);
  const effect = Math.max(1, ((count / (count - 1)) * squares) / independent);
  return (n / effect) * (normalQuantile(0.975) / studentQuantile(0.975, count - 1)) ** 2;
}
