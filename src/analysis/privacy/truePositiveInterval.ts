import { quantile } from '../../stats/describe.ts';
import { requireSample } from '../../stats/requirements.ts';
import type { Random } from '../../util/random.ts';

/**
 * The true-positive rate at a false-positive rate of at most `level` with its percentile-bootstrap interval: members and non-members are
 * both drawn anew, so that the threshold, the ⌊level·n⌋ + 1 highest score of the non-members, varies too. With fewer than ten non-members above
 * the threshold the interval says little. Each resample draws n, then m integers. Throws E_ARGUMENT for an empty sample or a score that is not finite.
 */
export function truePositiveInterval(
  members: ArrayLike<number>,
  others: ArrayLike<number>,
  level: number,
  {
    random,
    resamples = 1000,
    confidence = 0.95,
  }: { random: Pick<Random, 'integer'>; resamples?: number; confidence?: number },
): { readonly value: number; readonly low: number; readonly high: number } {
  requireSample(members, 1, 'The scores of members');
  requireSample(others, 1, 'The scores of non-members');
  const a = Float64Array.from(members).sort().reverse();
  const b = Float64Array.from(others).sort().reverse();
  const [m, n] = [a.length, b.length];
  const allowed = Math.floor(level * n + 1e-9);
  // aboveOf[j]: members with a score above that of the j-th highest non-member; all of them beyond the last.
  const aboveOf = new Uint32Array(n + 1).fill(m);
  for (let j = 0, i = 0; j < n; j++) {
    while (i < m && a[i] > b[j]) i++;
    aboveOf[j] = i;
  }
  const rates = new Float64Array(resamples);
  const counts = new Uint32Array(n);
  for (let r = 0; r < resamples; r++) {
    counts.fill(0);
    for (let k = 0; k < n; k++) counts[random.integer(n)]++;
    let place = 0;
    for (let passed = counts[0]; passed <= allowed && place < n;) passed += ++place < n ? counts[place] : 0;
    const above = aboveOf[place];
    let caught = 0;
    for (let k = 0; k < m; k++) if (random.integer(m) < above) caught++;
    rates[r] = caught / m;
  }
  const tail = (1 - confidence) / 2;
  return {
    value: aboveOf[Math.min(allowed, n)] / m,
    low: quantile(rates, tail),
    high: quantile(rates, 1 - tail),
  };
}
