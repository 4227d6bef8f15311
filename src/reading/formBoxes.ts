import { type Component, type Labelled, strokeWidth } from './components.ts';
import type { Plane } from './plane.ts';
import { type Cut, onLine } from './straight.ts';

/** Of its height: what stands in a box is at least so high, … */
const LEAST_WITHIN = 0.3;
/** … and its sides are at most so wide, of the smaller extent. */
const WIDEST = 0.12;
/** Of its rows and columns, but for this share at either end, so many have to be cut alike and to fit. */
const END = 0.1;
const ALIKE = 0.9;
/** Columns may lie in the walls between its cells. */
const ALIKE_COLUMNS = 0.8;

/**
 * The boxes of a form in which something stands, one or several in a row: two level sides and two or more upright ones, as straight as no hand draws them, in one piece that touches
 * nothing that is written. Their walls would be read as ones.
 */
export function formBoxes(
  { labels, components }: Labelled,
  { columns }: Pick<Plane, 'columns'>,
): Set<Component> {
  return new Set(
    components.filter((box) => {
      const [height, width] = [box.bottom - box.top, box.right - box.left];
      return (
        strokeWidth(box) <= WIDEST * Math.min(height, width) &&
        components.some((other) => isWithin(other, box)) &&
        isBox(box, labels, columns)
      );
    }),
  );
}

function isWithin(other: Component, box: Component): boolean {
  return (
    other.left > box.left &&
    other.right < box.right &&
    other.top > box.top &&
    other.bottom < box.bottom &&
    other.bottom - other.top >= LEAST_WITHIN * (box.bottom - box.top)
  );
}

function isBox(box: Component, labels: Int32Array, columns: number): boolean {
  const { left, top, right, bottom } = box;
  const inked = (row: number, column: number): boolean => labels[row * columns + column] === box.label;
  const across = cutsOf([left, right], [top, bottom], 0, (column, row) => inked(row, column));
  if (!areSides(across, 2, ALIKE_COLUMNS)) return false;
  // Of a box that is turned the upper rows go through its upper side.
  const upper = across.filter(({ length }) => length === 2).map(([{ middle }]) => middle);
  const turned = Math.abs(upper[upper.length - 1] - upper[0]) / (1 - 2 * END);
  const rows = cutsOf([top, bottom], [left, right], turned, inked);
  const walls = usual(rows);
  return walls >= 2 && areSides(rows, walls, ALIKE);
}

/** The cuts through each row (or column) that is not near an end, `more` pixels further away. */
function cutsOf(
  [first, last]: readonly [number, number],
  [from, to]: readonly [number, number],
  more: number,
  inked: (place: number, along: number) => boolean,
): Cut[][] {
  const end = Math.ceil(END * (last - first) + more);
  return Array.from({ length: Math.max(0, last - first - 2 * end) }, (_, k) => {
    const cuts: Cut[] = [];
    let start = -1;
    for (let along = from; along <= to; along++) {
      const isInk = along < to && inked(first + end + k, along);
      if (isInk && start < 0) start = along;
      if (isInk || start < 0) continue;
      cuts.push({ middle: (start + along - 1) / 2, width: along - start });
      start = -1;
    }
    return cuts;
  });
}

/** The commonest number of cuts; the smaller of two that are as common. */
function usual(rows: readonly (readonly Cut[])[]): number {
  const counts = new Map<number, number>();
  for (const { length } of rows) counts.set(length, (counts.get(length) ?? 0) + 1);
  return [...counts].sort(([a, m], [b, n]) => n - m || a - b).at(0)?.[0] ?? 0;
}

/** Whether so many sides are cut nearly everywhere, each of them straight. */
function areSides(rows: readonly (readonly Cut[])[], sides: number, share: number): boolean {
  const whole = rows.filter(({ length }) => length === sides);
  return (
    whole.length >= Math.max(4, share * rows.length) &&
    Array.from({ length: sides }, (_, side) => onLine(whole.map((cuts) => cuts[side]))).every(
      (count) => count >= ALIKE * whole.length,
    )
  );
}
