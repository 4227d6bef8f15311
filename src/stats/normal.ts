import { DactylError } from '../util/errors.ts';

const SQRT_2_PI = 2.5066282746310002;
/** Below this x the series of the centre serves, from here on the continued fraction of the tail. */
const TAIL_FROM = 2;

/** φ(x) = e^(−x²/2) / √(2π), with x² split so that the relative error stays near 1e-15 (Cody 1969). */
export function normalDensity(x: number): number {
  const head = Math.round(16 * x) / 16;
  if (!(Math.abs(head) < 40)) return Number.isNaN(x) ? NaN : 0;
  return (Math.exp(-(head * head) / 2) * Math.exp((-(x - head) * (x + head)) / 2)) / SQRT_2_PI;
}

/**
 * Φ(x) = P(Z ≤ x) of the standard normal distribution: ½ + φ(x)·Σ x²ⁿ⁺¹/(2n+1)!! in the centre, φ(x) over the
 * continued fraction x + 1/(x + 2/(x + 3/(x + …))) in the tails (Abramowitz & Stegun 26.2.11 and 26.2.14). Relative
 * error below 1e-14 from x = −37.5 upwards; below that it underflows. Throws E_ARGUMENT for NaN.
 */
export function normalCdf(x: number): number {
  if (Number.isNaN(x)) throw new DactylError('E_ARGUMENT', 'The x of a normal distribution: received NaN.');
  if (x < -TAIL_FROM) return tail(-x);
  if (x > TAIL_FROM) return 1 - tail(x);
  return 0.5 + centre(x);
}

/**
 * The x with Φ(x) = `p`, by Halley's method on whichever of tail and centre is the smaller, from the start of
 * Abramowitz & Stegun 26.2.23. Relative error below 1e-13; 0 and 1 give ∓∞. Throws E_ARGUMENT for p outside [0, 1].
 */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) {
    throw new DactylError('E_ARGUMENT', `A normal quantile: expected p from 0 to 1, received ${p}.`);
  }
  if (p === 0 || p === 1) return p === 0 ? -Infinity : Infinity;
  const offset = p - 0.5;
  if (Math.abs(offset) < 0.25) {
    let x = offset * SQRT_2_PI;
    for (let step = 0; step < 4; step++) x -= halley((centre(x) - offset) / normalDensity(x), x);
    return x;
  }
  const share = Math.min(p, 1 - p);
  const t = Math.sqrt(-2 * Math.log(share));
  let x =
    t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
  for (let step = 0; step < 4; step++) {
    const reached = x > TAIL_FROM ? tail(x) : 0.5 - centre(x);
    x -= halley((share - reached) / normalDensity(x), x);
  }
  return p < 0.5 ? -x : x;
}

/** The step of Halley's method from Newton's, for a function whose second derivative is −x times its first. */
function halley(newton: number, x: number): number {
  return newton / (1 + (newton * x) / 2);
}

/** Φ(x) − ½, |x| ≤ 2. */
function centre(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 3; Math.abs(term) > 1e-17 * Math.abs(sum); n += 2) {
    term *= (x * x) / n;
    sum += term;
  }
  return normalDensity(x) * sum;
}

/** 1 − Φ(x), x ≥ 2. */
function tail(x: number): number {
  if (x === Infinity) return 0;
  let fraction = x;
  for (let k = Math.ceil(10 + 500 / (x * x)); k >= 1; k--) fraction = x + k / fraction;
  return normalDensity(x) / fraction;
}
