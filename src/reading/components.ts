import type { Plane } from './plane.ts';

/** Pixels along the longer side; less is a speck. */
const LEAST_EXTENT = 3;

/** Ink that hangs together, corners included. */
export interface Component {
  readonly label: number;
  readonly left: number;
  readonly top: number;
  /** Beyond the last column and row. */
  readonly right: number;
  readonly bottom: number;
  /** Pixels. */
  readonly area: number;
  /** Sides of pixels between ink and paper. */
  readonly edge: number;
}

export interface Labelled {
  /** 0 paper, otherwise the component's label; row after row. */
  readonly labels: Int32Array;
  /** In the order of their first pixels; specks of less than three pixels are none. */
  readonly components: readonly Component[];
}

/** The connected parts of what is above `threshold`, by their runs in rows, joined from row to row. */
export function componentsOf({ data, rows, columns }: Plane, threshold: number): Labelled {
  const labels = new Int32Array(rows * columns);
  const parents: number[] = [0];
  const rootOf = (label: number): number => {
    while (parents[label] !== label) {
      parents[label] = parents[parents[label]];
      label = parents[label];
    }
    return label;
  };
  for (let row = 0; row < rows; row++) {
    const start = row * columns;
    for (let column = 0; column < columns; column++) {
      if (!(data[start + column] > threshold)) continue;
      const from = column;
      let own = 0;
      while (column < columns && data[start + column] > threshold) column++;
      if (row > 0) {
        for (let k = Math.max(0, from - 1); k <= Math.min(columns - 1, column); k++) {
          const above = labels[start - columns + k];
          if (above === 0 || above === own) continue;
          const root = rootOf(above);
          if (own === 0) own = root;
          else if (root < own) own = parents[own] = root;
          else parents[root] = own;
        }
      }
      if (own === 0) {
        own = parents.length;
        parents.push(own);
      }
      labels.fill(own, start + from, start + column);
    }
  }
  return { labels, components: measured(labels, rows, columns, parents.length, rootOf) };
}

/** Gives every pixel its component's final label, from 1 by the first pixel. */
function measured(
  labels: Int32Array,
  rows: number,
  columns: number,
  count: number,
  rootOf: (label: number) => number,
): Component[] {
  const final = new Int32Array(count);
  let found = 0;
  for (let label = 1; label < count; label++) {
    const root = rootOf(label);
    final[label] = root === label ? ++found : final[root];
  }
  const left = new Int32Array(found + 1).fill(columns);
  const top = new Int32Array(found + 1).fill(-1);
  const [right, bottom, area, edge] = [0, 1, 2, 3].map(() => new Int32Array(found + 1));
  for (let row = 0, i = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, i++) {
      if (labels[i] === 0) continue;
      const label = (labels[i] = final[labels[i]]);
      if (column < left[label]) left[label] = column;
      if (column >= right[label]) right[label] = column + 1;
      if (top[label] < 0) top[label] = row;
      bottom[label] = row + 1;
      area[label]++;
      if (column === 0 || labels[i - 1] === 0) edge[label]++;
      if (column === columns - 1 || labels[i + 1] === 0) edge[label]++;
      if (row === 0 || labels[i - columns] === 0) edge[label]++;
      if (row === rows - 1 || labels[i + columns] === 0) edge[label]++;
    }
  }
  const components: Component[] = [];
  for (let label = 1; label <= found; label++) {
    if (Math.max(right[label] - left[label], bottom[label] - top[label]) < LEAST_EXTENT) continue;
    components.push({
      ...{ label, left: left[label], top: top[label], right: right[label], bottom: bottom[label] },
      ...{ area: area[label], edge: edge[label] },
    });
  }
  return components;
}

/** Mean width of its strokes, from area and edge; a slanted stroke has 1.27 times as many sides as its length on average. */
export function strokeWidth({ area, edge }: Pick<Component, 'area' | 'edge'>): number {
  return (2.54 * area) / Math.max(1, edge);
}

export function touchesEdge({ left, top, right, bottom }: Component, { rows, columns }: Plane): boolean {
  return left === 0 || top === 0 || right === columns || bottom === rows;
}

/** The value at which half of the weight is reached; 0 without any. */
export function weightedMedian(values: readonly { value: number; weight: number }[]): number {
  const sorted = [...values].sort((a, b) => a.value - b.value);
  let left = sorted.reduce((sum, { weight }) => sum + weight, 0) / 2;
  for (const { value, weight } of sorted) {
    left -= weight;
    if (left <= 0) return value;
  }
  return 0;
}
