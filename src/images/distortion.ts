import { cosine } from '../util/cosine.ts';
import { DactylError } from '../util/errors.ts';
import { checkOptions, isNumber } from '../util/options.ts';
import { Random } from '../util/random.ts';

/**
 * Random distortion of 28 × 28 images, drawn anew for every image and epoch: an affine map about the centre and a smooth
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

/**
 * The slow, obvious form of `assembly/distort.ts` in float64: the image (784 bytes) as epoch `epoch` shows it. Agrees with the
 * fast form to one grey level.
 */
export function distortReference(
  image: ArrayLike<number>,
  distortion: Distortion,
  { stream, epoch, index }: { stream: number; epoch: number; index: number },
): Uint8Array {
  const draw = uniformDraws(stream, epoch, index);
  const { rotation, scale, shear: shearLimit, shift, elastic } = distortion;
  const angle = rotation * draw();
  const [scaleX, scaleY] = [1 + scale * draw(), 1 + scale * draw()];
  const shear = shearLimit * draw();
  const [shiftX, shiftY] = [shift * draw(), shift * draw()];
  const grids = [0, 1].map(() => Array.from({ length: GRID * GRID }, () => elastic * draw()));
  const cos = cosine(angle);
  const sin = Math.sign(angle) * Math.sqrt(1 - cos * cos);
  const output = new Uint8Array(SIDE * SIDE);
  for (let r = 0; r < SIDE; r++) {
    for (let c = 0; c < SIDE; c++) {
      const [u, v] = [c - 13.5, r - 13.5];
      const [dx, dy] = grids.map((grid) => interpolate(grid, GRID, (c * 4) / 27, (r * 4) / 27));
      const x = 13.5 + shiftX + scaleX * (cos * u + (shear * cos - sin) * v) + dx;
      const y = 13.5 + shiftY + scaleY * (sin * u + (shear * sin + cos) * v) + dy;
      output[r * SIDE + c] = Math.floor(interpolate(image, SIDE, x, y) + 0.5);
    }
  }
  return output;
}

/** Bilinear between the points of a square of numbers, 0 outside it. */
function interpolate(square: ArrayLike<number>, side: number, x: number, y: number): number {
  const at = (column: number, row: number): number =>
    column >= 0 && column < side && row >= 0 && row < side ? square[row * side + column] : 0;
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const [fx, fy] = [x - left, y - top];
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

function mix(x: number): number {
  x ^= x >>> 16;
  x = Math.imul(x, 0x85ebca6b);
  x ^= x >>> 13;
  x = Math.imul(x, 0xc2b2ae35);
  return x ^ (x >>> 16);
}
