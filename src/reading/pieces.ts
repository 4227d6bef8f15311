import { type Component, strokeWidth } from './components.ts';
import { spread, takeStubs } from './growth.ts';
import type { Line, Placed } from './lines.ts';
import { normalised } from './normalise.ts';
import {
  arranged,
  type Bounds,
  boundsOf,
  cutsOf,
  isRight,
  type Part,
  placed,
  type PlacedSeam,
} from './parts.ts';
import { type Weights, weightsFor } from './weights.ts';
import type { Plane } from './plane.ts';
import { seamsOf } from './seams.ts';
import { thickened } from './thicken.ts';

/** A component at least so wide, in heights of the line, may be several digits. */
const CUT_FROM = 0.45;
/** Most ink that a cut goes through, in widths of the stroke. */
const MOST_CROSSED = 3;
/** How far beside a component its blurred edge is ink, in widths of the stroke. */
const HALO = 0.35;
const MOST_HALO = 12;
/** Ink within so many widths of the stroke behind a cut belongs to both sides. */
const STUB = 0.5;
/** A part beside a cut is seen with so much of that ink, in the same unit: how wide the stroke is that both have there is not known. */
const STUBS = [0, STUB, 1];

/** What the digits of one line are made of, from left to right: whole components or parts of them. */
export interface Pieces {
  readonly boxes: readonly Placed[];
  /** Typical height of the line's digits. */
  readonly height: number;
  /** [boxes.length + 1]: ink that is cut through between a piece and the one before, in widths of the stroke; 0 where nothing is. */
  readonly cuts: Float64Array;
  /** What it adds to take two of them together. */
  readonly weights: Weights;
  /** The ink of pieces `from` to `to`, both included, and where it stands. */
  readonly inkOf: (from: number, to: number) => PlacedInk;
  /** The same as an image like MNIST's. */
  readonly imageOf: (from: number, to: number) => Uint8Array;
  /** Images of them: that, and where a cut goes through ink the same without what belongs to both sides, and with more. And the box of their ink. */
  readonly partOf: (from: number, to: number) => { readonly images: Uint8Array[]; readonly box: Placed };
}

export interface PlacedInk extends Plane<Float32Array> {
  readonly left: number;
  readonly top: number;
}

