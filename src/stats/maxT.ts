import { naturalLogarithm } from '../util/logarithm.ts';
import { Random } from '../util/random.ts';
import { moments } from './moments.ts';
import { requireConfidence, requireCount } from './requirements.ts';

const STREAM = 'max-t';
/** Of a correlation matrix: what is left of a column below this is rounding. */
const RANK_TOLERANCE = 1e-10;

export interface MaxTOptions {
  /** Of all intervals at once. Default 0.95. */
  readonly confidence?: number;
  /** Simulated values of the largest |t|. Default 10,000. */
  readonly draws?: number;
  readonly seed?: number;
  /** Images tested over images trained on, where training sets of folds overlap (Nadeau and Bengio); default 0. */
  readonly overlap?: number;
}

export interface SimultaneousComparison {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  /** Two-sided, adjusted for all comparisons: never below 1/(draws + 1). */
  readonly p: number;
}

/**
 * Simultaneous intervals of the means of several columns measured on the same `n` units (`columns[k][i]`, k < K, i < n): mean ± q·s/√n, where q is
 * the quantile of max |T| and T is multivariate t with n − 1 degrees of freedom and the columns' sample correlations (Hothorn, Bretz &
 * Westfall 2008). It is drawn: normals of that correlation (a multiplier simulation of unit-normed residuals has the same distribution) over
 * one √(χ²/(n − 1)) a draw. An interval excludes zero exactly where its p is below 1 − confidence. A column whose values are all equal has an
 * interval of no width. Throws E_ARGUMENT for no column, fewer than two units or a value that is not finite.
 */
export function maxT(
  columns: readonly ArrayLike<number>[],
  { confidence = 0.95, draws = 10_000, seed = 1, overlap = 0 }: MaxTOptions = {},
): SimultaneousComparison[] {
  requireConfidence(confidence);
  requireCount(columns.length, 1, 'Simultaneous intervals, columns');
  requireCount(draws, 100, 'Simultaneous intervals, draws');
  const all = columns.map((column) => moments(column, 'Simultaneous intervals'));
  const { n } = all[0];
  const errors = all.map(({ sd }) => sd * Math.sqrt(1 / n + overlap));
  const varied = columns.filter((_, k) => errors[k] > 0);
  const factor = factorOf(correlationsOf(varied));
  const largest = largestOf(factor, drawsFor({ rank: factor[0]?.length ?? 0, degrees: n - 1, draws, seed }));
  const quantile = largest[Math.min(draws, Math.ceil(confidence * (draws + 1))) - 1];
  return all.map(({ mean }, k) => {
    const half = quantile * errors[k];
    const t = Math.abs(mean) / errors[k];
    const p = mean === 0 ? 1 : (1 + draws - countBelow(largest, t)) / (draws + 1);
    return { mean, low: mean - half, high: mean + half, p };
  });
}

function correlationsOf(columns: readonly ArrayLike<number>[]): number[][] {
  const units = columns.map((column) => {
    const values = Array.from(column);
    const centre = values.reduce((sum, value) => sum + value, 0) / values.length;
    const norm = Math.hypot(...values.map((value) => value - centre));
    return values.map((value) => (value - centre) / norm);
  });
  return units.map((a) => units.map((b) => a.reduce((sum, value, i) => sum + value * b[i], 0)));
}

/** Rows of L with L·Lᵀ = `matrix`, by Cholesky's method with pivots, as wide as the matrix has rank. */
function factorOf(matrix: readonly (readonly number[])[]): number[][] {
  const left = matrix.map((row, k) => row[k]);
  const rows = matrix.map((): number[] => []);
  for (let rank = 0; rank < matrix.length; rank++) {
    const pivot = left.reduce((best, value, k) => (value > left[best] ? k : best), 0);
    if (left[pivot] < RANK_TOLERANCE) break;
    const root = Math.sqrt(left[pivot]);
    const base = [...rows[pivot]];
    rows.forEach((row, k) => {
      const dot = base.reduce((sum, value, j) => sum + value * row[j], 0);
      const value = k === pivot ? root : (matrix[k][pivot] - dot) / root;
      row.push(value);
      left[k] -= value * value;
    });
    left[pivot] = 0;
  }
  return rows;
}

/** Drawn values of the largest |T|, in order; zeros where nothing varies. */
function largestOf(factor: readonly (readonly number[])[], { normals, spreads }: Draws): Float64Array {
  const rank = factor.length === 0 ? 0 : factor[0].length;
  const largest = new Float64Array(spreads.length);
  for (let draw = 0; draw < spreads.length; draw++) {
    let most = 0;
    for (const row of factor) {
      let sum = 0;
      for (let j = 0; j < rank; j++) sum += row[j] * normals[draw * rank + j];
      most = Math.max(most, Math.abs(sum));
    }
    largest[draw] = most / spreads[draw];
  }
  return largest.sort();
}

interface Design {
  readonly rank: number;
  readonly degrees: number;
  readonly draws: number;
  readonly seed: number;
}

/** Independent of the data: `rank` standard normals for each draw, and √(χ²/degrees). */
interface Draws {
  readonly normals: Float64Array;
  readonly spreads: Float64Array;
}

let kept: { readonly key: string; readonly drawn: Draws } | undefined;

/** The last ones are kept: all statements about the digits of one study share them. */
function drawsFor({ rank, degrees, draws, seed }: Design): Draws {
  const key = [rank, degrees, draws, seed].join('/');
  if (kept?.key === key) return kept.drawn;
  const random = new Random(seed, STREAM);
  const normals = Float64Array.from({ length: draws * rank }, () => random.normal());
  const spreads = Float64Array.from({ length: draws }, () => Math.sqrt(chiSquare(degrees, random) / degrees));
  kept = { key, drawn: { normals, spreads } };
  return kept.drawn;
}

/** A χ² variate: twice a gamma one of shape degrees/2 (Marsaglia & Tsang 2000), which wants a shape of 1 and more. */
function chiSquare(degrees: number, random: Random): number {
  if (degrees < 2) return random.normal() ** 2;
  const d = degrees / 2 - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = random.normal();
    const base = 1 + c * x;
    if (base <= 0) continue;
    const v = base * base * base;
    const u = random.uniform();
    if (u > 0 && naturalLogarithm(u) < 0.5 * x * x + d * (1 - v + naturalLogarithm(v))) return 2 * d * v;
  }
}

function countBelow(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
