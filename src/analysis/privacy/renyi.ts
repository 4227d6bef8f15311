import { normalCdf } from '../../stats/normal.ts';

/**
 * Rényi differential privacy of order α of one step of the Poisson-subsampled Gaussian mechanism (Mironov, Talwar & Zhang 2019,
 * arXiv 1908.10530): each example takes part with probability q and adds at most 1 to a sum that gets normal noise of standard deviation σ; neighbours
 * differ by one example, added or removed.
 *
 *     RDP(α) = log A / (α − 1),   A = E over z ~ N(0, σ²) of ((1 − q) + q·exp((2z − 1) / (2σ²)))^α
 *
 * For whole α the binomial sum (their section 3.3), for others the two infinite series left and right of
 * z₀ = σ²·log(1/q − 1) + ½, all in logarithms. Infinity for σ = 0. Expects 0 < q ≤ 1, σ ≥ 0, α > 1.
 */
export function renyiOfStep(rate: number, noiseMultiplier: number, order: number): number {
  if (noiseMultiplier === 0) return Infinity;
  if (rate === 1) return order / (2 * noiseMultiplier * noiseMultiplier);
  const log = Number.isInteger(order)
    ? wholeOrder(rate, noiseMultiplier, order)
    : fractionalOrder(rate, noiseMultiplier, order);
  return Math.max(0, log) / (order - 1);
}

/** log Σₖ C(α, k)·(1 − q)^(α − k)·q^k·exp((k² − k) / (2σ²)). */
function wholeOrder(q: number, sigma: number, order: number): number {
  let sum = -Infinity;
  let binomial = 0;
  for (let k = 0; k <= order; k++) {
    const term = binomial + (order - k) * Math.log1p(-q) + k * Math.log(q);
    sum = logAdd(sum, term + (k * k - k) / (2 * sigma * sigma));
    binomial += Math.log((order - k) / (k + 1));
  }
  return sum;
}

/** Terms below e^−40 of the sum change no digit that is shown. */
const NEGLIGIBLE = 40;

function fractionalOrder(q: number, sigma: number, order: number): number {
  const border = sigma * sigma * Math.log(1 / q - 1) + 0.5;
  const variance = 2 * sigma * sigma;
  let left = new SignedSum();
  let right = new SignedSum();
  let coefficient = 0;
  let sign = 1;
  for (let i = 0; ; i++) {
    const j = order - i;
    const a = coefficient + i * Math.log(q) + j * Math.log1p(-q);
    const b = coefficient + j * Math.log(q) + i * Math.log1p(-q);
    const termLeft = a + (i * i - i) / variance + logNormalCdf((border - i) / sigma);
    const termRight = b + (j * j - j) / variance + logNormalCdf((j - border) / sigma);
    left = left.plus(termLeft, sign);
    right = right.plus(termRight, sign);
    const largest = Math.max(left.log, right.log);
    if (i > order && Math.max(termLeft, termRight) < largest - NEGLIGIBLE) break;
    coefficient += Math.log(Math.abs(j) / (i + 1));
    if (j < 0) sign = -sign;
  }
  return logAdd(left.log, right.log);
}

/** A positive sum of terms of either sign, as the logarithms of both parts. */
class SignedSum {
  readonly #positive: number;
  readonly #negative: number;

  constructor(positive = -Infinity, negative = -Infinity) {
    this.#positive = positive;
    this.#negative = negative;
  }

  plus(log: number, sign: number): SignedSum {
    return sign > 0
      ? new SignedSum(logAdd(this.#positive, log), this.#negative)
      : new SignedSum(this.#positive, logAdd(this.#negative, log));
  }

  get log(): number {
    if (this.#negative >= this.#positive) return -Infinity;
    return this.#positive + Math.log1p(-Math.exp(this.#negative - this.#positive));
  }
}

/** log(eᵃ + eᵇ). */
function logAdd(a: number, b: number): number {
  const [low, high] = a < b ? [a, b] : [b, a];
  return low === -Infinity ? high : high + Math.log1p(Math.exp(low - high));
}

/** log Φ(x); below −30 by the asymptotic series of the tail (Abramowitz & Stegun 26.2.12), relative error below 1e-11. */
function logNormalCdf(x: number): number {
  if (x > -30) return Math.log(normalCdf(x));
  const r = 1 / (x * x);
  return -(x * x) / 2 - Math.log(-x) - Math.log(2 * Math.PI) / 2 + Math.log1p(-r * (1 - 3 * r * (1 - 5 * r)));
}