/** `floor`: fainter ink is none. `isWhole`: a component that is not to be cut. */
export function piecesOf(
  line: Line<Component>,
  ink: Plane<Float32Array>,
  labels: Int32Array,
  floor: number,
  isWhole: (component: Component) => boolean,
): Pieces {
  const { marks, height } = line;
  const stroke = strokeWidth({
    area: marks.reduce((sum, { area }) => sum + area, 0),
    edge: marks.reduce((sum, { edge }) => sum + edge, 0),
  });
  const halo = Math.min(MOST_HALO, Math.max(1, Math.round(HALO * stroke)));
  const region = regionOf(marks, halo, ink);
  const [columns, rows] = [region.right - region.left, region.bottom - region.top];
  /** By pixel of the region: one more than the part, 0 outside of all. */
  const owners = new Int32Array(rows * columns);
  const parts: Part[] = [];
  for (const mark of marks) {
    const mask = maskOf(mark, labels, ink.columns);
    const isWide = mark.right - mark.left >= CUT_FROM * height && !isWhole(mark);
    const [top, left] = [mark.top - region.top, mark.left - region.left];
    const seams = (isWide ? seamsOf(mask, height, MOST_CROSSED * stroke, stroke) : []).map((seam) =>
      placed(seam, mask, top, left, columns),
    );
    const whole = moved(mark, -region.left, -region.top);
    const base = parts.length + 1;
    for (let order = 0; order <= seams.length; order++) {
      parts.push({ component: mark, order, whole, box: mark, ...(order > 0 && { seam: seams[order - 1] }) });
    }
    for (let row = 0; row < mask.rows; row++) {
      const to = (row + top) * columns + left;
      for (let column = 0; column < mask.columns; column++) {
        if (mask.data[row * mask.columns + column] === 0) continue;
        let order = 0;
        for (const seam of seams) if (isRight(seam, row + top, column + left, to + column)) order++;
        owners[to + column] = base + order;
      }
    }
  }
  const order = arranged(parts, owners, columns);
  const sources = spread(owners, rows, columns, halo);
  const boxes = order.map(({ box }) => box);
  const cuts = cutsOf(order, stroke);
  const stub = Math.round(STUB * stroke);
  const isCut = (from: number, to: number): boolean => cuts[from] > 0 || cuts[to + 1] > 0;
  const reach = Math.max(halo, stub);
  const takenOf = (from: number, to: number): Taken => {
    const bounds = boundsOf(order, from, to);
    const outer = grown(unionOf([...bounds.values()].map(({ box }) => box)), reach, rows, columns);
    const [wide, high] = [outer.right - outer.left, outer.bottom - outer.top];
    const taken = new Uint8Array(wide * high);
    const owned = new Uint8Array(wide * high);
    let [left, top, right, bottom] = [columns, rows, 0, 0];
    let place = 0;
    let bound: Bounds | undefined;
    let lower: PlacedSeam | undefined;
    let upper: PlacedSeam | undefined;
    for (let y = outer.top, to = 0; y < outer.bottom; y++) {
      let at = y * columns + outer.left;
      for (let x = outer.left; x < outer.right; x++, at++, to++) {
        const source = sources[at];
        if (source < 0) continue;
        owned[to] = 1;
        if (owners[source] !== place) {
          place = owners[source];
          bound = bounds.get(order[place - 1].component);
          lower = bound?.lower;
          upper = bound?.upper;
        }
        if (bound === undefined) continue;
        if (source === at) {
          if (lower !== undefined && !isRight(lower, y, x, source)) continue;
          if (upper !== undefined && isRight(upper, y, x, source)) continue;
          taken[to] = 1;
          if (x < left) left = x;
          if (x >= right) right = x + 1;
          if (y < top) top = y;
          bottom = y + 1;
        } else {
          const fromY = Math.floor(source / columns);
          const fromX = source - fromY * columns;
          if (lower !== undefined && !isRight(lower, fromY, fromX, source)) continue;
          if (upper !== undefined && isRight(upper, fromY, fromX, source)) continue;
          taken[to] = 1;
        }
      }
    }
    const inner = right > left ? { left, top, right, bottom } : unionOf(boxes.slice(from, to + 1));
    return { taken, owned, outer, inner };
  };
  /** The ink of pieces with each of some amounts of what belongs to both sides, which grow. */
  const inksOf = ({ taken, owned, outer, inner }: Taken, stubs: readonly number[]): PlacedInk[] => {
    const box = grown(inner, reach, rows, columns);
    let reached = 0;
    return stubs.map((steps) => {
      takeStubs(taken, owned, outer.right - outer.left, steps - reached);
      reached = steps;
      return inkIn(box, taken, outer);
    });
  };
  const inkIn = (box: Placed, taken: Uint8Array, outer: Placed): PlacedInk => {
    const [wide, high] = [Math.max(0, box.right - box.left), Math.max(0, box.bottom - box.top)];
    const data = new Float32Array(wide * high);
    for (let row = 0; row < high; row++) {
      const start = (row + box.top + region.top) * ink.columns + box.left + region.left;
      const own = (row + box.top - outer.top) * (outer.right - outer.left) + box.left - outer.left;
      for (let column = 0; column < wide; column++) {
        const value = ink.data[start + column];
        if (taken[own + column] === 1 && value > floor) {
          data[row * wide + column] = 255 * Math.min(1, value);
        }
      }
    }
    return { data, rows: high, columns: wide, left: box.left + region.left, top: box.top + region.top };
  };
  const inkOf = (from: number, to: number): PlacedInk =>
    inksOf(takenOf(from, to), [isCut(from, to) ? stub : 0])[0];
  const imageOf = (image: PlacedInk): Uint8Array => normalised(thickened(image, stroke));
  return {
    boxes: boxes.map((box) => moved(box, region.left, region.top)),
    height,
    cuts,
    weights: weightsFor({ boxes, cuts, height }),
    inkOf,
    imageOf: (from, to) => imageOf(inkOf(from, to)),
    partOf: (from, to) => {
      const taken = takenOf(from, to);
      const stubs = isCut(from, to) ? STUBS.map((share) => Math.round(share * stroke)) : [0];
      const images = inksOf(taken, stubs).map(imageOf);
      if (images.length > 1) images.unshift(...images.splice(1, 1));
      return { images, box: moved(taken.inner, region.left, region.top) };
    },
  };
}

/** By pixel of `outer`: what is taken, and what belongs to any piece; `inner` is the box of the ink taken. */
interface Taken {
  readonly taken: Uint8Array;
  readonly owned: Uint8Array;
  readonly outer: Placed;
  readonly inner: Placed;
}

function grown({ left, top, right, bottom }: Placed, by: number, rows: number, columns: number): Placed {
  return {
    left: Math.max(0, left - by),
    top: Math.max(0, top - by),
    right: Math.min(columns, right + by),
    bottom: Math.min(rows, bottom + by),
  };
}

export function unionOf(boxes: readonly Placed[]): Placed {
  return {
    left: Math.min(...boxes.map(({ left }) => left)),
    top: Math.min(...boxes.map(({ top }) => top)),
    right: Math.max(...boxes.map(({ right }) => right)),
    bottom: Math.max(...boxes.map(({ bottom }) => bottom)),
  };
}

function moved({ left, top, right, bottom }: Placed, x: number, y: number): Placed {
  return { left: left + x, top: top + y, right: right + x, bottom: bottom + y };
}

/** The box of all marks and their halo, within the plane. */
function regionOf(marks: readonly Placed[], halo: number, { rows, columns }: Plane): Placed {
  const { left, top, right, bottom } = unionOf(marks);
  return {
    left: Math.max(0, left - halo),
    top: Math.max(0, top - halo),
    right: Math.min(columns, right + halo),
    bottom: Math.min(rows, bottom + halo),
  };
}

function maskOf(
  { label, left, top, right, bottom }: Component,
  labels: Int32Array,
  columns: number,
): Plane<Uint8Array> {
  const [wide, high] = [right - left, bottom - top];
  const data = new Uint8Array(wide * high);
  for (let row = 0; row < high; row++) {
    for (let column = 0; column < wide; column++) {
      if (labels[(row + top) * columns + column + left] === label) data[row * wide + column] = 1;
    }
  }
  return { data, rows: high, columns: wide };
}
