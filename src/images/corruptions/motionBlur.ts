import { cosine } from '../../util/cosine.ts';
import { exponential } from '../../util/exponential.ts';
import { defineCorruption } from './corruption.ts';
import { PIXELS, SIDE, type Picture } from './picture.ts';
import { sine } from './warp.ts';

interface Level {
  readonly radius: number;
  readonly sigma: number;
  /** e^(−i²/2σ²), normalised, for i = 0 … 2·radius pixels along the motion. */
  readonly weights: Float64Array;
}

/**
 * A trail along one direction, its angle uniform in ±45° (one uniform draw): the sum over i of weight i times the picture at
 * (column + ⌈i·cos − ½⌉, row + ⌈i·sin − ½⌉), the outermost pixels repeated outside. ImageMagick's MotionBlurImage.
 */
export const motionBlur = defineCorruption<Level>({
  name: 'motion-blur',
  label: 'Motion blur',
  kind: 'blur',
  meaning: 'a trail in one direction, as when the paper or the camera moves',
  levels: [level(10, 3), level(15, 5), level(15, 8), level(15, 12), level(20, 15)],
  published: 0,
  setting: ({ radius, sigma }) => `radius ${radius}, σ = ${sigma}`,
  corrupt(picture, { weights }, random) {
    const angle = ((2 * random.uniform() - 1) * Math.PI) / 4;
    return drag(picture, weights, cosine(angle), sine(angle));
  },
});

function level(radius: number, sigma: number): Level {
  const weights = Float64Array.from({ length: 2 * radius + 1 }, (_, i) =>
    exponential((-i * i) / (2 * sigma * sigma)),
  );
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return { radius, sigma, weights: weights.map((weight) => weight / sum) };
}

function drag(picture: Picture, weights: Float64Array, cos: number, sin: number): Picture {
  const output = new Float64Array(PIXELS);
  const inside = (place: number) => Math.min(SIDE - 1, Math.max(0, place));
  const columns = new Uint8Array(SIDE);
  const hasInk = Uint8Array.from({ length: SIDE }, (_, row) =>
    picture.subarray(row * SIDE, (row + 1) * SIDE).some((x) => x > 0) ? 1 : 0,
  );
  for (let i = 0; i < weights.length; i++) {
    const right = Math.ceil(i * cos - 0.5);
    const down = Math.ceil(i * sin - 0.5);
    for (let column = 0; column < SIDE; column++) columns[column] = inside(column + right);
    for (let row = 0; row < SIDE; row++) {
      const source = inside(row + down);
      if (hasInk[source] === 0) continue;
      const from = source * SIDE;
      const to = row * SIDE;
      for (let column = 0; column < SIDE; column++)
        output[to + column] += weights[i] * picture[from + columns[column]];
    }
  }
  return output;
}
