import { yieldToEvents } from '../../util/yieldToEvents.ts';
import { checkStopped, type Work } from '../subject.ts';
import { type Ball, stepInBall } from './ball.ts';
import { type AttackLoss, lossDirection } from './losses.ts';
import type { Target } from './target.ts';

export interface Ascent {
  readonly ball: Ball;
  /** Length of each step, as a share of the ball's radius. */
  readonly sizes: readonly number[];
  /** What rises; towards a class of its own for each row it is z_class − z_label. */
  readonly loss: AttackLoss | { readonly towards: (row: number) => number };
  /** Default: the images themselves. */
  readonly start?: (row: number, x: Float32Array) => void;
  /** Leaves an image alone after `steps` steps where more than the share `left` of the way made is still to go; see `left` of the result. */
  readonly giveUp?: { readonly steps: number; readonly left: number };
  /** Told once of each row: where it ended, with which answer. */
  readonly onEnd?: (row: number, x: Float32Array, predicted: number) => void;
}

export interface AscentResult {
  /** By place in `rows`: 1 where an image in the ball gets a wrong answer. */
  readonly fooled: Uint8Array;
  /**
   * By place in `rows`, where a class is aimed at: the least of what was left of its lead, as a share of what had been taken from it; ∞ where it
   * never shrank. Small: a little more would have turned the answer.
   */
  readonly left: Float64Array;
}

/** Steps, counted by image, after which others get their turn. */
const STEPS_BETWEEN_YIELDS = 2_000;

/** `count` steps that shrink evenly from twice the radius, so that the first one reaches the ball's border and the last ones settle. */
export function decaying(count: number): number[] {
  return Array.from({ length: count }, (_, step) => 2 * (1 - step / count));
}

/** `count` steps of 2.5 radii in all (Madry et al. 2018). */
export function constant(count: number): number[] {
  return Array.from({ length: count }, () => 2.5 / count);
}

/**
 * Projected gradient steps for those `rows` of the images: each a step along the gradient of the loss, then back into the ball and the range of
 * pixels (`stepInBall`). An image is left alone as soon as its answer is wrong, be it before the first step.
 */
export async function ascend(
  target: Target,
  images: Float32Array,
  labels: ArrayLike<number>,
  rows: readonly number[],
  { ball, sizes, loss, start, giveUp, onEnd }: Ascent,
  work: Pick<Work, 'signal'> = {},
): Promise<AscentResult> {
  const { pixels } = target;
  const rowOf = (all: Float32Array, row: number) => all.subarray(row * pixels, (row + 1) * pixels);
  const fooled = new Uint8Array(rows.length);
  const left = new Float64Array(rows.length).fill(Infinity);
  const leads = new Float64Array(rows.length);
  const x = new Float32Array(rows.length * pixels);
  rows.forEach((row, place) => {
    rowOf(x, place).set(rowOf(images, row));
    start?.(row, rowOf(x, place));
  });
  const aim = typeof loss === 'string' ? null : loss.towards;
  let active = rows.map((_, place) => place);
  let looked = 0;
  checkStopped(work);
  for (let step = 0; step <= sizes.length && active.length > 0; step++) {
    const own = active.map((place) => labels[rows[place]]);
    const lead = new Float64Array(active.length);
    const last = step === sizes.length;
    looked += own.length;
    const see = (k: number, logits: Float32Array): number => {
      const goal = aim === null ? -1 : aim(rows[active[k]]);
      if (goal >= 0) lead[k] = logits[own[k]] - logits[goal];
      return goal;
    };
    const { predicted, gradient } = last
      ? { ...target.answers(x, own, see), gradient: null }
      : target.gradients(x, own, (k, logits, weights) => {
          const goal = see(k, logits);
          if (goal < 0) {
            lossDirection(loss as AttackLoss, logits, own[k], weights);
          } else {
            weights[own[k]] = -1;
            weights[goal] = 1;
          }
        });
    let kept = 0;
    active = active.filter((place, k) => {
      const turned = predicted[k] !== own[k];
      if (step === 0) leads[place] = lead[k];
      else if (lead[k] < leads[place]) {
        left[place] = Math.min(left[place], Math.max(0, lead[k]) / (leads[place] - lead[k]));
      }
      const hopeless = giveUp !== undefined && step >= giveUp.steps && left[place] > giveUp.left;
      if (turned || gradient === null || hopeless) {
        fooled[place] = Number(turned);
        onEnd?.(rows[place], rowOf(x, k), predicted[k]);
        return false;
      }
      const to = rowOf(x, kept);
      if (kept !== k) to.set(rowOf(x, k));
      kept++;
      stepInBall(ball, to, rowOf(images, rows[place]), rowOf(gradient, k), sizes[step] * ball.radius);
      return true;
    });
    if (looked >= STEPS_BETWEEN_YIELDS) {
      looked = 0;
      checkStopped(work);
      await yieldToEvents();
    }
  }
  return { fooled, left };
}
