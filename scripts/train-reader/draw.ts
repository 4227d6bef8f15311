import type { PenStroke } from '../../src/images/rasterize.ts';
import type { Random } from '../../src/util/random.ts';

/** Uniform on [low, high). */
export function between(random: Random, low: number, high: number): number {
  return low + (high - low) * random.uniform();
}

/** Another slant and proportion of the same strokes. */
export function slanted(strokes: readonly PenStroke[], random: Random): PenStroke[] {
  const slant = between(random, -0.25, 0.25);
  const wide = between(random, 0.8, 1.25);
  return strokes.map((stroke) =>
    Float64Array.from(stroke, (value, k) => (k % 2 === 0 ? wide * value + slant * stroke[k + 1] : value)),
  );
}

/** A smooth curve through the points x₀, y₀, x₁, y₁, … (Catmull & Rom 1974), eight pieces between any two. */
export function smooth(points: readonly number[]): PenStroke {
  const count = points.length / 2;
  const at = (k: number, axis: number): number => points[2 * Math.min(count - 1, Math.max(0, k)) + axis];
  const curve: number[] = [];
  for (let k = 0; k + 1 < count; k++) {
    for (let piece = 0; piece < 8; piece++) {
      const t = piece / 8;
      for (const axis of [0, 1]) {
        const [p, a, b, n] = [at(k - 1, axis), at(k, axis), at(k + 1, axis), at(k + 2, axis)];
        curve.push(a + (t / 2) * (b - p + t * (2 * p - 5 * a + 4 * b - n + t * (3 * (a - b) + n - p))));
      }
    }
  }
  curve.push(at(count - 1, 0), at(count - 1, 1));
  return curve;
}

/** The strokes by another hand: every point moved a little, the lines between them bent. */
export function byHand(strokes: readonly (readonly number[])[], random: Random, stray: number): PenStroke[] {
  return strokes.map((stroke) => {
    const moved = stroke.map((value) => value + between(random, -stray, stray));
    const bent: number[] = [];
    for (let k = 0; k + 2 < moved.length; k += 2) {
      for (const axis of [0, 1]) bent.push(moved[k + axis]);
      for (const axis of [0, 1]) {
        bent.push((moved[k + axis] + moved[k + 2 + axis]) / 2 + between(random, -stray / 2, stray / 2));
      }
    }
    return smooth([...bent, ...moved.slice(-2)]);
  });
}

/** A zero with a stroke through it, from below on the left, or falling. */
export function slashed(strokes: readonly PenStroke[], random: Random): PenStroke[] {
  const { left, top, width, height } = extentOf(strokes);
  const [over, under] = [between(random, -0.15, 0.35), between(random, -0.15, 0.35)];
  const [right, down] = [left + (1 + over) * width, top + (1 + under / 2) * height];
  const slash = [left - under * width, down, right, top - (over / 2) * height];
  if (random.integer(5) === 0) [slash[0], slash[2]] = [slash[2], slash[0]];
  return [...strokes, byHand([slash], random, 40)[0]];
}

/** A seven with a bar across its stem. */
export function barred(strokes: readonly PenStroke[], random: Random): PenStroke[] {
  const { left, top, width, height } = extentOf(strokes);
  const middle = top + between(random, 0.4, 0.65) * height;
  const [from, to] = [left + between(random, -0.1, 0.3) * width, left + between(random, 0.7, 1.1) * width];
  return [...strokes, byHand([[from, middle, to, middle + between(random, -80, 80)]], random, 30)[0]];
}

/** A one with a hook from anywhere up to the foot, sometimes with a line that it stands on. */
export function hookedOne(random: Random): PenStroke[] {
  const [reach, depth] = [between(random, 150, 800), between(random, 150, 1050)];
  const foot = between(random, -150, 150);
  const strokes = [[-reach, depth, 0, 0, foot, 1000]];
  if (random.integer(4) === 0) {
    strokes.push([foot - between(random, 150, 450), 1000, foot + between(random, 150, 450), 1000]);
  }
  return byHand(strokes, random, 40);
}

function extentOf(strokes: readonly PenStroke[]): {
  left: number;
  top: number;
  width: number;
  height: number;
} {
  const [left, top] = [0, 1].map((axis) => Math.min(...strokes.map((stroke) => least(stroke, axis, 1))));
  const [right, bottom] = [0, 1].map(
    (axis) => -Math.min(...strokes.map((stroke) => least(stroke, axis, -1))),
  );
  return { left, top, width: right - left, height: bottom - top };
}

function least(stroke: PenStroke, axis: number, sign: 1 | -1): number {
  return Array.from(stroke).reduce(
    (low, value, k) => (k % 2 === axis ? Math.min(low, sign * value) : low),
    Infinity,
  );
}
