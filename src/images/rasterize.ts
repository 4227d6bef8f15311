import { DactylError } from '../util/errors.ts';
import { isNumber } from '../util/options.ts';

/** What the pen drew without lifting: x₀, y₀, x₁, y₁, …, y downwards, in any unit; one point is a dot. */
export type PenStroke = ArrayLike<number>;

/** More of them in a drawing are taken for another file than meant; a pen gives a few hundred a digit. */
export const MOST_POINTS = 100_000;

/** Side of an image, in pixels. */
const SIDE = 28;
/** Longer side of the ink within it, as in MNIST. */
const INK = 20;
/** Width of the round pen with which drawings look like MNIST's. */
const PEN = 2.3;
/** Points along a pixel's side at which it is asked whether ink covers them. */
const POINTS = 8;
const GRID = INK * POINTS;

/**
 * Strokes as an image like MNIST's: 28 × 28 bytes, row after row, 0 background and 255 ink.
 *
 * The strokes are scaled, both axes alike, so that the longer side of what a round pen (of 2.3 pixels, or `pen`) leaves is 20 pixels (a lone dot stays
 * as small as the pen), and a pixel is the share of its 8 × 8 points within the ink, rounded to a byte. Then the image is moved by whole
 * pixels as MNIST was made (Bottou & Yadav 2019, arXiv 1905.10498): its centre of mass b, pixel i being at i + ½, by ⌊15 − b⌋ on each axis,
 * yet never over the edge. Only + − × ÷ of float64: the same bytes everywhere.
 *
 * Throws E_SHAPE without a stroke, for a stroke without a point or with half of one; E_ARGUMENT for a coordinate that is not finite or a pen
 * that is not above 0 and at most 20.
 */
export function rasterizeStrokes(strokes: readonly PenStroke[], pen = PEN): Uint8Array {
  if (!isNumber(pen, (x) => x > 0 && x <= INK)) {
    throw new DactylError(
      'E_ARGUMENT',
      `A drawing: expected a pen above 0 and at most ${INK} pixels wide; received ${pen}.`,
    );
  }
  const { left, top, width, height } = boxOf(strokes);
  const side = Math.max(width, height);
  const scale = Number.isFinite((INK - pen) / side) ? ((INK - pen) / side) * POINTS : 0;
  const ink: Ink = {
    radius: (pen / 2) * POINTS,
    covered: new Uint8Array(GRID * GRID),
    points: new Uint8Array(INK * INK),
  };
  for (const stroke of strokes) {
    const placed = Float64Array.from(stroke, (value, k) =>
      k % 2 === 0
        ? (value - left) * scale + (GRID - width * scale) / 2
        : (value - top) * scale + (GRID - height * scale) / 2,
    );
    if (placed.length === 2) drawSegment(ink, placed[0], placed[1], placed[0], placed[1]);
    for (let k = 2; k < placed.length; k += 2) {
      drawSegment(ink, placed[k - 2], placed[k - 1], placed[k], placed[k + 1]);
    }
  }
  return centred(ink.points.map((points) => Math.floor((255 * points) / (POINTS * POINTS) + 0.5)));
}

interface Ink {
  /** Half the pen, in points. */
  readonly radius: number;
  /** Which points of the grid. */
  readonly covered: Uint8Array;
  /** How many of them in each pixel. */
  readonly points: Uint8Array;
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

function boxOf(strokes: readonly PenStroke[]): Box {
  if (strokes.length === 0) {
    throw new DactylError('E_SHAPE', 'A drawing: expected at least one stroke, received none.');
  }
  const low = [Infinity, Infinity];
  const high = [-Infinity, -Infinity];
  strokes.forEach((stroke, s) => {
    if (stroke.length === 0 || stroke.length % 2 !== 0) {
      throw new DactylError(
        'E_SHAPE',
        `Stroke ${s}: expected x and y of at least one point, received ${stroke.length} numbers.`,
      );
    }
    for (let k = 0; k < stroke.length; k++) {
      if (!Number.isFinite(stroke[k])) {
        throw new DactylError(
          'E_ARGUMENT',
          `Stroke ${s}: expected finite coordinates, received ${stroke[k]} as number ${k}.`,
        );
      }
      low[k % 2] = Math.min(low[k % 2], stroke[k]);
      high[k % 2] = Math.max(high[k % 2], stroke[k]);
    }
  });
  const [width, height] = [high[0] - low[0], high[1] - low[1]];
  if (!Number.isFinite(width + height)) {
    throw new DactylError(
      'E_ARGUMENT',
      `A drawing: its coordinates are too far apart, from ${low.join(', ')} to ${high.join(', ')}.`,
    );
  }
  return { left: low[0], top: low[1], width, height };
}

/** Marks the points of the grid (at i + ½) no further than half a pen from the line a–b. */
function drawSegment({ radius, covered, points }: Ink, ax: number, ay: number, bx: number, by: number): void {
  const [dx, dy] = [bx - ax, by - ay];
  const length2 = dx * dx + dy * dy;
  const radius2 = radius * radius;
  const clip = (value: number) => Math.min(GRID, Math.max(0, Math.floor(value)));
  const [fromRow, toRow] = [clip(Math.min(ay, by) - radius), clip(Math.max(ay, by) + radius + 1)];
  const [fromColumn, toColumn] = [clip(Math.min(ax, bx) - radius), clip(Math.max(ax, bx) + radius + 1)];
  for (let row = fromRow; row < toRow; row++) {
    const y = row + 0.5 - ay;
    for (let column = fromColumn; column < toColumn; column++) {
      const x = column + 0.5 - ax;
      const along = x * dx + y * dy;
      let within: boolean;
      if (along <= 0) within = x * x + y * y <= radius2;
      else if (along >= length2) within = (x - dx) * (x - dx) + (y - dy) * (y - dy) <= radius2;
      else within = (x * dy - y * dx) * (x * dy - y * dx) <= radius2 * length2;
      if (!within || covered[row * GRID + column] === 1) continue;
      covered[row * GRID + column] = 1;
      points[Math.floor(row / POINTS) * INK + Math.floor(column / POINTS)]++;
    }
  }
}

function centred(ink: Uint8Array): Uint8Array {
  let [mass, momentX, momentY] = [0, 0, 0];
  ink.forEach((byte, i) => {
    mass += byte;
    momentX += byte * ((i % INK) + 0.5);
    momentY += byte * (Math.floor(i / INK) + 0.5);
  });
  const shift = (moment: number) => Math.min(SIDE - INK, Math.max(0, Math.floor(15 - moment / mass)));
  const [right, down] = [shift(momentX), shift(momentY)];
  const image = new Uint8Array(SIDE * SIDE);
  for (let row = 0; row < INK; row++) {
    image.set(ink.subarray(row * INK, (row + 1) * INK), (row + down) * SIDE + right);
  }
  return image;
}
