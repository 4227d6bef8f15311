import { mix } from '../util/mix.ts';
import { cosine } from '../util/cosine.ts';
import { DactylError } from '../util/errors.ts';
import { checkOptions, isNumber } from '../util/options.ts';
import { Random } from '../util/random.ts';

/**
 * Random distortion of images, drawn anew for every image and epoch: an affine map about the centre and a smooth
 * elastic displacement (Simard, Steinkraus & Platt 2003), resampled bilinearly. Every number is a limit: the value is uniform
 * on ± it.
 */
export interface Distortion {
  /** Radians. */
  readonly rotation: number;
  /** Share by which each axis is stretched or shrunk on its own. */
  readonly scale: number;
  readonly shear: number;
  /** Pixels, along each axis on its own. */
  readonly shift: number;
  /** Pixels, at each point of a 5 × 5 grid, bilinear between the points. */
  readonly elastic: number;
}

const SIDE = 28;
const GRID = 5;

/** The largest limits allowed, by name. */
const DISTORTION_LIMITS = {
  rotation: 0.5,
  scale: 0.5,
  shear: 1,
  shift: 14,
  elastic: 14,
} as const satisfies Distortion;

export function checkDistortion(distortion: Distortion): void {
  checkOptions('Distortion', Object.keys(DISTORTION_LIMITS), distortion);
  for (const [name, most] of Object.entries(DISTORTION_LIMITS)) {
    const limit = distortion[name as keyof Distortion];
    if (isNumber(limit, (x) => x >= 0 && x <= most)) continue;
    throw new DactylError('E_ARGUMENT', `Distortion: expected ${name} from 0 to ${most}; received ${limit}.`);
  }
}

/** The number that names a seed's stream of distortions. */
export function distortionStream(seed: number): number {
  return new Random(seed, 'distortion').uint32();
}

/** Rows, columns and channels of images that can be distorted: [rows, columns], [rows, columns, channels], or flat ones of 784; undefined for others. */
export function distortedExtents(shape: readonly number[]): readonly [number, number, number] | undefined {
  if (shape.length === 2) return [shape[0], shape[1], 1];
  if (shape.length === 3) return [shape[0], shape[1], shape[2]];
  return shape.length === 1 && shape[0] === SIDE * SIDE ? [SIDE, SIDE, 1] : undefined;
}

const MNIST_EXTENTS = [SIDE, SIDE, 1] as const;

/**
 * The image (bytes, row by row, channels last) as epoch `epoch` shows it, in float64; all channels alike. The displacements' grid spans the image,
 * whatever its size. `assembly/rare/distort.ts` is the fast form for 28 × 28 grey pixels and agrees to one grey level; others are distorted by this one.
 */
export function distortReference(
  image: ArrayLike<number>,
  { rotation, scale, shear: shearLimit, shift, elastic }: Distortion,
  { stream, epoch, index }: { stream: number; epoch: number; index: number },
  [rows, columns, channels]: readonly [number, number, number] = MNIST_EXTENTS,
): Uint8Array {
  const draw = uniformDraws(stream, epoch, index);
  const angle = rotation * draw();
  const [scaleX, scaleY] = [1 + scale * draw(), 1 + scale * draw()];
  const shear = shearLimit * draw();
  const [shiftX, shiftY] = [shift * draw(), shift * draw()];
  const [gridX, gridY] = [0, 1].map(() => Float64Array.from({ length: GRID * GRID }, () => elastic * draw()));
  const cos = cosine(angle);
  const sin = Math.sign(angle) * Math.sqrt(1 - cos * cos);
  const [centreX, centreY] = [(columns - 1) / 2, (rows - 1) / 2];
  const grid = [GRID, GRID, 1] as const;
  const extents = [rows, columns, channels] as const;
  const output = new Uint8Array(rows * columns * channels);
  for (let r = 0; r < rows; r++) {
    const [v, row] = [r - centreY, place(r, rows)];
    for (let c = 0; c < columns; c++) {
      const [u, column] = [c - centreX, place(c, columns)];
      const dx = interpolate(gridX, grid, column, row, 0);
      const dy = interpolate(gridY, grid, column, row, 0);
      const x = centreX + shiftX + scaleX * (cos * u + (shear * cos - sin) * v) + dx;
      const y = centreY + shiftY + scaleY * (sin * u + (shear * sin + cos) * v) + dy;
      for (let k = 0; k < channels; k++) {
        output[(r * columns + c) * channels + k] = Math.floor(interpolate(image, extents, x, y, k) + 0.5);
      }
    }
  }
  return output;
}

/** Of a row or column among the points of the grid. */
function place(index: number, extent: number): number {
  return extent === 1 ? 0 : (index * (GRID - 1)) / (extent - 1);
}

/** Bilinear between the values of one channel, 0 outside. */
function interpolate(
  values: ArrayLike<number>,
  [rows, columns, channels]: readonly [number, number, number],
  x: number,
  y: number,
  channel: number,
): number {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const [fx, fy] = [x - left, y - top];
  const at = (column: number, row: number): number =>
    column >= 0 && column < columns && row >= 0 && row < rows
      ? values[(row * columns + column) * channels + channel]
      : 0;
  const upper = at(left, top) * (1 - fx) + at(left + 1, top) * fx;
  const lower = at(left, top + 1) * (1 - fx) + at(left + 1, top + 1) * fx;
  return upper * (1 - fy) + lower * fy;
}

/** Uniform on [−1, 1) in steps of 2⁻²³: xoshiro128**, its state filled from the three numbers. */
function uniformDraws(stream: number, epoch: number, index: number): () => number {
  const hash = mix(Math.imul(mix(mix(stream) ^ Math.imul(epoch, 0x9e3779b1)), 31) ^ index);
  const random = new Random(0, '');
  random.restore(Uint32Array.from([0x9e3779b9, 0x3c6ef372, 0xdaa66d2b, 0x78dde6e4], (k) => mix(hash + k)));
  return () => (random.uint32() >>> 8) / 0x80_0000 - 1;
}
