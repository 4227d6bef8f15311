import { type Ball, randomStart, stepInBall } from '../adversarial/ball.ts';
import { LEVELS, type Target } from '../adversarial/target.ts';
import { Random } from '../../util/random.ts';
import { yieldToEvents } from '../../util/yieldToEvents.ts';
import { checkStopped, type Work } from '../subject.ts';
import { rowNorms, topTwo } from './inputGradients.ts';

export interface LipschitzOptions {
  /** Of the ball around an image, Euclidean, pixels counted from 0 to 1. */
  readonly radius: number;
  /** Random places looked at, at random distances. */
  readonly places: number;
  /** Steps downhill, looked at each. */
  readonly steps: number;
  readonly seed: number;
  readonly names?: ArrayLike<number>;
}

/**
 * L / m of each image, L its local Lipschitz estimate and m ≥ 0 the margin at it: per unit of change, the share of its lead that the answer can lose; 1 / (L / m) is a
 * distance within which no answer turns, as far as L is the largest slope (Weng et al. 2018). It does not change when all outputs are multiplied by a
 * number, as the slope does. Images with a margin of 0, where there is no lead to lose, are left out.
 */
export function relativeSlopes(slopes: Float64Array, margins: Float64Array): Float64Array {
  return slopes.map((slope, row) => slope / margins[row]).filter((_, row) => margins[row] > 0);
}

/**
 * A local Lipschitz estimate of m = z_a − z_b, a and b the answer and the runner-up at the image x: the largest ‖∇m(x′)‖₂ of the places x′
 * looked at in the ball around x, cut to the range of pixels: x itself, random places, and the way along which m falls fastest. Per image a
 * lower bound of the constant L with |m(x′) − m(x″)| ≤ L ‖x′ − x″‖₂ there, as in the first half of CLEVER (Weng et al. 2018). For a linear network
 * it is exact.
 */
export async function localLipschitz(
  target: Target,
  images: Float32Array,
  labels: ArrayLike<number>,
  { radius, places, steps, seed, names }: LipschitzOptions,
  work: Work = {},
): Promise<Float64Array> {
  const { pixels } = target;
  const n = labels.length;
  const pairs: [number, number][] = [];
  const rowOf = (all: Float32Array, row: number) => all.subarray(row * pixels, (row + 1) * pixels);
  const steepest = new Float64Array(n);
  /** The slope at x; its negative leads downhill. */
  const look = (x: Float32Array): Float32Array => {
    const { gradient } = target.gradients(x, labels, (row, logits, weights) => {
      const [answer, runnerUp] = (pairs[row] ??= topTwo(logits));
      weights[answer] = -1;
      weights[runnerUp] = 1;
    });
    rowNorms(gradient, n).forEach((norm, row) => {
      steepest[row] = Math.max(steepest[row], norm);
    });
    return gradient;
  };
  const pause = async (looked: number): Promise<void> => {
    checkStopped(work);
    work.onProgress?.(looked / (1 + places + steps));
    await yieldToEvents();
  };
  const ball: Ball = { norm: 'l2', radius: LEVELS * radius };
  const x = images.slice();
  let gradient = look(x);
  for (let step = 0; step < steps; step++) {
    for (let row = 0; row < n; row++) {
      stepInBall(ball, rowOf(x, row), rowOf(images, row), rowOf(gradient, row), (2 * ball.radius) / steps);
    }
    gradient = look(x);
    await pause(step + 1);
  }
  const randoms = Array.from({ length: n }, (_, row) => new Random(seed, `lipschitz/${names?.[row] ?? row}`));
  for (let place = 0; place < places; place++) {
    randoms.forEach((random, row) => {
      const distance = ball.radius * random.uniform();
      randomStart({ norm: 'l2', radius: distance }, rowOf(images, row), random, rowOf(x, row));
    });
    look(x);
    await pause(steps + place + 1);
  }
  return steepest;
}
