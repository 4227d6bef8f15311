import { defineCorruption } from './corruption.ts';
import { blur, gaussianKernel } from './gaussianBlur.ts';
import { PIXELS, SIDE, type Picture } from './picture.ts';

const [LOW, HIGH] = [0.1, 0.2];
const KERNEL = gaussianKernel(1);
/** Share of the kernel that falls on the image. */
const COVER = blur(new Float64Array(PIXELS).fill(1), KERNEL, 'zero').map((share) => share + Number.EPSILON);

/**
 * Canny's edges (1986) at scikit-image's defaults, 1 on an edge and 0 elsewhere: Gaussian blur σ = 1 over what lies inside the image;
 * Sobel gradients; a pixel stays whose gradient is no smaller than those on either side along its direction, interpolated between
 * the two neighbours there; from pixels of at least 0.2 edges go on over neighbours of at least 0.1. Nothing random.
 */
export const cannyEdges = defineCorruption<null>({
  name: 'canny-edges',
  label: 'Canny edges',
  kind: 'overlay',
  meaning: 'only the outline of the strokes is left',
  levels: [null],
  published: 0,
  setting: () => 'σ = 1, thresholds 0.1 and 0.2',
  corrupt(picture) {
    const smooth = blur(picture, KERNEL, 'zero');
    for (let i = 0; i < PIXELS; i++) smooth[i] /= COVER[i];
    const down = sobel(smooth, [UP, DOWN], [LEFT, RIGHT]);
    const right = sobel(smooth, [LEFT, RIGHT], [UP, DOWN]);
    const size = new Float64Array(PIXELS);
    for (let i = 0; i < PIXELS; i++) size[i] = Math.sqrt(down[i] * down[i] + right[i] * right[i]);
    const ridge = new Float64Array(PIXELS);
    for (let i = 0; i < PIXELS; i++) ridge[i] = size[i] >= LOW && isRidge(size, down, right, i) ? size[i] : 0;
    return follow(ridge);
  },
});

/** By pixel, the neighbour in one direction, or the pixel itself where that is outside. */
const LEFT = neighbours((row, column) => [row, Math.max(0, column - 1)]);
const RIGHT = neighbours((row, column) => [row, Math.min(SIDE - 1, column + 1)]);
const UP = neighbours((row, column) => [Math.max(0, row - 1), column]);
const DOWN = neighbours((row, column) => [Math.min(SIDE - 1, row + 1), column]);

function neighbours(of: (row: number, column: number) => [row: number, column: number]): Uint16Array {
  return Uint16Array.from({ length: PIXELS }, (_, i) => {
    const [row, column] = of(Math.floor(i / SIDE), i % SIDE);
    return row * SIDE + column;
  });
}

/** −1 0 1 from `before` to `after`, then 1 2 1 from `left` to `right`; the outermost pixels are repeated outside. */
function sobel(
  picture: Picture,
  [before, after]: readonly [Uint16Array, Uint16Array],
  [left, right]: readonly [Uint16Array, Uint16Array],
): Picture {
  const differences = new Float64Array(PIXELS);
  for (let i = 0; i < PIXELS; i++) differences[i] = picture[after[i]] - picture[before[i]];
  const gradient = new Float64Array(PIXELS);
  for (let i = 0; i < PIXELS; i++)
    gradient[i] = 2 * differences[i] + (differences[left[i]] + differences[right[i]]);
  return gradient;
}

function isRidge(size: Picture, down: Picture, right: Picture, i: number): boolean {
  const row = Math.floor(i / SIDE);
  const column = i % SIDE;
  if (row === 0 || row === SIDE - 1 || column === 0 || column === SIDE - 1) return false;
  const steep = Math.abs(down[i]) >= Math.abs(right[i]);
  const level = Math.abs(down[i]) <= Math.abs(right[i]);
  const rising = (down[i] <= 0 && right[i] >= 0) || (down[i] >= 0 && right[i] <= 0);
  // Where a gradient lies on a border between two cases, the order is scikit-image's.
  const isSteep = steep && (rising || !level);
  const straight = isSteep ? (rising ? -SIDE : SIDE) : 1;
  const diagonal = rising ? 1 - SIDE : 1 + SIDE;
  const share = isSteep ? Math.abs(right[i] / down[i]) : Math.abs(down[i] / right[i]);
  return (
    size[i + diagonal] * share + size[i + straight] * (1 - share) <= size[i] &&
    size[i - diagonal] * share + size[i - straight] * (1 - share) <= size[i]
  );
}

/** 1 for pixels that are connected, over any of their eight neighbours that are not 0, to one of at least `HIGH`. */
function follow(ridge: Picture): Picture {
  const edges = new Float64Array(PIXELS);
  const open: number[] = [];
  const mark = (i: number): void => {
    edges[i] = 1;
    open.push(i);
  };
  for (let i = 0; i < PIXELS; i++) if (ridge[i] >= HIGH) mark(i);
  for (let i = open.pop(); i !== undefined; i = open.pop()) {
    // Ridges never touch the border, so every neighbour is inside.
    for (const step of [1, SIDE - 1, SIDE, SIDE + 1]) {
      for (const near of [i - step, i + step]) if (ridge[near] > 0 && edges[near] === 0) mark(near);
    }
  }
  return edges;
}
