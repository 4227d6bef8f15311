import { DactylError } from '../util/errors.ts';
import { checkOptions, requireFields, requireNumbers } from '../util/options.ts';
import { moments } from './moments.ts';
import { tTest, type TTest, type TTestOptions } from './tTest.ts';

/**
 * The corrected resampled t-test of Nadeau & Bengio 2003 for k differences from resampled or cross-validated splits,
 * whose training sets overlap: t = d̄ / (s·√(1/k + testSize/trainSize)), k − 1 degrees of freedom. For r times
 * repeated k-fold cross-validation pass all r·k differences. `sizes` are images for training and for testing in one
 * split. Throws E_ARGUMENT for fewer than two differences, one that is not finite, or sizes not above 0.
 */
export function nadeauBengio(
  differences: ArrayLike<number>,
  sizes: { readonly trainSize: number; readonly testSize: number },
  options: TTestOptions = {},
): TTest {
  requireNumbers('nadeauBengio: differences', differences);
  requireFields('nadeauBengio: sizes', ['trainSize', 'testSize'], sizes);
  checkOptions('nadeauBengio', ['alternative', 'confidence'], options);
  const { trainSize, testSize } = sizes;
  if (!(trainSize > 0 && testSize > 0 && trainSize < Infinity && testSize < Infinity)) {
    throw new DactylError(
      'E_ARGUMENT',
      `A corrected resampled t-test: expected sizes above 0, received ${trainSize} for training, ${testSize} for testing.`,
    );
  }
  const { n, mean, sd } = moments(differences, 'A corrected resampled t-test');
  return tTest(mean, sd * Math.sqrt(1 / n + testSize / trainSize), n - 1, options);
}
