import { DactylError } from '../util/errors.ts';
import { integrate } from './gaussLegendre.ts';
import { normalCdf } from './normal.ts';

/** Densities below e^−45 of the peak are left out. */
const REACH = 45;
const PANEL = 0.25;
const LEAST_PANELS = 32;

/**
 * E f(U) for U = √(χ²₍ν₎/ν), the sample standard deviation in units of the true one: ∫ f(eˣ)·e^g(x) dx / ∫ e^g(x) dx
 * with g(x) = ν(x − (e²ˣ − 1)/2), whose peak is g(0) = 0. `kink` is a u above which f is 0, if f bends there.
 * Absolute error below 1e-10 for f as smooth as a normal distribution function of slope up to 20. Throws E_ARGUMENT
 * for ν ≤ 0.
 */
export function expectOverSpread(
  degreesOfFreedom: number,
  f: (u: number) => number,
  kink = Infinity,
): number {
  if (!(degreesOfFreedom > 0 && degreesOfFreedom < Infinity)) {
    throw new DactylError(
      'E_ARGUMENT',
      `Degrees of freedom: expected a finite number above 0, received ${degreesOfFreedom}.`,
    );
  }
  const log = (x: number) => degreesOfFreedom * (x - Math.expm1(2 * x) / 2);
  let from = -REACH / degreesOfFreedom - 0.5;
  let inner = 0;
  for (let step = 0; step < 60; step++) {
    const middle = (from + inner) / 2;
    if (log(middle) < -REACH) from = middle;
    else inner = middle;
  }
  const to = Math.sqrt(REACH / degreesOfFreedom);
  const end = Math.min(to, Math.log(kink));
  if (end <= from) return 0;
  const panels = (width: number) => Math.max(LEAST_PANELS, Math.ceil(width / PANEL));
  const weighted = integrate((x) => f(Math.exp(x)) * Math.exp(log(x)), from, end, panels(end - from));
  return weighted / integrate((x) => Math.exp(log(x)), from, to, panels(to - from));
}

/**
 * P(T ≤ t) of the noncentral t distribution with ν degrees of freedom and noncentrality δ: E Φ(t·U − δ), U as above.
 * Absolute error below 1e-10 for |δ| up to 20. Throws E_ARGUMENT for NaN or ν ≤ 0.
 */
export function noncentralTCdf(t: number, degreesOfFreedom: number, noncentrality: number): number {
  return expectOverSpread(degreesOfFreedom, (u) => normalCdf(t * u - noncentrality));
}
