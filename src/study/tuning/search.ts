import { MNIST_IDENTITY } from '../../data/identity.ts';
import { activationOf } from '../network.ts';
import type { Recipe } from '../recipe.ts';
import type { TrialEnd } from '../runStudy.ts';
import type { PlannedTrial } from '../study.ts';
import { versionsOf, type TrialConfiguration, trialKey } from '../trialConfiguration.ts';
import type { Tuning } from './configuration.ts';
import { promoted, rungSizes } from './halving.ts';
import { sampleConfigurations, recipeWith, type Values } from './sample.ts';
import { scoreOf, type SearchedTrial, searchedTrial, type TuningTrial } from './searchedTrial.ts';

export interface SearchOptions {
  /** Identity of the images (`dataIdentity`); MNIST's by default. */
  readonly images?: readonly string[];
  /** Runs trials and returns their ends in the same order. */
  readonly run: (trials: readonly TuningTrial[]) => Promise<readonly TrialEnd[]>;
  /** Which configurations go on to a rung. */
  readonly onPromoted?: (rung: number, configurations: readonly number[]) => void;
}

type Arm = Tuning['arms'][number];

/**
 * Random search with successive halving (Jamieson & Talwalkar 2016) in one arm: every configuration trains as long as the first rung
 * says, the best share of them as long as the second, from the start, and so on. A rung waits for all of the one before it, so what is found
 * does not depend on which trial ends first. Beside them the recipe as it stands trains as long as the last rung.
 */
export async function searchArm(tuning: Tuning, arm: Arm, options: SearchOptions): Promise<SearchedTrial[]> {
  const reference = referenceOf(tuning, arm, options.images);
  // First, for it is the longest of the trials that are known now.
  const [[end], found] = await Promise.all([options.run([reference]), climb(tuning, arm, options)]);
  return [searchedTrial(reference, end), ...found];
}

async function climb(
  tuning: Tuning,
  arm: Arm,
  { images, run, onPromoted }: SearchOptions,
): Promise<SearchedTrial[]> {
  const { rungs, objective } = tuning;
  const sizes = rungSizes(tuning);
  const configurations = sampleConfigurations(tuning.space, tuning.configurations, tuning.seed);
  const found: SearchedTrial[] = [];
  let going = configurations.map((_, number) => number);
  for (let rung = 0; rung < rungs.length; rung++) {
    const trials = going.map((number) => trialAt(tuning, arm, rung, number, configurations[number], images));
    const ends = await run(trials);
    const own = trials.map((trial, k) => searchedTrial(trial, ends[k]));
    found.push(...own);
    if (rung + 1 === rungs.length) break;
    going = promoted(own.map(scoreOf), sizes[rung + 1], objective).map((k) => going[k]);
    onPromoted?.(rung + 1, going);
  }
  return found;
}

/** The trials of the first rung of every arm, which are known before anything ran, and the recipes as they stand. */
export function firstTrials(tuning: Tuning, images?: readonly string[]): TuningTrial[] {
  const configurations = sampleConfigurations(tuning.space, tuning.configurations, tuning.seed);
  return tuning.arms.flatMap((arm) => [
    referenceOf(tuning, arm, images),
    ...configurations.map((values, number) => trialAt(tuning, arm, 0, number, values, images)),
  ]);
}

function trialAt(
  tuning: Tuning,
  arm: Arm,
  rung: number,
  number: number,
  values: Values,
  images?: readonly string[],
): TuningTrial {
  const recipe = recipeWith(arm.recipe, values, tuning.rungs[rung]);
  return { ...plan(tuning, arm, recipe, images), configurationNumber: number, rung };
}

function referenceOf(tuning: Tuning, arm: Arm, images?: readonly string[]): TuningTrial {
  const rung = tuning.rungs.length - 1;
  const recipe = { ...arm.recipe, epochs: tuning.rungs[rung] };
  return { ...plan(tuning, arm, recipe, images), configurationNumber: null, rung };
}

function plan(
  { seed }: Tuning,
  { name }: Arm,
  recipe: Recipe,
  images: readonly string[] = MNIST_IDENTITY,
): PlannedTrial {
  const configuration: TrialConfiguration = {
    ...versionsOf(recipe),
    data: [...images],
    recipe,
    split: { kind: 'holdout' },
    seed,
  };
  const activation = activationOf(recipe);
  return { key: trialKey(configuration), arm: name, activation, seed, fold: null, configuration };
}
