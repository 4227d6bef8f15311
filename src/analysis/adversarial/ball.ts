import type { Random } from '../../util/random.ts';

/**
 * How the size of a change of an image is measured, pixels counted from 0 (paper) to 1 (ink): `linf`, the largest change of a pixel; `l2`,
 * the root of the sum of the squared changes.
 */
export type Norm = 'linf' | 'l2';

/** The sets of images that an attack may reach: within `radius` of `clean`, pixels kept in 0 … 255. All in units of 255. */
export interface Ball {
  readonly norm: Norm;
  /** 255 ε. */
  readonly radius: number;
}

const BRIGHTEST = 255;

/**
 * One step of length `size` from `x` in the direction in which the loss rises most, then back into the ball around `clean`; `x` is changed.
 *
 *     linf: x ← clip(x + size · sign(g)) into [clean − radius, clean + radius] and [0, 255]
 *     l2:   x ← x + size · g / ‖g‖₂, g without the parts that lead out of [0, 255]; x − clean shortened to the radius; clip into [0, 255]
 *
 * Clipping brings x nearer to `clean`, which is in the range itself, so both limits hold, up to the rounding of a float32. A gradient of
 * zeros moves nothing.
 */
export function stepInBall(
  { norm, radius }: Ball,
  x: Float32Array,
  clean: Float32Array,
  gradient: Float32Array,
  size: number,
): void {
  const n = x.length;
  if (norm === 'linf') {
    for (let i = 0; i < n; i++) {
      const at = clean[i];
      const slope = gradient[i];
      const low = at > radius ? at - radius : 0;
      const high = at + radius < BRIGHTEST ? at + radius : BRIGHTEST;
      const moved = slope > 0 ? x[i] + size : slope < 0 ? x[i] - size : x[i];
      x[i] = moved < low ? low : moved > high ? high : moved;
    }
    return;
  }
  let squares = 0;
  for (let i = 0; i < n; i++) {
    const slope = gradient[i];
    if (isFree(x[i], slope)) squares += slope * slope;
  }
  if (squares === 0) return;
  const factor = size / Math.sqrt(squares);
  let length = 0;
  for (let i = 0; i < n; i++) {
    const slope = gradient[i];
    if (isFree(x[i], slope)) x[i] += factor * slope;
    const change = x[i] - clean[i];
    length += change * change;
  }
  const shrink = length > radius * radius ? radius / Math.sqrt(length) : 1;
  for (let i = 0; i < n; i++) {
    const moved = clean[i] + shrink * (x[i] - clean[i]);
    x[i] = moved < 0 ? 0 : moved > BRIGHTEST ? BRIGHTEST : moved;
  }
}

/** Whether a pixel can still be moved the way its gradient points. */
function isFree(pixel: number, gradient: number): boolean {
  return gradient > 0 ? pixel < BRIGHTEST : pixel > 0;
}

/** A random place in the ball, clipped to [0, 255]: each pixel uniform on ±radius (linf), or on the sphere (l2, where nearly all of the volume is). */
export function randomStart(
  { norm, radius }: Ball,
  clean: Float32Array,
  random: Random,
  x: Float32Array,
): void {
  if (norm === 'linf') {
    for (let i = 0; i < x.length; i++) x[i] = radius * (2 * random.uniform() - 1);
  } else {
    let squares = 0;
    for (let i = 0; i < x.length; i++) {
      x[i] = random.normal();
      squares += x[i] * x[i];
    }
    const factor = radius / Math.sqrt(squares);
    for (let i = 0; i < x.length; i++) x[i] *= factor;
  }
  for (let i = 0; i < x.length; i++) x[i] = Math.min(BRIGHTEST, Math.max(0, clean[i] + x[i]));
}

/** Size of the change from `clean` to `x` in the norm, pixels counted from 0 to 1. */
export function distance(norm: Norm, clean: ArrayLike<number>, x: ArrayLike<number>): number {
  let size = 0;
  for (let i = 0; i < x.length; i++) {
    const change = Math.abs(x[i] - clean[i]) / BRIGHTEST;
    size = norm === 'linf' ? Math.max(size, change) : size + change * change;
  }
  return norm === 'linf' ? size : Math.sqrt(size);
}
