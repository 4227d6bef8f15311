import { checkOptions, requireNumbers } from '../util/options.ts';
import { moments } from './moments.ts';
import { tTest, type TTest, type TTestOptions } from './tTest.ts';

/**
 * Student's paired t-test: t = d̄ / (s/√n) with n − 1 degrees of freedom, for independent differences that are
 * roughly normal. Not for the folds of one cross-validation, whose training sets overlap: see `nadeauBengio`. Throws
 * E_ARGUMENT for fewer than two differences or one that is not finite.
 */
export function pairedT(differences: ArrayLike<number>, options: TTestOptions = {}): TTest {
  requireNumbers('pairedT: differences', differences);
  checkOptions('pairedT', ['alternative', 'confidence'], options);
  const { n, mean, standardError } = moments(differences, 'A paired t-test');
  return tTest(mean, standardError, n - 1, options);
}
