import { checkStopped, type Work } from '../subject.ts';
import { ascend, decaying } from './ascend.ts';
import type { Ball, Norm } from './ball.ts';
import { LEVELS, type Target } from './target.ts';

export interface SearchOptions {
  readonly norm: Norm;
  /** Largest size of a change, pixels counted from 0 to 1. */
  readonly epsilon: number;
}

/** Decaying steps of the first look at a loss or a class. */
const LOOK = 5;
/** The classes with the largest logits are all aimed at; the others only where one of these came near: */
const NEAREST = 4;
const NEAR = 0.2;
/** Longer searches towards those classes of which so little was left; see `AscentResult`. */
const ROUNDS = [
  { steps: 20, left: 0.1 },
  { steps: 40, left: 0.03 },
] as const;
/** A look is given up after three steps where more than half of the way made is left. */
const GIVE_UP = { steps: 3, left: 0.5 } as const;
/** Images in work at a time: few enough for the cache, enough for the engine. */
const BLOCK = 500;

/**
 * The attack whose counts are reported: from each image, always by the gradient and with steps that shrink from twice the radius (`decaying`), first along the
 * cross-entropy, whose first step is the fast gradient method; then towards one wrong class after the other, the one with the largest logit
 * first, five steps each; then with 20 and 40 steps towards the classes that came near. Each image is attacked until its answer is wrong. A class that
 * is no rival at the image may be in its neighbourhood, which an attack along one untargeted loss seldom finds (Gowal et al. 2019, Croce & Hein 2020).
 * Returns 1 where an image in reach gets a wrong answer, be it the image itself.
 */
export async function search(
  target: Target,
  images: Float32Array,
  labels: ArrayLike<number>,
  { norm, epsilon }: SearchOptions,
  work: Work = {},
): Promise<Uint8Array> {
  const ball: Ball = { norm, radius: LEVELS * epsilon };
  const fooled = new Uint8Array(labels.length);
  const { pixels } = target;
  for (let first = 0; first < labels.length; first += BLOCK) {
    checkStopped(work);
    const end = Math.min(first + BLOCK, labels.length);
    const own = Array.from({ length: end - first }, (_, k) => labels[first + k]);
    fooled.set(
      await searchBlock(target, images.subarray(first * pixels, end * pixels), own, ball, work),
      first,
    );
    work.onProgress?.(end / labels.length);
  }
  return fooled;
}

async function searchBlock(
  target: Target,
  images: Float32Array,
  labels: readonly number[],
  ball: Ball,
  work: Work,
): Promise<Uint8Array> {
  const fooled = new Uint8Array(labels.length);
  const rivals = rivalsOf(target, images, labels);
  const wrongClasses = target.model.outputs - 1;
  /** By image and rank of the class. */
  const left = labels.map(() => new Float64Array(wrongClasses).fill(Infinity));
  const standing = (wanted: (row: number) => boolean): number[] =>
    labels.map((_, row) => row).filter((row) => fooled[row] === 0 && wanted(row));
  const attack = async (
    rows: readonly number[],
    rank: number | null,
    steps: number,
    giveUp?: typeof GIVE_UP,
  ): Promise<void> => {
    const result = await ascend(
      target,
      images,
      labels,
      rows,
      {
        ball,
        sizes: decaying(steps),
        loss: rank === null ? 'crossEntropy' : { towards: (row) => rivals[row][rank] },
        ...(giveUp && { giveUp }),
      },
      work,
    );
    rows.forEach((row, place) => {
      fooled[row] = result.fooled[place];
      if (rank !== null) left[row][rank] = result.left[place];
    });
  };
  await attack(
    standing(() => true),
    null,
    LOOK,
  );
  for (let rank = 0; rank < wrongClasses; rank++) {
    const near = (row: number): boolean => left[row].some((share) => share <= NEAR);
    await attack(
      standing((row) => rank < NEAREST || near(row)),
      rank,
      LOOK,
      GIVE_UP,
    );
  }
  for (const { steps, left: most } of ROUNDS) {
    for (let rank = 0; rank < wrongClasses; rank++) {
      await attack(
        standing((row) => left[row][rank] <= most),
        rank,
        steps,
      );
    }
  }
  return fooled;
}

/** The wrong classes of each image, those with the largest logits first. */
export function rivalsOf(target: Target, images: Float32Array, labels: readonly number[]): number[][] {
  const { outputs } = target.model;
  const logits = target.logits(images, labels.length);
  return labels.map((label, row) =>
    Array.from({ length: outputs }, (_, j) => j)
      .filter((j) => j !== label)
      .sort((a, b) => logits[row * outputs + b] - logits[row * outputs + a]),
  );
}
