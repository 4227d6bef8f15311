/** A message that was refused so often is dead. */
export const TRIES = 10;

const FIRST_MS = 5_000;
const FACTOR = 3;
const JITTER = 0.2;

/**
 * Milliseconds until the next try after `failed` of them (from 1): 5 s · 3^(failed − 1), ± 20 % by `uniform` in [0, 1), so that receivers which come back are not met by all at once. Ten tries take 14 hours.
 */
export function waitAfter(failed: number, uniform: number): number {
  let wait = FIRST_MS;
  for (let k = 1; k < failed; k++) wait *= FACTOR;
  return Math.round(wait * (1 - JITTER + 2 * JITTER * uniform));
}
