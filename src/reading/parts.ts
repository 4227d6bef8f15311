import type { Component } from './components.ts';
import type { Placed } from './lines.ts';
import type { Plane } from './plane.ts';
import type { Seam } from './seams.ts';

export interface Part {
  readonly component: Component;
  /** Which of the component's parts, from the left. */
  readonly order: number;
  /** Between it and the part before. */
  readonly seam?: PlacedSeam;
  /** Of the component, in the region's pixels. */
  readonly whole: Placed;
  box: Placed;
  /** Between it and the parts before and after that hold ink. */
  lower?: PlacedSeam | undefined;
  upper?: PlacedSeam | undefined;
}

/** A seam in the region's pixels. */
export interface PlacedSeam extends Omit<Seam, 'moved'> {
  readonly top: number;
  readonly left: number;
  readonly moved: ReadonlySet<number>;
  /** All that lies further left is on its left side, and what lies further right on its right side. */
  readonly least: number;
  readonly most: number;
}

/** Whether a pixel lies on the right of a seam. */
export function isRight(
  { columns, top, left, moved }: PlacedSeam,
  row: number,
  column: number,
  pixel: number,
): boolean {
  const right = column - left >= columns[row - top];
  return moved.size > 0 && moved.has(pixel) ? !right : right;
}

/** A seam of a mask whose first pixel lies at `top` and `left` of a region `wide` pixels wide. */
export function placed(
  { columns, moved: pixels, ...seam }: Seam,
  mask: Plane,
  top: number,
  left: number,
  wide: number,
): PlacedSeam {
  let [least, most] = [Infinity, -Infinity];
  const include = (column: number): void => {
    least = Math.min(least, column + left);
    most = Math.max(most, column + left);
  };
  columns.forEach(include);
  const own = new Set<number>();
  for (const i of pixels) {
    const [row, column] = [Math.floor(i / mask.columns), i % mask.columns];
    include(column);
    own.add((row + top) * wide + column + left);
  }
  return { ...seam, columns, moved: own, top, left, least, most: most + 1 };
}

/** What of a component belongs to some pieces: what lies on the right of one seam and on the left of another. */
export interface Bounds {
  readonly lower: PlacedSeam | undefined;
  upper: PlacedSeam | undefined;
  box: Placed;
}

export function boundsOf(parts: readonly Part[], from: number, to: number): Map<Component, Bounds> {
  const bounds = new Map<Component, Bounds>();
  for (const { component, whole, lower, upper } of parts.slice(from, to + 1)) {
    const bound = bounds.get(component) ?? { box: whole, lower, upper };
    bound.upper = upper;
    bounds.set(component, bound);
  }
  for (const bound of bounds.values()) {
    const { left, right, top, bottom } = bound.box;
    bound.box = { left: bound.lower?.least ?? left, right: bound.upper?.most ?? right, top, bottom };
  }
  return bounds;
}

/** Measures the parts, leaves out those without a pixel, sorts them by their middles, those of a component as its seams lie, and numbers the owners anew. */
export function arranged(parts: readonly Part[], owners: Int32Array, columns: number): Part[] {
  const [left, top, right, bottom] = [Infinity, Infinity, -1, -1].map((start) =>
    new Float64Array(parts.length + 1).fill(start),
  );
  owners.forEach((owner, i) => {
    if (owner === 0) return;
    const [row, column] = [Math.floor(i / columns), i % columns];
    left[owner] = Math.min(left[owner], column);
    top[owner] = Math.min(top[owner], row);
    right[owner] = Math.max(right[owner], column + 1);
    bottom[owner] = Math.max(bottom[owner], row + 1);
  });
  const last = new Map<Component, { part: Part; middle: number }>();
  const found = parts.map((part, k) => ({ part, k: k + 1, middle: 0 })).filter(({ k }) => right[k] > 0);
  for (const one of found) {
    const { part, k } = one;
    const before = last.get(part.component);
    one.middle = Math.max(left[k] + right[k], before?.middle ?? 0);
    if (before) part.lower = before.part.upper = part.seam;
    last.set(part.component, one);
  }
  found.sort(
    (a, b) =>
      a.middle - b.middle ||
      (a.part.component === b.part.component ? a.part.order - b.part.order : top[a.k] - top[b.k]),
  );
  const numbers = new Int32Array(parts.length + 1);
  found.forEach(({ part, k }, place) => {
    numbers[k] = place + 1;
    part.box = { left: left[k], top: top[k], right: right[k], bottom: bottom[k] };
  });
  for (let i = 0; i < owners.length; i++) owners[i] = numbers[owners[i]];
  return found.map(({ part }) => part);
}

/** Between which pieces a component is cut, and through how much. */
export function cutsOf(parts: readonly Part[], stroke: number): Float64Array {
  const cuts = new Float64Array(parts.length + 1);
  const last = new Map<Component, number>();
  parts.forEach(({ component, lower }, place) => {
    const before = last.get(component);
    // Even a cut through nothing separates what hangs together by corners.
    if (before !== undefined) {
      for (let k = before + 1; k <= place; k++) cuts[k] += Math.max(0.1, (lower?.crossed ?? 0) / stroke);
    }
    last.set(component, place);
  });
  return cuts;
}
