import { holdoutSize } from '../data/splits/holdout.ts';
import type { PrivacyRun } from '../analysis/privacy/price.ts';
import { requireFields } from '../util/options.ts';
import type { Results } from './results.ts';

/** How many of n training images a network of each split is trained on. */
const TRAINED = {
  test: (n: number) => n,
  holdout: (n: number) => n - holdoutSize(n),
  half: (n: number) => Math.floor(n / 2),
};

/** What the price of privacy is made from, of a study such as `studies/privacy.json`; folds are left out, and so are results that do not say how many training images there were. */
export function privacyRunsOf(results: Results): PrivacyRun[] {
  requireFields('privacyRunsOf: results', ['study', 'trials', 'data'], results);
  const { study, trials, data } = results;
  const n = data.images?.train;
  const { kind } = study.split;
  if (kind === 'folds' || n === undefined) return [];
  const recipes = new Map(study.arms.map(({ name, recipe }) => [name, recipe]));
  return trials.map(({ arm, activation, seed, testAccuracy, history }) => {
    const { privacy, batchSize } = recipes.get(arm)!;
    return {
      arm,
      activation,
      seed,
      testAccuracy,
      privacy: privacy ?? null,
      images: TRAINED[kind](n),
      batchSize,
      epochs: history.loss.length,
    };
  });
}
