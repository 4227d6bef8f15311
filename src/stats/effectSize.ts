import { requireNumber, requireNumbers } from '../util/options.ts';
import { logGamma } from './logBeta.ts';
import { moments } from './moments.ts';
import { noncentralTCdf } from './noncentralT.ts';
import { requireConfidence } from './requirements.ts';

export interface EffectSize {
  /** Cohen's d_z: the mean difference in standard deviations of the differences. */
  readonly dz: number;
  /** Hedges' correction of its upward bias. */
  readonly gz: number;
  /** The interval of the true d_z. */
  readonly low: number;
  readonly high: number;
}

/**
 * d_z = d̄/s of paired differences; g_z = J·d_z with J = Γ(ν/2) / (√(ν/2)·Γ((ν − 1)/2)), ν = n − 1 (Hedges 1981); the
 * interval holds the δ/√n for which the t seen lies within the central part of the noncentral t distribution, by
 * bisection to 1e-8. Two differences leave J = 0. Equal differences other than 0 give ±∞ throughout, differences all
 * 0 give d_z = 0. Throws E_ARGUMENT for fewer than two differences, one that is not finite, or a wrong confidence.
 */
export function effectSize(differences: ArrayLike<number>, confidence = 0.95): EffectSize {
  requireNumbers('effectSize: differences', differences);
  requireNumber('effectSize: confidence', confidence);
  requireConfidence(confidence);
  const { n, mean, sd } = moments(differences, 'An effect size');
  const dz = mean === 0 ? 0 : mean / sd;
  if (!Number.isFinite(dz)) return { dz, gz: dz, low: dz, high: dz };
  const degrees = n - 1;
  const tail = (1 - confidence) / 2;
  const root = Math.sqrt(n);
  return {
    dz,
    gz: hedgesCorrection(degrees) * dz,
    low: noncentrality(dz * root, degrees, 1 - tail) / root,
    high: noncentrality(dz * root, degrees, tail) / root,
  };
}

/** J(ν), 0 for ν = 1. */
export function hedgesCorrection(degrees: number): number {
  if (degrees === 1) return 0;
  return Math.exp(logGamma(degrees / 2) - logGamma((degrees - 1) / 2)) / Math.sqrt(degrees / 2);
}

/** The δ with P(T ≤ t; ν, δ) = p, which falls as δ grows. */
function noncentrality(t: number, degrees: number, p: number): number {
  let step = 1 + Math.abs(t);
  while (noncentralTCdf(t, degrees, t - step) < p) step *= 2;
  let low = t - step;
  step = 1 + Math.abs(t);
  while (noncentralTCdf(t, degrees, t + step) > p) step *= 2;
  let high = t + step;
  while (high - low > 1e-9 * Math.max(1, Math.abs(t))) {
    const middle = (low + high) / 2;
    if (noncentralTCdf(t, degrees, middle) > p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
