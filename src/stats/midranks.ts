/** Ranks from 1, ties sharing the mean of their places, and Σ (t³ − t) over groups of t tied values. */
export interface Midranks {
  readonly ranks: Float64Array;
  readonly tieTerm: number;
}

/** The midranks of finite values. Values within `tolerance` of the least of their group are tied with it. */
export function midranks(values: ArrayLike<number>, tolerance = 0): Midranks {
  const n = values.length;
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => values[i] - values[j]);
  const ranks = new Float64Array(n);
  let tieTerm = 0;
  for (let first = 0; first < n;) {
    let end = first + 1;
    while (end < n && values[order[end]] - values[order[first]] <= tolerance) end++;
    for (let place = first; place < end; place++) ranks[order[place]] = (first + 1 + end) / 2;
    const tied = end - first;
    tieTerm += tied * (tied * tied - 1);
    first = end;
  }
  return { ranks, tieTerm };
}
