import { priceOfPrivacy, type PriceOfPrivacy } from '../../analysis/privacy/price.ts';
import { canonicalJson } from '../../util/canonicalJson.ts';
import type { Arm } from '../arm.ts';
import { armsOf, meanOf, pairedDifferences, samplingOf, unitOf } from '../arm.ts';
import { summarise } from '../decision.ts';
import { last } from '../judgements/accuracy.ts';
import { networkLayers } from '../network.ts';
import { recipeContrast } from '../paper.ts';
import { privacyRunsOf } from '../privacyRuns.ts';
import { PAPER_RECIPE, type Recipe } from '../recipe.ts';
import type { Results, StudyTrial } from '../results.ts';
import type { TuningEvidence } from './tuningEvidence.ts';

/** A mean over n runs or pairs of runs; null ends where there is no interval, as from a single one. */
export interface Estimate {
  readonly n: number;
  /** How many of them are not zero; all where it is not said. */
  readonly differ?: number | undefined;
  readonly mean: number;
  readonly low: number | null;
  readonly high: number | null;
}

/** How an arm learnt. */
export interface ArmEvidence {
  readonly arm: string;
  readonly label: string;
  readonly unit: 'seed' | 'fold' | 'run';
  readonly epochs: number;
  readonly dropout: number;
  readonly earlyStopping: boolean;
  /** Of the last epoch: training minus validation accuracy. */
  readonly gap: Estimate;
  readonly trainAccuracy: number;
  readonly validationAccuracy: number;
  /** Wall time of one training with its evaluation. */
  readonly seconds: number;
}

/** Two arms of one study that differ in one setting alone: what it changes, the arm with it minus the one without. */
export interface SettingEvidence {
  readonly study: string;
  readonly studyHash: string;
  readonly setting: Setting;
  readonly without: string;
  readonly with: string;
  /** 'dropout 0.2 instead of 0' */
  readonly words: string;
  readonly accuracy: Estimate;
  readonly gap: Estimate;
}

export interface FoldEvidence {
  readonly study: string;
  readonly studyHash: string;
  readonly arm: string;
  readonly folds: number;
  readonly repeats: number;
  readonly groups: 'images' | 'writers';
  readonly accuracy: Estimate;
}

/** What finished studies say of training, for the points that are about it. */
export interface Evidence {
  readonly validation: 'test' | 'holdout' | 'half' | 'folds' | null;
  readonly arms: readonly ArmEvidence[];
  readonly settings: readonly SettingEvidence[];
  readonly folds: readonly FoldEvidence[];
  /** Of the first study with private training. */
  readonly price: {
    readonly study: string;
    readonly studyHash: string;
    readonly curve: PriceOfPrivacy;
  } | null;
  readonly tuning: readonly TuningEvidence[];
}

const SETTINGS = ['distortion', 'dropout', 'l2', 'earlyStopping'] as const satisfies (keyof Recipe)[];
export type Setting = (typeof SETTINGS)[number];

/** `own`: the study that is evaluated, if it is one; `others` and `searches`: finished ones kept beside it. */
export function evidenceOf(
  own: Results | null,
  others: readonly Results[],
  searches: readonly TuningEvidence[] = [],
): Evidence {
  const all = [...(own ? [own] : []), ...others];
  return {
    validation: own?.study.split.kind ?? null,
    arms: own ? armsOf(own).map((arm) => armEvidence(arm, own)) : [],
    settings: all.flatMap(settingsIn),
    folds: all.flatMap(foldsIn),
    price: all.map(priceIn).find((one) => one !== null) ?? null,
    tuning: searches,
  };
}

const gapOf = (trial: StudyTrial): number => last(trial, 'accuracy') - last(trial, 'val_accuracy');

function armEvidence(arm: Arm, { study }: Results): ArmEvidence {
  const { recipe, trials } = arm;
  return {
    arm: arm.name,
    label: arm.label,
    unit: unitOf(study),
    epochs: recipe.epochs,
    dropout: dropoutOf(recipe),
    earlyStopping: recipe.earlyStopping !== null,
    gap: estimate(trials.map(gapOf), study),
    trainAccuracy: meanOf(arm, (trial) => last(trial, 'accuracy')),
    validationAccuracy: meanOf(arm, (trial) => last(trial, 'val_accuracy')),
    seconds: meanOf(arm, ({ seconds }) => seconds),
  };
}

/** The largest rate, where layers of its own have several. */
function dropoutOf(recipe: Recipe): number {
  const rates = networkLayers(recipe).flatMap((layer) => (layer.type === 'Dropout' ? [layer.rate] : []));
  return Math.max(0, ...rates);
}

function settingsIn(results: Results): SettingEvidence[] {
  const { study, studyHash } = results;
  return SETTINGS.flatMap((setting) => {
    const arms = armsOf(results).filter(({ recipe }) => recipe[setting] !== undefined);
    const rest = ({ recipe }: Arm): string => canonicalJson({ ...recipe, [setting]: null });
    const isPlain = ({ recipe }: Arm): boolean =>
      canonicalJson(recipe[setting]) === canonicalJson(PAPER_RECIPE[setting]);
    return arms.filter(isPlain).flatMap((plain) =>
      arms
        .filter((arm) => !isPlain(arm) && rest(arm) === rest(plain))
        .flatMap((arm) => {
          const differences = (of: (trial: StudyTrial) => number): number[] =>
            pairedDifferences(arm, plain, of).map(({ difference }) => difference);
          const accuracy = differences((trial) => trial.testAccuracy);
          if (accuracy.length === 0) return [];
          return {
            study: study.name,
            studyHash,
            setting,
            without: plain.label,
            with: arm.label,
            words: recipeContrast(arm.recipe, plain.recipe).join(', '),
            accuracy: estimate(accuracy, study),
            gap: estimate(differences(gapOf), study),
          };
        }),
    );
  });
}

function foldsIn(results: Results): FoldEvidence[] {
  const { study, studyHash } = results;
  const { split } = study;
  if (split.kind !== 'folds') return [];
  const { folds, repeats, groups } = split;
  return armsOf(results).map((arm) => ({
    study: study.name,
    studyHash,
    arm: arm.label,
    folds,
    repeats,
    groups,
    accuracy: estimate(
      arm.trials.map((trial) => trial.testAccuracy),
      study,
    ),
  }));
}

/** ε is that of the whole training as planned: where it ended earlier, the data decided when. */
function priceIn(results: Results): Evidence['price'] {
  const { study, studyHash } = results;
  const epochs = new Map(study.arms.map(({ name, recipe }) => [name, recipe.epochs]));
  const runs = privacyRunsOf(results).map((run) => ({ ...run, epochs: epochs.get(run.arm)! }));
  if (!runs.some(({ privacy }) => privacy !== null)) return null;
  return { study: study.name, studyHash, curve: priceOfPrivacy(runs) };
}

function estimate(values: readonly number[], study: Results['study']): Estimate {
  const { n, differ, mean, spread } = summarise(values, samplingOf(study));
  const finite = spread !== null && Number.isFinite(spread.low) && Number.isFinite(spread.high);
  return { n, differ, mean, low: finite ? spread.low : null, high: finite ? spread.high : null };
}
