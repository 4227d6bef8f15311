import { Random } from '../../util/random.ts';

/** ⌊n/2⌋ of the row numbers 0 … n − 1, ascending, every such set as likely as any other: the stream `'half'` of the seed. */
export function randomHalf(n: number, seed: number): Uint32Array {
  const rows = Uint32Array.from({ length: n }, (_, i) => i);
  return new Random(seed, 'half')
    .shuffle(rows)
    .slice(0, Math.floor(n / 2))
    .sort();
}
