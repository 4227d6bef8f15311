import { type Activation, type Curve, flatBelow } from './activation.ts';

/** y = x Φ(x), Φ the cumulative normal distribution (Hendrycks & Gimpel 2016). */
export const gelu = { zeroAtZero: true, needsInput: true, rises: false } as const satisfies Activation;

export const geluCurve: Curve = {
  title: 'GELU',
  f: (x) => x * normalCumulative(x),
  df: (x) => normalCumulative(x) + x * normalDensity(x),
  plateaus: () => flatBelow(-2.7414127913982553),
};

function normalDensity(x: number): number {
  return Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
}

/** Φ(x) by its power series φ(x) (x + x³/3 + x⁵/(3·5) + …) + ½, exact to about 1e-15; beyond ±8 it is 0 or 1. */
function normalCumulative(x: number): number {
  if (Math.abs(x) > 8) return x > 0 ? 1 : 0;
  let term = x;
  let sum = x;
  for (let k = 3; Math.abs(term) > 1e-18 * Math.abs(sum); k += 2) {
    term *= (x * x) / k;
    sum += term;
  }
  return 0.5 + normalDensity(x) * sum;
}
