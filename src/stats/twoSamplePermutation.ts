import { checkOptions, requireNumbers } from '../util/options.ts';
import { mean } from './describe.ts';
import { TIE } from './differing.ts';
import { requireRandom, type PermutationOptions, type PermutationTest } from './permutation.ts';
import { requireCount, requireSample } from './requirements.ts';
import { countBelow, subsetSums } from './subsetSums.ts';

/** Half the pool may have at most so many subsets, and all arrangements together must be countable in a double. */
const MOST_SUBSETS = 2 ** 20;
const MOST_ARRANGEMENTS = 2 ** 52;
const MONTE_CARLO = 100_000;

/**
 * The permutation test of equal distributions for two unpaired samples of m and n values, by ā − b̄: p is the share
 * of all C(m + n, m) divisions of the pool into groups of **these sizes** whose difference of means is at least as
 * extreme (two-sided: its size at least as large) as the one seen. All are counted where that is feasible (up to 20 +
 * 20, or a few against hundreds); else p = (b + 1)/(k + 1) for b of k random divisions, so that p is never 0. Equal
 * values give p = 1. Throws E_ARGUMENT for an empty sample, a number that is not finite, or a missing `random`.
 */
export function twoSamplePermutation(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  options: PermutationOptions = {},
): PermutationTest {
  requireNumbers('twoSamplePermutation: a', a);
  requireNumbers('twoSamplePermutation: b', b);
  checkOptions('twoSamplePermutation', ['alternative', 'random', 'resamples'], options);
  const { alternative = 'two-sided', resamples = MONTE_CARLO } = options;
  requireSample(a, 1, 'A permutation test, first sample');
  requireSample(b, 1, 'A permutation test, second sample');
  const difference = mean(a) - mean(b);
  // Of the centred pool, the sum of the smaller group is proportional to the difference of means.
  const [small, large] = a.length <= b.length ? [a, b] : [b, a];
  const pool = centred(Float64Array.from([...Array.from(small), ...Array.from(large)]));
  const size = small.length;
  const slack = TIE * pool.reduce((sum, value) => sum + Math.abs(value), 0);
  const observed = pool.subarray(0, size).reduce((sum, value) => sum + value, 0);
  const upwards = (alternative === 'greater') === (small === a);
  const sided = (sum: number) => (alternative === 'two-sided' ? Math.abs(sum) : upwards ? sum : -sum);

  if (feasible(pool.length, size)) {
    const { arrangements, count } = counter(pool, size);
    const share = (extreme: number) => {
      const threshold = extreme - slack;
      if (alternative !== 'two-sided') {
        return (upwards ? arrangements - count(threshold) : count(-threshold)) / arrangements;
      }
      if (threshold <= 0) return 1;
      return (arrangements - count(threshold) + count(-threshold)) / arrangements;
    };
    const sorted = pool.slice().sort();
    const lowest = sorted.subarray(0, size).reduce((sum, value) => sum + value, 0);
    const highest = sorted.subarray(pool.length - size).reduce((sum, value) => sum + value, 0);
    return {
      difference,
      p: share(sided(observed)),
      smallestP: share(Math.max(sided(lowest), sided(highest))),
      exact: true,
      patterns: arrangements,
    };
  }
  const random = requireRandom(options.random, `${a.length} against ${b.length} values`);
  requireCount(resamples, 1, 'The resamples of a permutation test');
  const threshold = sided(observed) - slack;
  let hits = 0;
  for (let r = 0; r < resamples; r++) {
    let sum = 0;
    for (let i = 0; i < size; i++) {
      const j = i + random.integer(pool.length - i);
      const drawn = pool[j];
      pool[j] = pool[i];
      pool[i] = drawn;
      sum += drawn;
    }
    if (sided(sum) >= threshold) hits++;
  }
  const p = (hits + 1) / (resamples + 1);
  return { difference, p, smallestP: 1 / (resamples + 1), exact: false, patterns: resamples };
}

/** The pool less its mean, in units of its largest deviation. */
function centred(pool: Float64Array): Float64Array {
  const centre = mean(pool);
  const equal = pool.every((value) => value === pool[0]);
  const scale = equal ? 1 : pool.reduce((most, value) => Math.max(most, Math.abs(value - centre)), 0);
  return pool.map((value) => (equal ? 0 : (value - centre) / scale));
}

/**
 * The number of groups of `size` in the pool, and of those that sum to less than a threshold, from halves of the
 * pool.
 */
function counter(
  pool: Float64Array,
  size: number,
): { arrangements: number; count: (threshold: number) => number } {
  const left = subsetSums(pool.subarray(0, pool.length >> 1), size);
  const right = subsetSums(pool.subarray(pool.length >> 1), size);
  const overSizes = (term: (k: number) => number) => left.reduce((sum, _, k) => sum + term(k), 0);
  return {
    arrangements: overSizes((k) => left[k].length * right[size - k].length),
    count: (threshold) => overSizes((k) => countBelow(left[k], right[size - k], threshold)),
  };
}

function feasible(n: number, size: number): boolean {
  let subsets = 0;
  for (let k = 0; k <= size && subsets <= MOST_SUBSETS; k++) subsets += binomial(Math.ceil(n / 2), k);
  return subsets <= MOST_SUBSETS && binomial(n, size) < MOST_ARRANGEMENTS;
}

/** C(n, k) but for rounding; 0 for k > n. */
function binomial(n: number, k: number): number {
  let value = 1;
  for (let i = 1; i <= k; i++) value *= (n - k + i) / i;
  return k > n ? 0 : value;
}
