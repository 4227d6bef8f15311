import { normalCdf, normalQuantile } from './normal.ts';
import { studentCdf, studentQuantile } from './student.ts';

export interface VarianceComponent {
  readonly variance: number;
  /** Of its estimate. */
  readonly degreesOfFreedom: number;
}

/** From here on Student's t is the normal distribution to six digits. */
const MANY = 1e6;

/**
 * The degrees of freedom of a sum of independently estimated variances, (Σv)² / Σ(v² / ν) (Satterthwaite 1946); infinite where
 * nothing varies.
 */
export function satterthwaite(components: readonly VarianceComponent[]): number {
  let sum = 0;
  let squares = 0;
  for (const { variance, degreesOfFreedom } of components) {
    if (variance === 0) continue;
    sum += variance;
    squares += (variance * variance) / degreesOfFreedom;
  }
  return squares === 0 ? Infinity : (sum * sum) / squares;
}

/** How many times as wide as the normal interval Student's is: the quotient of their quantiles. */
export function studentFactor(degreesOfFreedom: number, confidence = 0.95): number {
  const p = (1 + confidence) / 2;
  return degreesOfFreedom > MANY ? 1 : studentQuantile(p, degreesOfFreedom) / normalQuantile(p);
}

/** Two-sided p of an estimate with its standard error against 0; 1 where nothing varies, which says nothing of chance. */
export function twoSidedT(estimate: number, standardError: number, degreesOfFreedom: number): number {
  if (Math.abs(estimate) < 1e-12 || !(standardError > 0)) return 1;
  const t = -Math.abs(estimate) / standardError;
  return Math.min(1, 2 * (degreesOfFreedom > MANY ? normalCdf(t) : studentCdf(t, degreesOfFreedom)));
}
