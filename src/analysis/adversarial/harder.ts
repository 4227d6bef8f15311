import { Random } from '../../util/random.ts';
import type { Work } from '../subject.ts';
import { ascend, constant, decaying } from './ascend.ts';
import { type Ball, type Norm, randomStart } from './ball.ts';
import type { AttackLoss } from './losses.ts';
import { rivalsOf } from './search.ts';
import { LEVELS, type Target } from './target.ts';

export interface HarderOptions {
  readonly norm: Norm;
  readonly epsilon: number;
  readonly steps: number;
  /** The image itself, then random places. */
  readonly starts: number;
  readonly seed: number;
  readonly names: ArrayLike<number>;
}

const LOSSES: readonly AttackLoss[] = ['crossEntropy', 'margin', 'dlr'];

/**
 * An attack of far more effort than `search`, to tell what that leaves: `steps` steps from every start, along three losses with steps of constant and of
 * shrinking size, and towards every wrong class with both; nothing is given up. Returns 1 where an image in reach gets a wrong answer.
 */
export async function harder(
  target: Target,
  images: Float32Array,
  labels: ArrayLike<number>,
  { norm, epsilon, steps, starts, seed, names }: HarderOptions,
  work: Pick<Work, 'signal'> = {},
): Promise<Uint8Array> {
  const ball: Ball = { norm, radius: LEVELS * epsilon };
  const { pixels } = target;
  const fooled = new Uint8Array(labels.length);
  const rivals = rivalsOf(target, images, Array.from(labels));
  const losses = [
    ...LOSSES,
    ...Array.from({ length: target.model.outputs - 1 }, (_, rank) => ({
      towards: (row: number) => rivals[row][rank],
    })),
  ];
  let standing = Array.from({ length: labels.length }, (_, row) => row);
  for (let start = 0; start < starts; start++) {
    for (const sizes of [decaying(steps), constant(steps)]) {
      for (const [k, loss] of losses.entries()) {
        const result = await ascend(
          target,
          images,
          labels,
          standing,
          {
            ball,
            sizes,
            loss,
            start: (row, x) => {
              if (start === 0) return;
              const random = new Random(seed, `harder/${start}/${k}/${names[row]}`);
              randomStart(ball, images.subarray(row * pixels, (row + 1) * pixels), random, x);
            },
          },
          work,
        );
        standing.forEach((row, place) => (fooled[row] = result.fooled[place]));
        standing = standing.filter((row) => fooled[row] === 0);
      }
    }
  }
  return fooled;
}
