import { DactylError } from '../util/errors.ts';
import type { Random } from '../util/random.ts';
import { checkOptions, requireNumbers } from '../util/options.ts';
import { carrying, TIE } from './differing.ts';
import { requireCount, requireSample } from './requirements.ts';
import { countBelow, signedSums } from './subsetSums.ts';
import type { Alternative } from './tTest.ts';

/** Up to so many differences other than 0 all 2ⁿ patterns are counted. */
const EXACT_PAIRS = 40;
const MONTE_CARLO = 100_000;

export interface PermutationOptions {
  /** Default two-sided. */
  readonly alternative?: Alternative;
  /** Needed where there are too many patterns to count them all. */
  readonly random?: Pick<Random, 'uint32' | 'integer'>;
  /** Random patterns, where not all are counted. Default 100,000. */
  readonly resamples?: number;
}

export interface PermutationTest {
  /** The mean difference. */
  readonly difference: number;
  readonly p: number;
  /** The smallest p that any arrangement of these values could have had. */
  readonly smallestP: number;
  /** Whether all patterns were counted. */
  readonly exact: boolean;
  /** How many were: 2^(differences other than 0), or the random ones. */
  readonly patterns: number;
}

/**
 * The paired permutation (sign-flip) test of a mean difference of 0: p is the share of all patterns of signs whose Σ
 * ±dᵢ is at least as extreme (two-sided: |Σ| at least as large) as the one seen; it is valid when the differences are
 * symmetric about 0. Exact up to 40 differences other than 0 beyond rounding (two sorted lists of half sums, counted against each
 * other); beyond that p = (b + 1)/(m + 1) for b of m random patterns, so that p is never 0. Differences of 0 change
 * nothing; if all are, p = 1. Throws E_ARGUMENT for an empty sample, a number that is not finite, or a missing
 * `random`.
 */
export function pairedPermutation(
  differences: ArrayLike<number>,
  options: PermutationOptions = {},
): PermutationTest {
  requireNumbers('pairedPermutation: differences', differences);
  checkOptions('pairedPermutation', ['alternative', 'random', 'resamples'], options);
  const { alternative = 'two-sided', resamples = MONTE_CARLO } = options;
  requireSample(differences, 1, 'A paired permutation test');
  let scale = 0;
  for (let i = 0; i < differences.length; i++) scale = Math.max(scale, Math.abs(differences[i]));
  let sum = 0;
  for (let i = 0; i < differences.length; i++) sum += scale === 0 ? 0 : differences[i] / scale;
  const difference = (sum / differences.length) * scale;
  const values = carrying(differences);
  let observed = 0;
  let total = 0;
  for (const value of values) {
    observed += value;
    total += Math.abs(value);
  }
  const sides = alternative === 'two-sided' ? 2 : 1;
  const extreme = sides === 2 ? Math.abs(observed) : alternative === 'greater' ? observed : -observed;
  const threshold = extreme - TIE * total;
  if (values.length <= EXACT_PAIRS) {
    const patterns = 2 ** values.length;
    const share = values.length === 0 ? 1 : shareOfSigns(values, threshold);
    return {
      difference,
      p: Math.min(1, sides * share),
      smallestP: Math.min(1, sides / patterns),
      exact: true,
      patterns,
    };
  }
  const random = requireRandom(options.random, `${values.length} differences, more than ${EXACT_PAIRS}`);
  requireCount(resamples, 1, 'The resamples of a permutation test');
  let hits = 0;
  const sums = signedSumsOfEights(values);
  const eights = sums.length >> 8;
  for (let r = 0; r < resamples; r++) {
    let sum = 0;
    let bits = 0;
    for (let k = 0; k < eights; k++) {
      if (k % 4 === 0) bits = random.uint32();
      sum += sums[(k << 8) | (bits & 255)];
      bits >>>= 8;
    }
    if ((sides === 2 ? Math.abs(sum) : alternative === 'greater' ? sum : -sum) >= threshold) hits++;
  }
  return {
    difference,
    p: (hits + 1) / (resamples + 1),
    smallestP: 1 / (resamples + 1),
    exact: false,
    patterns: resamples,
  };
}

/** For each eight values in order the sums with all 256 patterns of signs: bit j of the pattern set, value j counts as it is, else turned. */
function signedSumsOfEights(values: Float64Array): Float64Array {
  const sums = new Float64Array(Math.ceil(values.length / 8) * 256);
  for (let p = 0; p < sums.length; p++) {
    const first = (p >> 8) * 8;
    for (let j = 0; j < 8 && first + j < values.length; j++) {
      sums[p] += (p >> j) & 1 ? values[first + j] : -values[first + j];
    }
  }
  return sums;
}

/** The share of sign patterns whose sum reaches the threshold; signs are symmetric, so either side serves. */
function shareOfSigns(values: Float64Array, threshold: number): number {
  const left = signedSums(values.subarray(0, values.length >> 1));
  const right = signedSums(values.subarray(values.length >> 1));
  return 1 - countBelow(left, right, threshold) / (left.length * right.length);
}

/** The random source given, or E_ARGUMENT. */
export function requireRandom<R>(random: R | undefined, what: string): R {
  if (random === undefined) {
    throw new DactylError(
      'E_ARGUMENT',
      `A permutation test of ${what}, cannot count every pattern: expected a random source, received none. Pass { random }.`,
    );
  }
  return random;
}
