/** A parameter's values, one for each point. */
export interface FeatureColumn {
  /** Number of unordered levels, which are counted from 0; null: positions in [0, 1]. */
  readonly levels: number | null;
  readonly values: readonly number[];
}

/** The part of the space that a leaf covers along one parameter. */
export type Side = { readonly from: number; readonly to: number } | ReadonlySet<number>;

/** A part of the space with one prediction. */
export interface Leaf {
  readonly sides: readonly Side[];
  readonly value: number;
}

export function isRange(side: Side): side is { readonly from: number; readonly to: number } {
  return 'from' in side;
}

/** The points in the order of a column's values. */
export function orderOf({ values }: FeatureColumn): number[] {
  return values.map((_, i) => i).sort((a, b) => values[a] - values[b] || a - b);
}

/** What a tree is grown on; `orders`: `orderOf` each column; `weights`: how often each point counts; `least`: weight of a leaf. */
export interface Sample {
  readonly columns: readonly FeatureColumn[];
  readonly orders: readonly (readonly number[])[];
  readonly targets: readonly number[];
  readonly weights: readonly number[];
  readonly least: number;
}

interface Split {
  column: number;
  /** Positions up to here, or this level alone, go to the first half. */
  at: number;
  gain: number;
}

/**
 * A regression tree (Breiman et al. 1984), grown until no leaf can be divided into two of the least weight: each split is the one that lowers the sum of squares
 * most, at the middle between two neighbouring positions or of one level against the rest; of equals the first. Returns its leaves, which
 * divide the space.
 */
export function growTree(sample: Sample): Leaf[] {
  const whole = sample.columns.map(({ levels }) =>
    levels === null ? { from: 0, to: 1 } : new Set(Array.from({ length: levels }, (_, level) => level)),
  );
  const used = sample.orders.map((order) => order.filter((i) => sample.weights[i] > 0));
  const leaves: Leaf[] = [];
  grow(sample, used, whole, leaves);
  return leaves;
}

function grow(
  sample: Sample,
  orders: readonly (readonly number[])[],
  sides: readonly Side[],
  leaves: Leaf[],
): void {
  const { columns, targets, weights } = sample;
  let count = 0;
  let sum = 0;
  let same = true;
  for (const i of orders[0]) {
    count += weights[i];
    sum += weights[i] * targets[i];
    same &&= targets[i] === targets[orders[0][0]];
  }
  const split = same ? null : bestSplit(sample, orders, count, sum);
  if (split === null) {
    leaves.push({ sides, value: sum / count });
    return;
  }
  const { column, at } = split;
  const { levels, values } = columns[column];
  const isFirst = levels === null ? (i: number) => values[i] <= at : (i: number) => values[i] === at;
  const side = sides[column];
  const [first, second]: [Side, Side] = isRange(side)
    ? [
        { from: side.from, to: at },
        { from: at, to: side.to },
      ]
    : [new Set([at]), new Set([...side].filter((level) => level !== at))];
  grow(
    sample,
    orders.map((order) => order.filter(isFirst)),
    sides.with(column, first),
    leaves,
  );
  grow(
    sample,
    orders.map((order) => order.filter((i) => !isFirst(i))),
    sides.with(column, second),
    leaves,
  );
}

function bestSplit(
  { columns, targets, weights, least }: Sample,
  orders: readonly (readonly number[])[],
  count: number,
  sum: number,
): Split | null {
  const best: Split = { column: -1, at: 0, gain: 0 };
  const unsplit = (sum * sum) / count;
  /** Squares saved: s₁² / n₁ + s₂² / n₂ − s² / n. */
  const consider = (column: number, at: number, n: number, s: number): void => {
    if (n < least || count - n < least) return;
    const gain = (s * s) / n + ((sum - s) * (sum - s)) / (count - n) - unsplit;
    // What differs by rounding alone is equal.
    if (best.column >= 0 && gain <= best.gain * (1 + 1e-12)) return;
    best.column = column;
    best.at = at;
    best.gain = gain;
  };
  for (let column = 0; column < columns.length; column++) {
    const { levels, values } = columns[column];
    const order = orders[column];
    let n = 0;
    let s = 0;
    for (let k = 0; k < order.length; k++) {
      const i = order[k];
      n += weights[i];
      s += weights[i] * targets[i];
      const here = values[i];
      const next = k + 1 < order.length ? values[order[k + 1]] : NaN;
      if (next === here) continue;
      consider(column, levels === null ? (here + next) / 2 : here, n, s);
      // A level alone against the rest: the sums begin anew with each.
      if (levels !== null) n = s = 0;
    }
  }
  return best.column < 0 ? null : best;
}
