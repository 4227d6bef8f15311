import { MNIST_IDENTITY } from '../data/identity.ts';
import { mean, standardDeviation } from '../stats/describe.ts';
import { samplingOf } from './arm.ts';
import { inTurns } from '../util/inTurns.ts';
import { JUDGEMENT_VERSION, ownRulesOf, type Study, studyHash } from './configuration.ts';
import { summarise } from './decision.ts';
import { activationOf } from './network.ts';
import type { Recipe } from './recipe.ts';
import type { ArmAggregate, PairedDifference, Results, StudyTrial } from './results.ts';
import { versionsOf, type TrialConfiguration, trialKey, type TrialSplit } from './trialConfiguration.ts';

/** A trial in its place in a study. */
export interface PlannedTrial {
  readonly key: string;
  readonly arm: string;
  readonly activation: string;
  readonly seed: number;
  /** repeat × folds + fold, from 0; null without folds. */
  readonly fold: number | null;
  readonly configuration: TrialConfiguration;
}

/**
 * Every arm with every seed and fold; arms innermost, so that pairs are complete early. `writers`: SHA-256 of their numbers; `images`: the
 * identity of the images (`dataIdentity`).
 */
export function trialsOf(study: Study, writers?: string, images?: readonly string[]): PlannedTrial[] {
  return [...plan(study, writers, images)];
}

/** `trialsOf`, which takes seconds for a hundred thousand, with an ear for events. Throws E_ABORTED once `signal` is aborted. */
export function planTrials(
  study: Study,
  { writers, data, signal }: { writers: string | null; data: readonly string[]; signal?: AbortSignal },
): Promise<PlannedTrial[]> {
  return inTurns(plan(study, writers ?? undefined, data), (trial) => trial, signal);
}

/** How many trials a study has. */
export function countTrials({ arms, seeds, split }: Pick<Study, 'arms' | 'seeds' | 'split'>): number {
  return arms.length * seeds.length * (split.kind === 'folds' ? split.folds * split.repeats : 1);
}

function* plan(
  { arms, seeds, split }: Study,
  writers?: string,
  images: readonly string[] = MNIST_IDENTITY,
): Generator<PlannedTrial> {
  const byWriters = split.kind === 'folds' && split.groups === 'writers' && writers;
  const data = byWriters ? [...images, writers] : [...images];
  const activations = arms.map(({ recipe }) => activationOf(recipe));
  for (const seed of seeds) {
    for (const { fold, split: own } of splitsOf(split)) {
      for (const [k, { name, recipe }] of arms.entries()) {
        const configuration = configurationOf(recipe, { data, split: own, seed, arms });
        const activation = activations[k];
        yield { key: trialKey(configuration), arm: name, activation, seed, fold, configuration };
      }
    }
  }
}

/** Teachers of another arm become the keys of their trials, on the same division of the same data. */
function configurationOf(
  recipe: Recipe,
  { arms, ...place }: Pick<TrialConfiguration, 'data' | 'split' | 'seed'> & Pick<Study, 'arms'>,
): TrialConfiguration {
  const configuration = { ...versionsOf(recipe), ...place, recipe };
  const { teachers, weight } = recipe.distillation ?? {};
  if (!teachers || !('arm' in teachers)) return configuration;
  const teacher = arms.find(({ name }) => name === teachers.arm)!.recipe;
  const keys = teachers.seeds.map((seed) => trialKey(configurationOf(teacher, { arms, ...place, seed })));
  return { ...configuration, recipe: { ...recipe, distillation: { teachers: keys, weight: weight! } } };
}

function splitsOf(split: Study['split']): { fold: number | null; split: TrialSplit }[] {
  if (split.kind !== 'folds') return [{ fold: null, split }];
  const { folds, repeats, groups } = split;
  return Array.from({ length: folds * repeats }, (_, k) => ({
    fold: k,
    split: { kind: 'fold', groups, folds, repeat: Math.floor(k / folds), fold: k % folds },
  }));
}

const MEASURES = ['testAccuracy', 'testLoss'] as const;

export function aggregate(study: Study, trials: readonly StudyTrial[]): ArmAggregate[] {
  return study.arms.flatMap(({ name }) => {
    const own = trials.filter(({ arm }) => arm === name);
    if (own.length === 0) return [];
    return {
      arm: name,
      runs: own.length,
      testAccuracy: spread(own.map(({ testAccuracy }) => testAccuracy)),
      testLoss: spread(own.map(({ testLoss }) => testLoss)),
    };
  });
}

/** Every two arms, pair by pair of the same seed and fold: the first minus the second. Pairs with a failed run are left out. */
export function comparePairs(study: Study, trials: readonly StudyTrial[]): PairedDifference[] {
  const place = ({ seed, fold }: StudyTrial): string => `${seed}/${fold}`;
  const byArm = new Map(
    study.arms.map(({ name }) => [
      name,
      new Map(trials.filter(({ arm }) => arm === name).map((trial) => [place(trial), trial])),
    ]),
  );
  const names = study.arms.map(({ name }) => name);
  return names.flatMap((first, i) =>
    names.slice(i + 1).flatMap((second) => {
      const partners = byArm.get(second)!;
      const pairs = [...byArm.get(first)!].flatMap(([where, trial]) => {
        const partner = partners.get(where);
        return partner ? [[trial, partner] as const] : [];
      });
      if (pairs.length === 0) return [];
      return MEASURES.map((measure) => {
        const differences = pairs.map(([a, b]) => a[measure] - b[measure]);
        const several = differences.length > 1;
        return {
          measure,
          first,
          second,
          differences,
          mean: mean(differences),
          sd: several ? standardDeviation(differences) : null,
          interval: intervalOf(
            pairs.map(([{ fold }], k) => ({ fold, difference: differences[k] })),
            study,
          ),
        };
      });
    }),
  );
}

/** As the study's verdicts take it (`summarise`); with several seeds in a fold, of the folds' means. */
function intervalOf(
  pairs: readonly { readonly fold: number | null; readonly difference: number }[],
  study: Study,
): [number, number] | null {
  const byFold = Map.groupBy(pairs, ({ fold }) => fold);
  const means =
    study.split.kind === 'folds'
      ? [...byFold.values()].map((own) => mean(own.map(({ difference }) => difference)))
      : pairs.map(({ difference }) => difference);
  const { spread } = summarise(means, samplingOf(study));
  return spread !== null && Number.isFinite(spread.low) ? [spread.low, spread.high] : null;
}

/** `results.json` of a study. */
export function resultsOf(
  study: Study,
  { trials, failures, ...rest }: Pick<Results, 'trials' | 'failures' | 'environment' | 'parameters' | 'data'>,
): Results {
  return {
    $schema: './results.schema.json',
    format: 'dactyl-results/2',
    study: { ...study, ownRules: ownRulesOf(study) },
    studyHash: studyHash(study),
    judgement: JUDGEMENT_VERSION,
    ...rest,
    trials,
    failures,
    aggregates: aggregate(study, trials),
    comparisons: comparePairs(study, trials),
  };
}

function spread(values: readonly number[]): ArmAggregate['testAccuracy'] {
  return {
    mean: mean(values),
    sd: values.length > 1 ? standardDeviation(values) : null,
    min: Math.min(...values),
    max: Math.max(...values),
  };
}
