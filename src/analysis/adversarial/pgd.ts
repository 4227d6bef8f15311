import { Random } from '../../util/random.ts';
import type { Work } from '../subject.ts';
import { ascend, constant } from './ascend.ts';
import { type Ball, type Norm, randomStart } from './ball.ts';
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

/**
 * Projected gradient descent (Madry et al. 2018): from each start `steps` steps of length 2.5 ε / steps in the direction in which the loss
 * rises (`losses.ts`); the best of all restarts counts. See `ascend`.
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
  let active = Array.from({ length: count }, (_, row) => row);
  for (let restart = 0; restart < restarts; restart++) {
    const { fooled } = await ascend(
      target,
      images,
      labels,
      active,
      {
        ball,
        sizes: constant(steps),
        loss: losses[restart % losses.length],
        start: (row, x) => {
          if (restart === 0) return;
          const random = new Random(seed, `pgd/${norm}/${epsilon}/${restart}/${names?.[row] ?? row}`);
          randomStart(ball, rowOf(images, row), random, x);
        },
        onEnd: (row, x, predicted) => {
          rowOf(result.images, row).set(x);
          result.predicted[row] = predicted;
          result.fooled[row] = Number(predicted !== labels[row]);
        },
      },
      work,
    );
    active = active.filter((_, place) => fooled[place] === 0);
  }
  return result;
}
