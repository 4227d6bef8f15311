import { DactylError } from '../util/errors.ts';
import { requireNumber, requireNumbers } from '../util/options.ts';
import { mean as meanOf, standardDeviation } from './describe.ts';
import { incompleteBeta } from './incompleteBeta.ts';

/** A mean with its interval at the stated confidence; `sd` is the sample standard deviation (n − 1). */
export interface StudentInterval {
  readonly mean: number;
  readonly sd: number;
  readonly low: number;
  readonly high: number;
}

/** P(T ≤ t) for Student's t with ν > 0 degrees of freedom. Throws E_ARGUMENT for other ν or a NaN. */
export function studentCdf(t: number, degreesOfFreedom: number): number {
  requireNumber('studentCdf: t', t);
  requireNumber('studentCdf: degreesOfFreedom', degreesOfFreedom);
  requireDegrees(degreesOfFreedom);
  if (Number.isNaN(t)) throw new DactylError('E_ARGUMENT', 'The t of a Student distribution: received NaN.');
  return t > 0 ? 1 - upperTail(t, degreesOfFreedom) : upperTail(-t, degreesOfFreedom);
}

/**
 * The t with P(T ≤ t) = `p`, by bisection on whichever of tail and centre is the smaller, so that p near 0 and near ½
 * keep their digits; 0 and 1 give ∓∞. Throws E_ARGUMENT for p outside [0, 1] or degrees of freedom not above 0.
 */
export function studentQuantile(p: number, degreesOfFreedom: number): number {
  requireNumber('studentQuantile: p', p);
  requireNumber('studentQuantile: degreesOfFreedom', degreesOfFreedom);
  requireDegrees(degreesOfFreedom);
  if (!(p >= 0 && p <= 1)) {
    throw new DactylError('E_ARGUMENT', `A Student quantile: expected p from 0 to 1, received ${p}.`);
  }
  if (p === 0.5) return 0;
  if (p === 0 || p === 1) return p === 0 ? -Infinity : Infinity;
  const tail = Math.min(p, 1 - p);
  const reached =
    tail < 0.25
      ? (t: number) => upperTail(t, degreesOfFreedom) <= tail
      : (t: number) => centre(t, degreesOfFreedom) >= Math.abs(2 * p - 1);
  let high = 1;
  while (!reached(high) && high < Infinity) high *= 2;
  let low = high === 1 ? 0 : high / 2;
  while (high - low > 2e-16 * high) {
    const middle = low + (high - low) / 2;
    if (middle === low || middle === high) break;
    if (reached(middle)) high = middle;
    else low = middle;
  }
  return p < 0.5 ? -high : high;
}

/**
 * x̄ ± t₍ν₎ · s / √n with ν = n − 1 and t the (1 + confidence)/2 quantile. Throws E_ARGUMENT for fewer than two values
 * or a confidence that is not strictly between 0 and 1.
 */
export function studentInterval(values: ArrayLike<number>, confidence = 0.95): StudentInterval {
  requireNumbers('studentInterval: values', values);
  requireNumber('studentInterval: confidence', confidence);
  if (values.length < 2) {
    throw new DactylError(
      'E_ARGUMENT',
      `A Student interval: expected at least 2 values, received ${values.length}. Run more seeds.`,
    );
  }
  if (!(confidence > 0 && confidence < 1)) {
    throw new DactylError(
      'E_ARGUMENT',
      `The confidence of an interval: expected a number between 0 and 1, received ${confidence}.`,
    );
  }
  const mean = meanOf(values);
  const sd = standardDeviation(values);
  const t = -studentQuantile((1 - confidence) / 2, values.length - 1);
  const half = (t * sd) / Math.sqrt(values.length);
  return { mean, sd, low: mean - half, high: mean + half };
}

/** P(T > t) = ½·I_{ν/(ν+t²)}(ν/2, ½) for t ≥ 0. */
function upperTail(t: number, degrees: number): number {
  const [x, complement] = sharesOf(t, degrees);
  return incompleteBeta(degrees / 2, 0.5, x, complement) / 2;
}

/** P(−t < T < t) = I_{t²/(ν+t²)}(½, ν/2) for t ≥ 0. */
function centre(t: number, degrees: number): number {
  const [x, complement] = sharesOf(t, degrees);
  return incompleteBeta(0.5, degrees / 2, complement, x);
}

/** ν/(ν + t²) and t²/(ν + t²), each to full precision and without overflow of t². */
function sharesOf(t: number, degrees: number): [number, number] {
  const scaled = t / Math.sqrt(degrees);
  if (scaled > 1) {
    const inverse = 1 / scaled;
    const square = inverse * inverse;
    return [square / (1 + square), 1 / (1 + square)];
  }
  const square = scaled * scaled;
  return [1 / (1 + square), square / (1 + square)];
}

function requireDegrees(degrees: number): void {
  if (!(degrees > 0 && degrees < Infinity)) {
    throw new DactylError(
      'E_ARGUMENT',
      `Degrees of freedom: expected a finite number above 0, received ${degrees}.`,
    );
  }
}
