import { defineCorruption } from './corruption.ts';
import { blur, type GaussianKernel, gaussianKernel } from './gaussianBlur.ts';
import { lengthText, type PictureSize, scaleOf, withValues } from './picture.ts';

const [LOW, HIGH] = [0.1, 0.2];

interface Prepared {
  readonly sigma: number;
  readonly kernel: GaussianKernel;
  /** Share of the kernel that falls on the image, by pixel. */
  readonly cover: Float64Array;
  readonly near: Neighbours;
}

/** By pixel, the neighbour in one direction, or the pixel itself where that is outside. */
interface Neighbours {
  readonly left: Uint32Array;
  readonly right: Uint32Array;
  readonly up: Uint32Array;
  readonly down: Uint32Array;
}

/**
 * Canny's edges (1986) at scikit-image's defaults (σ = 1 of 28 pixels), 1 on an edge and 0 elsewhere: Gaussian blur σ = 1 over what lies inside the image;
 * Sobel gradients; a pixel stays whose gradient is no smaller than those on either side along its direction, interpolated between
 * the two neighbours there; from pixels of at least 0.2 edges go on over neighbours of at least 0.1. Nothing random.
 */
export const cannyEdges = defineCorruption<null, Prepared>({
  name: 'canny-edges',
  label: 'Canny edges',
  kind: 'overlay',
  meaning: 'only the outline of the strokes is left',
  levels: [null],
  published: 0,
  prepare: (_, size) => {
    const sigma = scaleOf(size);
    const kernel = gaussianKernel(sigma);
    const ones = withValues(size, new Float64Array(size.rows * size.columns).fill(1));
    const cover = blur(ones, kernel, 'zero').values.map((share) => share + Number.EPSILON);
    return { sigma, kernel, cover, near: neighboursIn(size) };
  },
  setting: ({ sigma }) => `σ = ${lengthText(sigma)}, thresholds 0.1 and 0.2`,
  corrupt(picture, { kernel, cover, near }) {
    const { values: smooth } = blur(picture, kernel, 'zero');
    for (let i = 0; i < smooth.length; i++) smooth[i] /= cover[i];
    const down = sobel(smooth, [near.up, near.down], [near.left, near.right]);
    const right = sobel(smooth, [near.left, near.right], [near.up, near.down]);
    const size = down.map((value, i) => Math.sqrt(value * value + right[i] * right[i]));
    const gradients = { size, down, right };
    const ridge = size.map((value, i) => (value >= LOW && isRidge(picture, gradients, i) ? value : 0));
    return withValues(picture, follow(ridge, picture.columns));
  },
});

function neighboursIn({ rows, columns }: PictureSize): Neighbours {
  const neighbours = (of: (row: number, column: number) => [row: number, column: number]): Uint32Array =>
    Uint32Array.from({ length: rows * columns }, (_, i) => {
      const [row, column] = of(Math.floor(i / columns), i % columns);
      return row * columns + column;
    });
  return {
    left: neighbours((row, column) => [row, Math.max(0, column - 1)]),
    right: neighbours((row, column) => [row, Math.min(columns - 1, column + 1)]),
    up: neighbours((row, column) => [Math.max(0, row - 1), column]),
    down: neighbours((row, column) => [Math.min(rows - 1, row + 1), column]),
  };
}

/** −1 0 1 from `before` to `after`, then 1 2 1 from `left` to `right`; the outermost pixels are repeated outside. */
function sobel(
  values: Float64Array,
  [before, after]: readonly [Uint32Array, Uint32Array],
  [left, right]: readonly [Uint32Array, Uint32Array],
): Float64Array {
  const differences = values.map((_, i) => values[after[i]] - values[before[i]]);
  return differences.map((own, i) => 2 * own + (differences[left[i]] + differences[right[i]]));
}

interface Gradients {
  readonly size: Float64Array;
  readonly down: Float64Array;
  readonly right: Float64Array;
}

function isRidge({ rows, columns }: PictureSize, { size, down, right }: Gradients, i: number): boolean {
  const row = Math.floor(i / columns);
  const column = i % columns;
  if (row === 0 || row === rows - 1 || column === 0 || column === columns - 1) return false;
  const steep = Math.abs(down[i]) >= Math.abs(right[i]);
  const level = Math.abs(down[i]) <= Math.abs(right[i]);
  const rising = (down[i] <= 0 && right[i] >= 0) || (down[i] >= 0 && right[i] <= 0);
  // Where a gradient lies on a border between two cases, the order is scikit-image's.
  const isSteep = steep && (rising || !level);
  const straight = isSteep ? (rising ? -columns : columns) : 1;
  const diagonal = rising ? 1 - columns : 1 + columns;
  const share = isSteep ? Math.abs(right[i] / down[i]) : Math.abs(down[i] / right[i]);
  return (
    size[i + diagonal] * share + size[i + straight] * (1 - share) <= size[i] &&
    size[i - diagonal] * share + size[i - straight] * (1 - share) <= size[i]
  );
}

/** 1 for pixels that are connected, over any of their eight neighbours that are not 0, to one of at least `HIGH`. */
function follow(ridge: Float64Array, columns: number): Float64Array {
  const edges = new Float64Array(ridge.length);
  const open: number[] = [];
  const mark = (i: number): void => {
    edges[i] = 1;
    open.push(i);
  };
  for (let i = 0; i < ridge.length; i++) if (ridge[i] >= HIGH) mark(i);
  for (let i = open.pop(); i !== undefined; i = open.pop()) {
    // Ridges never touch the border, so every neighbour is inside.
    for (const step of [1, columns - 1, columns, columns + 1]) {
      for (const near of [i - step, i + step]) if (ridge[near] > 0 && edges[near] === 0) mark(near);
    }
  }
  return edges;
}
