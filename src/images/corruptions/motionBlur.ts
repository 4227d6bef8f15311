import { cosine } from '../../util/cosine.ts';
import { exponential } from '../../util/exponential.ts';
import { defineCorruption } from './corruption.ts';
import { lengthText, type Picture, scaleOf, wholePixels, withValues } from './picture.ts';
import { sine } from './warp.ts';

interface Level {
  readonly radius: number;
  readonly sigma: number;
}

interface Prepared extends Level {
  /** e^(−i²/2σ²), normalised, for i = 0 … 2·radius pixels along the motion. */
  readonly weights: Float64Array;
}

/**
 * A trail along one direction, its angle uniform in ±45° (one uniform draw): the sum over i of weight i times the picture at
 * (column + ⌈i·cos − ½⌉, row + ⌈i·sin − ½⌉), the outermost pixels repeated outside. ImageMagick's MotionBlurImage.
 */
export const motionBlur = defineCorruption<Level, Prepared>({
  name: 'motion-blur',
  label: 'Motion blur',
  kind: 'blur',
  meaning: 'a trail in one direction, as when the paper or the camera moves',
  levels: [
    { radius: 10, sigma: 3 },
    { radius: 15, sigma: 5 },
    { radius: 15, sigma: 8 },
    { radius: 15, sigma: 12 },
    { radius: 20, sigma: 15 },
  ],
  published: 0,
  prepare: (level, size) => prepared(wholePixels(level.radius, size), level.sigma * scaleOf(size)),
  setting: ({ radius, sigma }) => `radius ${radius}, σ = ${lengthText(sigma)}`,
  corrupt(picture, { weights }, random) {
    const angle = ((2 * random.uniform() - 1) * Math.PI) / 4;
    return drag(picture, weights, cosine(angle), sine(angle));
  },
});

function prepared(radius: number, sigma: number): Prepared {
  const weights = Float64Array.from({ length: 2 * radius + 1 }, (_, i) =>
    exponential((-i * i) / (2 * sigma * sigma)),
  );
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return { radius, sigma, weights: weights.map((weight) => weight / sum) };
}

function drag(picture: Picture, weights: Float64Array, cos: number, sin: number): Picture {
  const { values, rows, columns } = picture;
  const output = new Float64Array(values.length);
  const inside = (place: number, extent: number) => Math.min(extent - 1, Math.max(0, place));
  const sources = new Uint32Array(columns);
  const hasInk = Uint8Array.from({ length: rows }, (_, row) =>
    values.subarray(row * columns, (row + 1) * columns).some((x) => x > 0) ? 1 : 0,
  );
  for (let i = 0; i < weights.length; i++) {
    const right = Math.ceil(i * cos - 0.5);
    const down = Math.ceil(i * sin - 0.5);
    for (let column = 0; column < columns; column++) sources[column] = inside(column + right, columns);
    for (let row = 0; row < rows; row++) {
      const source = inside(row + down, rows);
      if (hasInk[source] === 0) continue;
      const from = source * columns;
      const to = row * columns;
      for (let column = 0; column < columns; column++)
        output[to + column] += weights[i] * values[from + sources[column]];
    }
  }
  return withValues(picture, output);
}
