import type { PrivacyRun } from '../analysis/privacy/price.ts';
import { requireFields } from '../util/options.ts';
import type { Results } from './results.ts';

/** Images that a network of each split is trained on. */
const IMAGES = { test: 60_000, holdout: 54_000, half: 30_000 };

/** What the price of privacy is made from, of a study such as `studies/privacy.json`; folds are left out. */
export function privacyRunsOf(results: Results): PrivacyRun[] {
  requireFields('privacyRunsOf: results', ['study', 'trials'], results);
  const { study, trials } = results;
  const { kind } = study.split;
  if (kind === 'folds') return [];
  const recipes = new Map(study.arms.map(({ name, recipe }) => [name, recipe]));
  return trials.map(({ arm, activation, seed, testAccuracy, history }) => {
    const { privacy, batchSize } = recipes.get(arm)!;
    return {
      arm,
      activation,
      seed,
      testAccuracy,
      privacy: privacy ?? null,
      images: IMAGES[kind],
      batchSize,
      epochs: history.loss.length,
    };
  });
}
