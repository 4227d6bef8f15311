import { Random } from '../../util/random.ts';
import { yieldToEvents } from '../../util/yieldToEvents.ts';
import { checkStopped, type Work } from '../subject.ts';
import { type Ball, type Norm, randomStart, stepInBall } from './ball.ts';
import type { AttackLoss } from './losses.ts';
import { LEVELS, type Target } from './target.ts';

export interface PgdOptions {
  readonly norm: Norm;
  /** Largest size of a change, pixels counted from 0 to 1. */
  readonly epsilon: number;
  readonly steps: number;
  /** The first start is the image itself, the others are random. */
  readonly restarts: number;
  readonly seed: number;
  /** A number for each image, for its random starts: it meets the same ones whatever else is attacked with it. Default: its row. */
  readonly names?: ArrayLike<number>;
  /** What restart 0, 1, … follow, in turn; by default margin, then cross-entropy. */
  readonly losses?: readonly AttackLoss[];
}

export interface AttackResult {
  /** 1 where an image in reach gets a wrong answer. */
  readonly fooled: Uint8Array;
  /** That image, floats 0 … 255; where there is none, the last one tried. */
  readonly images: Float32Array;
  /** The answer to it. */
  readonly predicted: Uint8Array;
}

const LOSSES: readonly AttackLoss[] = ['margin', 'crossEntropy'];
const STEPS_BETWEEN_YIELDS = 8;

/**
 * Projected gradient descent (Madry et al. 2018): from each start `steps` steps of length 2.5 ε / steps in the direction in which the loss
 * rises (`losses.ts`), each followed by the way back into the ball of radius ε and the range of pixels (`stepInBall`); the best of all
 * restarts counts. An image is left alone as soon as its answer is wrong, be it before the first step.
 */
export async function pgd(
  target: Target,
  images: Float32Array,
  labels: ArrayLike<number>,
  options: PgdOptions,
  work: Pick<Work, 'signal'> = {},
): Promise<AttackResult> {
  const { norm, epsilon, steps, restarts, seed, names, losses = LOSSES } = options;
  const { pixels } = target;
  const ball: Ball = { norm, radius: LEVELS * epsilon };
  const count = labels.length;
  const result = { fooled: new Uint8Array(count), images: images.slice(), predicted: new Uint8Array(count) };
  const rowOf = (all: Float32Array, row: number) => all.subarray(row * pixels, (row + 1) * pixels);
  const x = new Float32Array(images.length);
  let active = Array.from({ length: count }, (_, row) => row);
  for (let restart = 0; restart < restarts; restart++) {
    active.forEach((row, place) => {
      if (restart === 0) rowOf(x, place).set(rowOf(images, row));
      else {
        const random = new Random(seed, `pgd/${norm}/${epsilon}/${restart}/${names?.[row] ?? row}`);
        randomStart(ball, rowOf(images, row), random, rowOf(x, place));
      }
    });
    const loss = losses[restart % losses.length];
    for (let step = 0; step <= steps && active.length > 0; step++) {
      const own = active.map((row) => labels[row]);
      const last = step === steps;
      const { predicted, gradient } = last
        ? { ...target.answers(x, own), gradient: null }
        : target.ascent(x, own, loss);
      let left = 0;
      active = active.filter((row, place) => {
        const fooled = predicted[place] !== labels[row];
        if (fooled || last) {
          result.fooled[row] = Number(fooled);
          result.predicted[row] = predicted[place];
          rowOf(result.images, row).set(rowOf(x, place));
        }
        if (fooled) return false;
        const to = rowOf(x, left++);
        to.set(rowOf(x, place));
        if (gradient) {
          stepInBall(ball, to, rowOf(images, row), rowOf(gradient, place), (2.5 * ball.radius) / steps);
        }
        return true;
      });
      if (step % STEPS_BETWEEN_YIELDS === 0) {
        checkStopped(work);
        await yieldToEvents();
      }
    }
  }
  return result;
}
