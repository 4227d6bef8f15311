import { Random } from '../../util/random.ts';

/** Of so many held-out images those for the reference profile, half of them, and the others, with which drift is tried: disjoint, shuffled by the seed. */
export function heldOutHalves(count: number, seed = 0): { reference: Uint32Array; rest: Uint32Array } {
  const order = new Random(seed, 'drift/halves').shuffle(Uint32Array.from({ length: count }, (_, i) => i));
  const half = Math.floor(count / 2);
  return { reference: order.slice(0, half), rest: order.slice(half) };
}
