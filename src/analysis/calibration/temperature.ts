import { DactylError } from '../../util/errors.ts';
import { requireSample } from '../../stats/requirements.ts';
import { exponential } from '../../util/exponential.ts';
import { requireLabels } from '../checks.ts';
import { requireNumber, requireNumbers } from '../../util/options.ts';

/** A fitted temperature: above 1 the model was too sure, below 1 not sure enough. */
export interface Temperature {
  readonly temperature: number;
  /** The best one lies beyond the bounds: the labels do not fit the model's order at all, or they always do. */
  readonly atBound: boolean;
}

/** A temperature is sought between 1/20 and 20. */
export const TEMPERATURE_BOUND = 20;
const STEPS = 100;
const PRECISION = 1e-9;

/**
 * The temperature T that makes the mean log loss of softmax(z / T) smallest (Guo et al. 2017), z the logits [n][classes].
 * In β = 1/T the loss is convex: the root of its slope is found by Newton's method, kept between bounds that close in. A slope of zero at T = 1 leaves T = 1, so equal logits do. The answers, as the largest logits, stay the same.
 * Throws E_SHAPE unless there is at least one image and a row of logits for each label, E_ARGUMENT for a logit that is not finite, E_LABEL for a label that is no class.
 */
export function fitTemperature(logits: ArrayLike<number>, labels: Uint8Array, classes: number): Temperature {
  requireNumbers('fitTemperature: logits', logits);
  requireNumbers('fitTemperature: labels', labels);
  requireNumber('fitTemperature: classes', classes);
  if (labels.length === 0 || logits.length !== labels.length * classes) {
    throw new DactylError(
      'E_SHAPE',
      `A temperature: expected ${classes} logits for each of at least one label, received ${logits.length} for ${labels.length}.`,
    );
  }
  requireSample(logits, 1, 'A temperature, logits');
  requireLabels(labels, { count: labels.length, classes }, 'A temperature');
  const at = (beta: number) => lossDerivatives(logits, labels, classes, beta);
  const bounds = [1 / TEMPERATURE_BOUND, TEMPERATURE_BOUND];
  let [low, high] = bounds;
  let beta = 1;
  for (let step = 0; step < STEPS; step++) {
    const { slope, curvature } = at(beta);
    if (slope === 0) break;
    if (slope < 0) low = beta;
    else high = beta;
    let next = beta - slope / curvature;
    if (!(next > low && next < high)) {
      const bound = slope < 0 ? high : low;
      const beyond = bounds.includes(bound) && at(bound).slope * slope >= 0;
      if (beyond) return { temperature: 1 / bound, atBound: true };
      next = Math.sqrt(low * high);
    }
    const change = Math.abs(next - beta);
    beta = next;
    if (change <= PRECISION * beta) break;
  }
  return { temperature: 1 / beta, atBound: false };
}

/** The first and second derivative of the mean loss by β: the means of Σⱼ pⱼ(zⱼ − z(label)) and of the variance of z under p. */
function lossDerivatives(
  logits: ArrayLike<number>,
  labels: Uint8Array,
  classes: number,
  beta: number,
): { slope: number; curvature: number } {
  let slope = 0;
  let curvature = 0;
  for (let i = 0; i < labels.length; i++) {
    const first = i * classes;
    const own = logits[first + labels[i]];
    let largest = -Infinity;
    for (let j = 0; j < classes; j++) largest = Math.max(largest, logits[first + j]);
    let sum = 0;
    let weighted = 0;
    let squares = 0;
    for (let j = 0; j < classes; j++) {
      const gap = logits[first + j] - own;
      const e = exponential(beta * (logits[first + j] - largest));
      sum += e;
      weighted += e * gap;
      squares += e * gap * gap;
    }
    const mean = weighted / sum;
    slope += mean;
    curvature += squares / sum - mean * mean;
  }
  return { slope: slope / labels.length, curvature: curvature / labels.length };
}
