import type { Plane } from './plane.ts';

/** Bands in which seams are looked for: how they lean (columns a row upwards), how far a seam may stray from the middle of its band and how far bands are apart, in heights of the line. */
const BANDS = [
  { slope: 0, stray: 0.13, spacing: 0.06 },
  { slope: 0.4, stray: 0.1, spacing: 0.08 },
  { slope: 0, stray: 0.25, spacing: 0.12 },
] as const;
/** Seams that lie closer to each other on average, in heights of the line, or with less ink between them, in heights by widths of the stroke, are one. */
const SAME = 0.06;
const SAME_INK = 0.1;
/** Narrowest piece. */
const NARROWEST = 0.1;
/** Most ink, in heights by widths of the stroke, that goes to the other side of a seam because it hangs together with nothing else on its own. */
const MOST_MOVED = 0.15;
/** Costs of a step across ink, through paper, and aslant. */
const INK_COST = 1;
const PAPER_COST = 0.02;
const SLANT_COST = 0.1;

/** A way from top to bottom through a component, between the touching digits of which it may consist. */
export interface Seam {
  /** By row: what lies at this column or further right is on the right side, */
  readonly columns: Int32Array;
  /** but these pixels are on the other side. */
  readonly moved: readonly number[];
  /** Pixels of ink that it goes through. */
  readonly crossed: number;
}

/**
 * The cheapest ways through a component's mask (1 ink), by dynamic programming within bands: at the minima of the ink below each other and along the valleys of its outline,
 * where digits touch. Those that go through more than `most` pixels of ink are none. `stroke`: width of the pen in pixels. From left to right.
 */
export function seamsOf(mask: Plane<Uint8Array>, height: number, most: number, stroke: number): Seam[] {
  const { columns } = mask;
  const margin = Math.max(1, Math.round(NARROWEST * height));
  const found: Seam[] = [];
  for (const { slope, stray, spacing } of BANDS) {
    const reach = Math.max(2, Math.round(stray * height));
    const step = Math.max(1, Math.round(spacing * height));
    for (let place = margin; place <= columns - margin; place += step) {
      const seam = seamIn(mask, place, slope, reach);
      if (seam && seam.crossed <= most) found.push(seam);
    }
  }
  const kept: Seam[] = [];
  for (const seam of found.sort((a, b) => a.crossed - b.crossed)) {
    const differs = (other: Seam): boolean =>
      distance(seam, other) >= SAME * height && inkBetween(mask, seam, other) >= SAME_INK * height * stroke;
    if (kept.every(differs)) kept.push(seam);
  }
  return kept
    .sort((a, b) => middle(a) - middle(b))
    .map((seam) => ({ ...seam, moved: strays(mask, seam, MOST_MOVED * height * stroke) }));
}

function distance(a: Seam, b: Seam): number {
  let sum = 0;
  a.columns.forEach((column, row) => (sum += Math.abs(column - b.columns[row])));
  return sum / a.columns.length;
}

function inkBetween({ data, rows, columns }: Plane, a: Seam, b: Seam): number {
  let ink = 0;
  for (let row = 0; row < rows; row++) {
    const end = row * columns + Math.max(a.columns[row], b.columns[row]);
    for (let i = row * columns + Math.min(a.columns[row], b.columns[row]); i < end; i++) ink += data[i];
  }
  return ink;
}

function middle({ columns }: Seam): number {
  return columns.reduce((sum, column) => sum + column, 0) / columns.length;
}

/** Within `stray` columns of a line through the middle row at `place`; beside the mask only where it leans. */
function seamIn(
  { data, rows, columns }: Plane,
  place: number,
  slope: number,
  stray: number,
): Seam | undefined {
  const [least, last] = slope === 0 ? [1, columns - 1] : [0, columns];
  if (last < least) return undefined;
  const within = (column: number): number => Math.min(last, Math.max(least, column));
  const middles = Int32Array.from(
    { length: rows },
    (_, row) => place + Math.round(slope * ((rows - 1) / 2 - row)),
  );
  const firsts = middles.map((column) => within(column - stray));
  const ends = middles.map((column) => within(column + stray));
  const width = 2 * stray + 1;
  const steps = new Int8Array(rows * width);
  /** By column, and one on each side. */
  let costs = new Float64Array(columns + 3);
  let next = new Float64Array(columns + 3);
  for (let row = 0; row < rows; row++) {
    next.fill(Infinity);
    for (let x = firsts[row]; x <= ends[row]; x++) {
      let best = costs[x + 1];
      let step = 0;
      if (row > 0) {
        if (costs[x] + SLANT_COST < best) [best, step] = [costs[x] + SLANT_COST, -1];
        if (costs[x + 2] + SLANT_COST < best) [best, step] = [costs[x + 2] + SLANT_COST, 1];
      }
      steps[row * width + x - firsts[row]] = step;
      next[x + 1] = best + (x < columns && data[row * columns + x] ? INK_COST : PAPER_COST);
    }
    [costs, next] = [next, costs];
  }
  const bottom = rows - 1;
  let at = firsts[bottom];
  for (let x = at; x <= ends[bottom]; x++) if (costs[x + 1] < costs[at + 1]) at = x;
  if (costs[at + 1] === Infinity) return undefined;
  // Of equal ways the middle one.
  let other = at;
  while (other < ends[bottom] && costs[other + 2] === costs[at + 1]) other++;
  at = Math.floor((at + other) / 2);
  const seam = new Int32Array(rows);
  let crossed = 0;
  for (let row = bottom; row >= 0; row--) {
    seam[row] = at;
    if (at < columns && data[row * columns + at]) crossed++;
    at += steps[row * width + at - firsts[row]];
  }
  return { columns: seam, crossed, moved: [] };
}

/** Ink beside a seam, up to `most` pixels of it, that hangs together with nothing else on its side: the end of a stroke of the digit on the other side. */
export function strays(
  { data, rows, columns }: Plane<Uint8Array>,
  { columns: seam }: Pick<Seam, 'columns'>,
  most: number,
): number[] {
  const seen = new Uint8Array(rows * columns);
  const moved: number[] = [];
  const follow = (start: number, isRight: boolean): void => {
    const found = [start];
    seen[start] = 1;
    for (let k = 0; k < found.length; k++) {
      const row = Math.floor(found[k] / columns);
      const column = found[k] % columns;
      for (let y = Math.max(0, row - 1); y <= Math.min(rows - 1, row + 1); y++) {
        for (let x = Math.max(0, column - 1); x <= Math.min(columns - 1, column + 1); x++) {
          const i = y * columns + x;
          if (data[i] === 0 || seen[i] === 1 || x >= seam[y] !== isRight) continue;
          seen[i] = 1;
          found.push(i);
        }
      }
    }
    if (found.length <= most) moved.push(...found);
  };
  for (let row = 0; row < rows; row++) {
    for (const isRight of [false, true]) {
      const x = isRight ? seam[row] : seam[row] - 1;
      const i = row * columns + x;
      if (x >= 0 && x < columns && data[i] === 1 && seen[i] === 0) follow(i, isRight);
    }
  }
  return moved;
}
