import { checkOptions, requireNumbers } from '../util/options.ts';
import { moments } from './moments.ts';
import { tTest, type TTest, type TTestOptions } from './tTest.ts';

/**
 * Welch's t-test of ā − b̄ for two unpaired samples of any sizes and variances: standard error √(u + v) with u =
 * s²ₐ/m, v = s²ᵦ/n, degrees of freedom (u + v)² / (u²/(m − 1) + v²/(n − 1)) (Welch 1947); min(m, n) − 1, the least
 * they can be, where neither sample has any spread. Throws E_ARGUMENT for fewer than two values in a sample or one
 * that is not finite.
 */
export function welch(a: ArrayLike<number>, b: ArrayLike<number>, options: TTestOptions = {}): TTest {
  requireNumbers('welch: a', a);
  requireNumbers('welch: b', b);
  checkOptions('welch', ['alternative', 'confidence'], options);
  const first = moments(a, "Welch's t-test, first sample");
  const second = moments(b, "Welch's t-test, second sample");
  const standardError = Math.hypot(first.standardError, second.standardError);
  const degrees =
    standardError === 0
      ? Math.min(first.n, second.n) - 1
      : 1 /
        (fourth(first.standardError / standardError) / (first.n - 1) +
          fourth(second.standardError / standardError) / (second.n - 1));
  return tTest(first.mean - second.mean, standardError, degrees, options);
}

function fourth(x: number): number {
  return x * x * (x * x);
}
