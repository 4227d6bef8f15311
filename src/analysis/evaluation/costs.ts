import { studentInterval, studentQuantile } from '../../stats/student.ts';
import { wilson } from '../../stats/wilson.ts';
import { isNumber, isNumbers, requireType } from '../../util/options.ts';

/** What it costs to take an image of class t for class p: [t][p], in a unit of the user's. */
export type Costs = readonly (readonly number[])[];

export interface ExpectedCost {
  /** Per 1,000 images. */
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly over: 'seeds' | 'images';
}

/** 1 for every error, 0 for a right answer. */
export function unitCosts(classes: number): Costs {
  return Array.from({ length: classes }, (_, t) =>
    Array.from({ length: classes }, (_, p) => (t === p ? 0 : 1)),
  );
}

/**
 * 1000 · Σ n[t][p] · cost[t][p] / Σ n[t][p]: mean over networks, with a 95 % Student interval over them, or of a single one over its
 * images: Wilson's times the cost where every error costs the same, else Student's; without any error up to Wilson's upper end times
 * the dearest error. As many images of each class as in the confusion matrices.
 * `designEffect`: how many times as large the variance over images is taken, >= 1, where images by one writer are alike.
 */
export function expectedCost(
  confusions: readonly (readonly (readonly number[])[])[],
  costs: Costs,
  designEffect = 1,
): ExpectedCost {
  requireType(
    'expectedCost: designEffect',
    'a number >= 1',
    isNumber(designEffect, (x) => x >= 1 && x < Infinity),
    designEffect,
  );
  requireSquares('expectedCost: confusions', confusions);
  requireSquares('expectedCost: costs', [costs]);
  const each = confusions.map((confusion) => costMoments(confusion, costs));
  if (each.length > 1) {
    const { mean: centre, low, high } = studentInterval(each.map((one) => 1000 * one.mean));
    return { mean: centre, low: Math.max(0, low), high, over: 'seeds' };
  }
  const [{ mean: centre, variance, n }] = each;
  const worth = Math.max(2, Math.round(n / designEffect));
  const prices = costs.flatMap((row, t) => row.filter((_, p) => p !== t));
  const dearest = Math.max(...prices);
  if (centre === 0 || prices.every((price) => price === dearest)) {
    const share = Math.round((centre * n) / dearest) / n;
    const { low, high } = dearest === 0 ? { low: 0, high: 0 } : wilson(share * worth, worth);
    return { mean: 1000 * centre, low: 1000 * dearest * low, high: 1000 * dearest * high, over: 'images' };
  }
  const half = studentQuantile(0.975, worth - 1) * Math.sqrt(variance / worth);
  return {
    mean: 1000 * centre,
    low: Math.max(0, 1000 * (centre - half)),
    high: 1000 * (centre + half),
    over: 'images',
  };
}

function requireSquares(what: string, tables: unknown): void {
  const fits =
    Array.isArray(tables) &&
    tables.length > 0 &&
    tables.every((table) => Array.isArray(table) && table.length > 0 && table.every(isNumbers));
  requireType(what, 'tables of numbers, [true class][predicted class]', fits, tables);
}

/** Mean and variance (n − 1) of the cost of an image. */
function costMoments(
  confusion: readonly (readonly number[])[],
  costs: Costs,
): { mean: number; variance: number; n: number } {
  const cells = confusion.flatMap((row, t) => row.map((count, p) => [count, costs[t][p]] as const));
  const n = cells.reduce((sum, [count]) => sum + count, 0);
  const centre = cells.reduce((sum, [count, cost]) => sum + count * cost, 0) / n;
  const squares = cells.reduce((sum, [count, cost]) => sum + count * (cost - centre) * (cost - centre), 0);
  return { mean: centre, variance: squares / (n - 1), n };
}
