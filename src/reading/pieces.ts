import { type Component, strokeWidth } from './components.ts';
import type { Line, Placed } from './lines.ts';
import { normalised } from './normalise.ts';
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

/** What the digits of one line are made of, from left to right: whole components or parts of them. */
export interface Pieces {
  readonly boxes: readonly Placed[];
  /** Typical height of the line's digits. */
  readonly height: number;
  /** [boxes.length + 1]: ink that is cut through between a piece and the one before, in widths of the stroke; 0 where nothing is. */
  readonly cuts: Float64Array;
  /** The ink of pieces `from` to `to`, both included, and where it stands. */
  readonly inkOf: (from: number, to: number) => PlacedInk;
  /** The same as an image like MNIST's. */
  readonly imageOf: (from: number, to: number) => Uint8Array;
  /** That, and where a cut goes through ink the same without what belongs to both sides. */
  readonly imagesOf: (from: number, to: number) => Uint8Array[];
}

export interface PlacedInk extends Plane<Float32Array> {
  readonly left: number;
  readonly top: number;
}

interface Part {
  readonly component: Component;
  /** Which of the component's parts, from the left. */
  readonly order: number;
  box: Placed;
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
  const crossed = new Map<Part, number>();
  for (const mark of marks) {
    const mask = maskOf(mark, labels, ink.columns);
    const isWide = mark.right - mark.left >= CUT_FROM * height && !isWhole(mark);
    const seams = isWide ? seamsOf(mask, height, MOST_CROSSED * stroke) : [];
    const own: Part[] = seams.map((_, order) => ({ component: mark, order, box: mark }));
    own.push({ component: mark, order: seams.length, box: mark });
    seams.forEach((seam, order) => crossed.set(own[order + 1], seam.crossed / stroke));
    const base = parts.length + 1;
    parts.push(...own);
    for (let row = 0; row < mask.rows; row++) {
      const to = (row + mark.top - region.top) * columns + mark.left - region.left;
      for (let column = 0; column < mask.columns; column++) {
        if (mask.data[row * mask.columns + column] === 0) continue;
        let order = 0;
        for (const seam of seams) if (column >= seam.columns[row]) order++;
        owners[to + column] = base + order;
      }
    }
  }
  const order = arranged(parts, owners, columns);
  spread(owners, rows, columns, halo);
  const boxes = order.map(({ box }) => box);
  const cuts = cutsOf(order, crossed);
  const stub = Math.round(STUB * stroke);
  const isCut = (from: number, to: number): boolean => cuts[from] > 0 || cuts[to + 1] > 0;
  const inkWith = (stubs: number, from: number, to: number): PlacedInk => {
    const reach = Math.max(halo, stub);
    const inner = unionOf(boxes.slice(from, to + 1));
    const box = {
      left: Math.max(0, inner.left - reach),
      top: Math.max(0, inner.top - reach),
      right: Math.min(columns, inner.right + reach),
      bottom: Math.min(rows, inner.bottom + reach),
    };
    const [wide, high] = [box.right - box.left, box.bottom - box.top];
    const taken = new Uint8Array(wide * high);
    const owned = new Uint8Array(wide * high);
    for (let row = 0; row < high; row++) {
      const start = (row + box.top) * columns + box.left;
      for (let column = 0; column < wide; column++) {
        const owner = owners[start + column] - 1;
        if (owner < 0) continue;
        owned[row * wide + column] = 1;
        if (owner >= from && owner <= to) taken[row * wide + column] = 1;
      }
    }
    if (stubs > 0 && isCut(from, to)) takeStubs(taken, owned, wide, stubs);
    const data = new Float32Array(wide * high);
    for (let row = 0; row < high; row++) {
      const start = (row + box.top + region.top) * ink.columns + box.left + region.left;
      for (let column = 0; column < wide; column++) {
        const value = ink.data[start + column];
        if (taken[row * wide + column] === 1 && value > floor) {
          data[row * wide + column] = 255 * Math.min(1, value);
        }
      }
    }
    return { data, rows: high, columns: wide, left: box.left + region.left, top: box.top + region.top };
  };
  const imageWith = (stubs: number, from: number, to: number): Uint8Array =>
    normalised(thickened(inkWith(stubs, from, to), stroke));
  return {
    boxes: boxes.map((box) => moved(box, region.left, region.top)),
    height,
    cuts,
    inkOf: (from, to) => inkWith(stub, from, to),
    imageOf: (from, to) => imageWith(stub, from, to),
    imagesOf: (from, to) => (isCut(from, to) ? [stub, 0] : [stub]).map((stubs) => imageWith(stubs, from, to)),
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

/** Measures the parts, leaves out those without a pixel, sorts them by their middles and numbers the owners anew. */
function arranged(parts: readonly Part[], owners: Int32Array, columns: number): Part[] {
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
  const found = parts
    .map((part, k) => ({ part, k: k + 1 }))
    .filter(({ k }) => right[k] > 0)
    .sort((a, b) => left[a.k] + right[a.k] - left[b.k] - right[b.k] || top[a.k] - top[b.k]);
  const numbers = new Int32Array(parts.length + 1);
  found.forEach(({ part, k }, place) => {
    numbers[k] = place + 1;
    part.box = { left: left[k], top: top[k], right: right[k], bottom: bottom[k] };
  });
  for (let i = 0; i < owners.length; i++) owners[i] = numbers[owners[i]];
  return found.map(({ part }) => part);
}

/** Lets every part grow into what belongs to none, a pixel at a time. */
function spread(owners: Int32Array, rows: number, columns: number, steps: number): void {
  let front: number[] = [];
  owners.forEach((owner, i) => {
    if (owner > 0) front.push(i);
  });
  for (let step = 0; step < steps; step++) {
    const next: number[] = [];
    const grow = (from: number, to: number): void => {
      if (owners[to] !== 0) return;
      owners[to] = owners[from];
      next.push(to);
    };
    for (const i of front) {
      const column = i % columns;
      if (column > 0) grow(i, i - 1);
      if (column < columns - 1) grow(i, i + 1);
      if (i >= columns) grow(i, i - columns);
      if (i + columns < rows * columns) grow(i, i + columns);
    }
    front = next;
  }
}

/** Lets what is taken grow into owned pixels beside it. */
function takeStubs(taken: Uint8Array, owned: Uint8Array, columns: number, steps: number): void {
  const isFree = (i: number): boolean => owned[i] === 1 && taken[i] === 0;
  let front: number[] = [];
  for (let i = 0; i < taken.length; i++) {
    if (taken[i] === 1 && (isFree(i - 1) || isFree(i + 1) || isFree(i - columns) || isFree(i + columns))) {
      front.push(i);
    }
  }
  for (let step = 0; step < steps; step++) {
    const next: number[] = [];
    const take = (i: number): void => {
      if (!isFree(i)) return;
      taken[i] = 1;
      next.push(i);
    };
    for (const i of front) {
      const column = i % columns;
      if (column > 0) take(i - 1);
      if (column < columns - 1) take(i + 1);
      take(i - columns);
      take(i + columns);
    }
    front = next;
  }
}

/** Between which pieces a component is cut, and through how much. */
function cutsOf(parts: readonly Part[], crossed: ReadonlyMap<Part, number>): Float64Array {
  const cuts = new Float64Array(parts.length + 1);
  const last = new Map<Component, number>();
  parts.forEach((part, place) => {
    const before = last.get(part.component);
    // Even a cut through nothing separates what hangs together by corners.
    if (before !== undefined) {
      for (let k = before + 1; k <= place; k++) cuts[k] += Math.max(0.1, crossed.get(part) ?? 0.1);
    }
    last.set(part.component, place);
  });
  return cuts;
}
