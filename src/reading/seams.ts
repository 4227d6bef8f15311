import type { Plane } from './plane.ts';

/** Extents as shares of the line's height: between places where a seam is looked for, and how far it may stray from its place. */
const SPACING = 0.06;
const STRAY = 0.13;
/** Seams that lie closer to each other on average are one. */
const SAME = 0.08;
/** Narrowest piece. */
const NARROWEST = 0.1;
/** Costs of a step across ink, through paper, and aslant. */
const INK_COST = 1;
const PAPER_COST = 0.02;
const SLANT_COST = 0.1;

/** A way from top to bottom through a component, between the touching digits of which it may consist. */
export interface Seam {
  /** By row: what lies at this column or further right is on the right side. */
  readonly columns: Int32Array;
  /** Pixels of ink that it goes through. */
  readonly crossed: number;
}

/**
 * The cheapest ways through a component's mask (1 ink), by dynamic programming within bands: at the minima of the ink below each other and along the valleys of its outline,
 * where digits touch. Those that go through more than `most` pixels of ink are none. From left to right.
 */
export function seamsOf(mask: Plane<Uint8Array>, height: number, most: number): Seam[] {
  const { columns } = mask;
  const stray = Math.max(2, Math.round(STRAY * height));
  const spacing = Math.max(1, Math.round(SPACING * height));
  const margin = Math.max(1, Math.round(NARROWEST * height));
  const found: Seam[] = [];
  for (let place = margin; place <= columns - margin; place += spacing) {
    const seam = seamIn(mask, Math.max(1, place - stray), Math.min(columns - 1, place + stray));
    if (seam && seam.crossed <= most) found.push(seam);
  }
  const kept: Seam[] = [];
  for (const seam of found.sort((a, b) => a.crossed - b.crossed)) {
    if (kept.every((other) => distance(seam, other) >= SAME * height)) kept.push(seam);
  }
  return kept.sort((a, b) => middle(a) - middle(b));
}

function distance(a: Seam, b: Seam): number {
  let sum = 0;
  a.columns.forEach((column, row) => (sum += Math.abs(column - b.columns[row])));
  return sum / a.columns.length;
}

function middle({ columns }: Seam): number {
  return columns.reduce((sum, column) => sum + column, 0) / columns.length;
}

function seamIn({ data, rows, columns }: Plane, from: number, to: number): Seam | undefined {
  const width = to - from + 1;
  if (width < 1) return undefined;
  const steps = new Int8Array(rows * width);
  let costs = new Float64Array(width);
  let next = new Float64Array(width);
  for (let row = 0; row < rows; row++) {
    for (let k = 0; k < width; k++) {
      let [best, step] = [costs[k], 0];
      if (row > 0) {
        if (k > 0 && costs[k - 1] + SLANT_COST < best) [best, step] = [costs[k - 1] + SLANT_COST, -1];
        if (k < width - 1 && costs[k + 1] + SLANT_COST < best) {
          [best, step] = [costs[k + 1] + SLANT_COST, 1];
        }
      }
      steps[row * width + k] = step;
      next[k] = best + (data[row * columns + from + k] ? INK_COST : PAPER_COST);
    }
    [costs, next] = [next, costs];
  }
  let at = 0;
  for (let k = 1; k < width; k++) if (costs[k] < costs[at]) at = k;
  // Of equal ways the middle one.
  let last = at;
  while (last + 1 < width && costs[last + 1] === costs[at]) last++;
  at = Math.floor((at + last) / 2);
  const seam = new Int32Array(rows);
  let crossed = 0;
  for (let row = rows - 1; row >= 0; row--) {
    seam[row] = from + at;
    if (data[row * columns + from + at]) crossed++;
    at += steps[row * width + at];
  }
  return { columns: seam, crossed };
}
