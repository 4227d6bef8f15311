import { type Component, type Labelled, strokeWidth } from './components.ts';
import type { Plane } from './plane.ts';
import { type Cut, onLine } from './straight.ts';

/** A rule is more than so many times as high as the marks beside it are on the middle, … */
const TALLER = 2;
/** … of which there are so many, no further away than its height and no lower than this share of it: dots tell nothing. */
const BESIDE = 2;
const LEAST_BESIDE = 0.12;
/** Share of its height that it may lean by. */
const LEAN = 0.2;
/** Share of its rows that have to lie on a straight line, as wide as the others. */
const STRAIGHT = 0.95;

/** The upright rules of a form: strokes as straight as no hand draws them, far taller than the marks beside them, which would be read as ones. */
export function uprightRules(
  { labels, components }: Labelled,
  { columns }: Pick<Plane, 'columns'>,
): Set<Component> {
  return new Set(
    components.filter((component) => {
      const height = component.bottom - component.top;
      const width = strokeWidth(component);
      if (component.right - component.left > LEAN * height + width) return false;
      const heights = heightsBeside(component, components);
      if (heights.length < BESIDE || height <= TALLER * heights[Math.floor(heights.length / 2)]) return false;
      return isStraight(component, labels, columns);
    }),
  );
}

/** Of marks that stand beside it, upwards. */
function heightsBeside(rule: Component, components: readonly Component[]): number[] {
  const height = rule.bottom - rule.top;
  return components
    .filter((other) => {
      const apart = Math.max(other.left - rule.right, rule.left - other.right);
      const middle = (other.top + other.bottom) / 2;
      return (
        other !== rule &&
        apart >= 0 &&
        apart <= height &&
        middle > rule.top &&
        middle < rule.bottom &&
        other.bottom - other.top >= LEAST_BESIDE * height
      );
    })
    .map(({ top, bottom }) => bottom - top)
    .sort((a, b) => a - b);
}

/** Whether nearly all rows are one run as wide as the others, in the middle of a line from the first quarter's to the last's. */
function isStraight(
  { label, left, top, right, bottom }: Component,
  labels: Int32Array,
  columns: number,
): boolean {
  const runs: Cut[] = [];
  for (let row = top; row < bottom; row++) {
    let [first, last, count] = [-1, -1, 0];
    for (let column = left; column < right; column++) {
      if (labels[row * columns + column] !== label) continue;
      if (first < 0) first = column;
      last = column;
      count++;
    }
    if (count === last - first + 1) runs.push({ middle: (first + last) / 2, width: count });
  }
  const rows = bottom - top;
  if (runs.length < STRAIGHT * rows) return false;
  return onLine(runs) >= STRAIGHT * rows;
}
