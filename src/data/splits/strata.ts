import type { Strata } from '../dataSet.ts';

/** The stratum of each row: its class, and in it the group that it comes from. `labels` may be fewer than `groups`, its first ones then. */
export function strataOf(labels: ArrayLike<number>, groups?: Strata): Uint32Array {
  const count = groups?.names.length ?? 1;
  return Uint32Array.from(labels, (label, i) => label * count + (groups?.of[i] ?? 0));
}
