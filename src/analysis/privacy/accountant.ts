import { DactylError } from '../../util/errors.ts';
import { checkOptions } from '../../util/options.ts';
import { renyiOfStep } from './renyi.ts';

/** How training drew its batches, and how much noise it added. */
export interface PrivateTraining {
  /** Probability with which an example takes part in a step: batch size over examples. */
  readonly rate: number;
  /** Standard deviation of the noise over the largest length of one example's gradient. */
  readonly noiseMultiplier: number;
  readonly steps: number;
}

/**
 * From Rényi to (ε, δ) differential privacy, for each order α, the least over the orders counting:
 *
 * - `improved`: ε = RDP + log(1 − 1/α) − (log δ + log α) / (α − 1) (Canonne, Kamath & Steinke 2020, arXiv 2004.00010, proposition 12)
 * - `classic`: ε = RDP − log δ / (α − 1) (Mironov 2017, arXiv 1702.07476, proposition 3)
 */
export type Conversion = 'improved' | 'classic';

export interface PrivacySpent {
  /** Infinity where there is no noise. */
  readonly epsilon: number;
  readonly delta: number;
  readonly conversion: Conversion;
  /** The order at which the least ε was found. */
  readonly order: number;
}

/** 1.1 to 10.9 in tenths, 12 to 63, and some larger ones for very noisy training: those that are usual, so that results compare. */
const RENYI_ORDERS: readonly number[] = [
  ...Array.from({ length: 99 }, (_, k) => 1 + (k + 1) / 10),
  ...Array.from({ length: 52 }, (_, k) => 12 + k),
  ...[80, 128, 256, 512],
];

/**
 * The (ε, δ) of DP-SGD with Poisson sampling: no event gets more than e^ε times (and δ) as likely by adding or removing one training
 * example. Rényi divergences of the steps add up. Throws E_ARGUMENT unless 0 < rate ≤ 1, noiseMultiplier ≥ 0, steps a whole number from 0, 0 < delta < 1.
 */
export function privacySpent(
  training: PrivateTraining,
  options: { delta?: number; conversion?: Conversion; orders?: readonly number[] } = {},
): PrivacySpent {
  checkOptions('privacySpent', ['rate', 'noiseMultiplier', 'steps'], training);
  checkOptions('privacySpent', ['delta', 'conversion', 'orders'], options);
  const { rate, noiseMultiplier, steps } = training;
  const { delta = 1e-5, conversion = 'improved', orders = RENYI_ORDERS } = options;
  const valid =
    rate > 0 &&
    rate <= 1 &&
    noiseMultiplier >= 0 &&
    Number.isSafeInteger(steps) &&
    steps >= 0 &&
    delta > 0 &&
    delta < 1 &&
    orders.every((order) => order > 1 && order < Infinity);
  if (!valid) {
    throw new DactylError(
      'E_ARGUMENT',
      `A privacy account: expected 0 < rate <= 1, noiseMultiplier >= 0, whole steps >= 0, 0 < delta < 1 and orders above 1; received rate ${rate}, noiseMultiplier ${noiseMultiplier}, steps ${steps}, delta ${delta}.`,
    );
  }
  if (steps === 0) return { epsilon: 0, delta, conversion, order: orders[0] };
  let best = { epsilon: Infinity, order: orders[0] };
  for (const order of orders) {
    const renyi = steps * renyiOfStep(rate, noiseMultiplier, order);
    const epsilon = Math.max(0, converted(renyi, order, delta, conversion));
    if (epsilon < best.epsilon) best = { epsilon, order };
  }
  return { ...best, delta, conversion };
}

function converted(renyi: number, order: number, delta: number, conversion: Conversion): number {
  if (conversion === 'classic') return renyi - Math.log(delta) / (order - 1);
  return renyi + Math.log1p(-1 / order) - (Math.log(delta) + Math.log(order)) / (order - 1);
}
