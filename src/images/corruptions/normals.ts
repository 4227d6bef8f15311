import { naturalLogarithm } from '../../util/logarithm.ts';
import type { Random } from '../../util/random.ts';

/** Standard normal draws, both of each pair that Marsaglia's polar method gives. */
export function normals(count: number, random: Random): Float64Array {
  const values = new Float64Array(count + (count % 2));
  for (let i = 0; i < count;) {
    const u = 2 * random.uniform() - 1;
    const v = 2 * random.uniform() - 1;
    const s = u * u + v * v;
    if (!(s > 0 && s < 1)) continue;
    const factor = Math.sqrt((-2 * naturalLogarithm(s)) / s);
    values[i++] = u * factor;
    values[i++] = v * factor;
  }
  return values.subarray(0, count);
}
