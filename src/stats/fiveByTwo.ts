import { DactylError } from '../util/errors.ts';
import { checkOptions, isNumbers, requireType } from '../util/options.ts';
import { fUpperTail } from './fDistribution.ts';
import { requireSample } from './requirements.ts';
import { tTest, type TTest, type TTestOptions } from './tTest.ts';

/** The differences of both folds of each of five repetitions of two-fold cross-validation. */
export type FiveByTwo = readonly (readonly [number, number])[];

export interface FTest {
  readonly f: number;
  readonly degreesOfFreedom: readonly [10, 5];
  readonly p: number;
}

/**
 * Alpaydın's combined 5×2cv F-test (1999): F = Σᵢ(d²ᵢ₁ + d²ᵢ₂) / (2·Σᵢ s²ᵢ) with s²ᵢ = (dᵢ₁ − dᵢ₂)²/2, against F(10,
 * 5). Unlike the t form it does not hang on which fold comes first. No difference at all gives F = 0, p = 1; folds
 * that agree exactly on differences that are not 0 give F = ∞, p = 0. Throws E_SHAPE unless five pairs, E_ARGUMENT
 * for a number that is not finite.
 */
export function alpaydinF(differences: FiveByTwo): FTest {
  const variance = summedVariance(differences);
  let squares = 0;
  for (const [first, second] of differences) squares += first * first + second * second;
  const f = squares === 0 ? 0 : squares / (2 * variance);
  return { f, degreesOfFreedom: [10, 5], p: fUpperTail(f, 10, 5) };
}

/**
 * Dietterich's 5×2cv t-test (1998): t = d₁₁ / √(Σᵢ s²ᵢ / 5) with 5 degrees of freedom, d₁₁ the very first fold's
 * difference. Errors as `alpaydinF`; a standard error of 0 as `tTest`.
 */
export function dietterichT(differences: FiveByTwo, options: TTestOptions = {}): TTest {
  checkOptions('dietterichT', ['alternative', 'confidence'], options);
  const standardError = Math.sqrt(summedVariance(differences) / 5);
  return tTest(differences[0][0], standardError, 5, options);
}

/** Σᵢ s²ᵢ. */
function summedVariance(differences: FiveByTwo): number {
  const isPairs = Array.isArray(differences) && (differences as unknown[]).every(isNumbers);
  requireType('A 5×2cv test', 'an array of pairs of differences', isPairs, differences);
  if (differences.length !== 5 || differences.some((pair) => pair.length !== 2)) {
    throw new DactylError(
      'E_SHAPE',
      `A 5×2cv test: expected 5 pairs of differences, received ${differences.length} of lengths ${differences.map((pair) => pair.length).join(', ')}.`,
    );
  }
  requireSample(differences.flat(), 10, 'A 5×2cv test');
  let sum = 0;
  for (const [first, second] of differences) sum += ((first - second) * (first - second)) / 2;
  return sum;
}
