import type { Recipe } from '../recipe.ts';
import type { TrialResult } from '../results.ts';
import type { TrialEnd } from '../runStudy.ts';
import type { PlannedTrial } from '../study.ts';
import type { Score } from './halving.ts';

/** A trial in its place in a search. */
export interface TuningTrial extends PlannedTrial {
  /** From 0; null is the recipe as it stands. */
  readonly configurationNumber: number | null;
  /** From 0. */
  readonly rung: number;
}

/** What a trial of a search came to. Of the test set there is nothing here: a search must not see it. */
export interface SearchedTrial {
  readonly key: string;
  readonly arm: string;
  /** From 0; null is the recipe as it stands. */
  readonly configuration: number | null;
  /** From 0. */
  readonly rung: number;
  readonly recipe: Recipe;
  /** Training and held-out training images after each epoch; null where the trial failed. */
  readonly history: TrialResult['history'] | null;
  readonly weightsHash: string | null;
  readonly seconds: number;
  /** Why it failed. */
  readonly message: string | null;
}

export function searchedTrial(trial: TuningTrial, end: TrialEnd): SearchedTrial {
  const { key, arm, configurationNumber, rung, configuration } = trial;
  const finished = end.kind === 'finished' ? end.result : null;
  return {
    key,
    arm,
    configuration: configurationNumber,
    rung,
    recipe: configuration.recipe,
    history: finished?.history ?? null,
    weightsHash: finished?.weightsHash.at(-1) ?? null,
    seconds: finished?.seconds ?? 0,
    message: end.kind === 'failed' ? end.message : null,
  };
}

/** After the last epoch; null where the trial failed. */
export function scoreOf(trial: Pick<TrialResult, 'history'>): Score;
export function scoreOf(trial: Pick<SearchedTrial, 'history'>): Score | null;
export function scoreOf({ history }: Pick<SearchedTrial, 'history'>): Score | null {
  if (history === null) return null;
  return { accuracy: history.val_accuracy.at(-1)!, loss: history.val_loss.at(-1)! };
}
