import { Random } from '../../util/random.ts';
import { yieldToEvents } from '../../util/yieldToEvents.ts';
import { checkStopped, type Work } from '../subject.ts';
import { LEVELS, type Target } from './target.ts';

export interface SquareOptions {
  /** Largest change of a pixel, counted from 0 to 1. */
  readonly epsilon: number;
  /** Answers asked for, per image. */
  readonly queries: number;
  /** [rows, columns, channels] of an image. */
  readonly extents: readonly [rows: number, columns: number, channels: number];
  readonly seed: number;
  readonly names?: ArrayLike<number>;
}

const FIRST_SHARE = 0.8;
/** Of 10,000 queries: where the share of pixels that a square covers is halved. */
const HALVINGS = [10, 50, 200, 500, 1_000, 2_000, 4_000, 6_000, 8_000];

/**
 * A random search that sees nothing of the network but its outputs, for the norm linf (Square Attack, Andriushchenko et al. 2020): start
 * with every column changed by +ε or −ε, then change one random square after the other to +ε or −ε, each channel by itself, and keep what lowers the margin. The
 * share of the pixels in a square falls from .8 as there, its schedule shortened to `queries`. Where it fools a network more often
 * than the gradient does, the gradient is no guide. Returns 1 where an image was fooled.
 */
export async function squareSearch(
  target: Target,
  images: Float32Array,
  labels: ArrayLike<number>,
  { epsilon, queries, extents, seed, names }: SquareOptions,
  work: Pick<Work, 'signal'> = {},
): Promise<Uint8Array> {
  const count = labels.length;
  const { pixels } = target;
  const randoms = Array.from(
    { length: count },
    (_, row) => new Random(seed, `square/${names?.[row] ?? row}`),
  );
  const fooled = new Uint8Array(count);
  const best = images.slice();
  const margins = new Float64Array(count).fill(Infinity);
  const x = new Float32Array(images.length);
  let active = Array.from({ length: count }, (_, row) => row);
  for (let query = 0; query < queries && active.length > 0; query++) {
    const side = query === 0 ? 0 : squareSide(query, queries, extents);
    active.forEach((row, place) => {
      const clean = images.subarray(row * pixels, (row + 1) * pixels);
      const own = x.subarray(place * pixels, (place + 1) * pixels);
      own.set(best.subarray(row * pixels, (row + 1) * pixels));
      if (query === 0) changeColumns(own, clean, LEVELS * epsilon, extents, randoms[row]);
      else changeSquare(own, clean, LEVELS * epsilon, { side, extents }, randoms[row]);
    });
    const answers = target.answers(
      x,
      active.map((row) => labels[row]),
    );
    active = active.filter((row, place) => {
      if (answers.margins[place] < margins[row]) {
        margins[row] = answers.margins[place];
        best.set(x.subarray(place * pixels, (place + 1) * pixels), row * pixels);
      }
      fooled[row] = Number(answers.predicted[place] !== labels[row]);
      return fooled[row] === 0;
    });
    if (query % 16 === 0) {
      checkStopped(work);
      await yieldToEvents();
    }
  }
  return fooled;
}

type Extents = SquareOptions['extents'];

function squareSide(query: number, queries: number, [rows, columns]: Extents): number {
  const halvings = HALVINGS.filter((at) => query * 10_000 >= at * queries).length;
  let share = FIRST_SHARE;
  for (let k = 0; k < halvings; k++) share /= 2;
  return Math.max(1, Math.min(Math.min(rows, columns) - 1, Math.round(Math.sqrt(share * rows * columns))));
}

function changeColumns(
  x: Float32Array,
  clean: Float32Array,
  radius: number,
  [, columns, channels]: Extents,
  random: Random,
): void {
  const width = columns * channels;
  for (let first = 0; first < width; first++) {
    const change = random.integer(2) === 0 ? radius : -radius;
    for (let i = first; i < x.length; i += width) x[i] = inRange(clean[i] + change);
  }
}

function changeSquare(
  x: Float32Array,
  clean: Float32Array,
  radius: number,
  { side, extents: [rows, columns, channels] }: { side: number; extents: Extents },
  random: Random,
): void {
  const left = random.integer(columns - side + 1);
  const top = random.integer(rows - side + 1);
  for (let channel = 0; channel < channels; channel++) {
    const change = random.integer(2) === 0 ? radius : -radius;
    for (let row = top; row < top + side; row++) {
      for (let column = left; column < left + side; column++) {
        const i = (row * columns + column) * channels + channel;
        x[i] = inRange(clean[i] + change);
      }
    }
  }
}

function inRange(pixel: number): number {
  return Math.min(LEVELS, Math.max(0, pixel));
}
