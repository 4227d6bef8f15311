import { mean } from '../stats/describe.ts';
import type { Study } from './configuration.ts';
import type { Sampling } from './decision.ts';
import { activationOf } from './network.ts';
import type { Recipe } from './recipe.ts';
import type { Results, StudyTrial } from './results.ts';
import { activationName } from './wording.ts';

/** All finished runs of one arm of a study, by fold and then in the order of the study's seeds. */
export interface Arm {
  readonly name: string;
  /** As it is written: the activation's name where the arm is named after it. */
  readonly label: string;
  /** Of its network, as results call it (`activationOf`). */
  readonly activation: string;
  /** The activation whose colour the arm has; no two of up to twelve arms share one. */
  readonly colour: string;
  readonly recipe: Recipe;
  readonly trials: readonly StudyTrial[];
}

/** What one seed, or one fold as the mean over its seeds, gives for two arms. */
export interface PairDifference {
  readonly label: string;
  readonly difference: number;
}

const known = new WeakMap<Results, readonly Arm[]>();

/** One arm for each of the study that has at least one finished run; sorted once for all who ask. */
export function armsOf(results: Results): Arm[] {
  const arms = known.get(results) ?? sortedArms(results);
  known.set(results, arms);
  return [...arms];
}

function sortedArms(results: Results): Arm[] {
  const { arms, seeds } = results.study;
  const kinds = arms.map(({ name, recipe }) => ({ name, activation: activationOf(recipe) }));
  const colours = coloursOf(kinds);
  const placeOf = new Map(seeds.map((seed, place) => [seed, place]));
  const place = ({ seed }: StudyTrial): number => placeOf.get(seed) ?? -1;
  return arms
    .map(({ name, recipe }, i) => ({
      name,
      label: armLabel(name, kinds[i].activation),
      activation: kinds[i].activation,
      colour: colours[i],
      recipe,
      trials: results.trials
        .filter((trial) => trial.arm === name)
        .sort((a, b) => (a.fold ?? 0) - (b.fold ?? 0) || place(a) - place(b)),
    }))
    .filter((arm) => arm.trials.length > 0);
}

/** 'ReLU' for the arm `relu` with ReLU, 'relu-he' for an arm of that name. */
export function armLabel(name: string, activation: string): string {
  return isNamedAfter(name, activation) ? activationName(activation) : name;
}

function isNamedAfter(name: string, activation: string): boolean {
  return name.replaceAll('-', '').toLowerCase() === activation.toLowerCase();
}

/** Names of the colours of `Theme.arm`, in the order in which what has none of its own takes them. */
export const ARM_COLOURS: readonly string[] = [
  'relu',
  'tanh',
  'leakyRelu',
  'elu',
  'selu',
  'gelu',
  'silu',
  'softplus',
  'softsign',
  'sigmoid',
  'linear',
  'softmax',
];

/** Arms named after their activation have its colour, then others with an activation not yet seen, then the rest in turn. */
export function coloursOf(arms: readonly { readonly name: string; readonly activation: string }[]): string[] {
  const taken = new Set<string>();
  const colours = new Array<string | undefined>(arms.length);
  const give = (i: number, colour: string) => {
    if (taken.has(colour) || colours[i] !== undefined || !ARM_COLOURS.includes(colour)) return;
    taken.add(colour);
    colours[i] = colour;
  };
  arms.forEach(({ name, activation }, i) => {
    if (isNamedAfter(name, activation)) give(i, activation);
  });
  arms.forEach(({ activation }, i) => {
    give(i, activation);
  });
  return arms.map((_, i) => {
    const colour =
      colours[i] ?? ARM_COLOURS.find((one) => !taken.has(one)) ?? ARM_COLOURS[i % ARM_COLOURS.length];
    taken.add(colour);
    return colour;
  });
}

/** What runs are called: one for each seed, one for each fold, or several of both. */
export function unitOf({ split, seeds }: Study): 'seed' | 'fold' | 'run' {
  if (split.kind !== 'folds') return 'seed';
  return seeds.length === 1 ? 'fold' : 'run';
}

/** What is paired: seeds, or folds, each the mean over its seeds. */
export function pairUnit({ split }: Study): 'seed' | 'fold' {
  return split.kind === 'folds' ? 'fold' : 'seed';
}

/** 'seed 3', 'fold 2', 'fold 2, seed 3'; folds are counted from 1. */
export function trialLabel({ seed, fold }: Pick<StudyTrial, 'seed' | 'fold'>, { seeds }: Study): string {
  if (fold === null) return `seed ${seed}`;
  return seeds.length === 1 ? `fold ${fold + 1}` : `fold ${fold + 1}, seed ${seed}`;
}

export function samplingOf({ split, stopping }: Study): Sampling {
  return {
    overlap: split.kind === 'folds' ? 1 / (split.folds - 1) : 0,
    sequential: stopping === 'until-decided',
  };
}

/** The runs of both arms with the same seed and fold. */
export function pairedTrials(first: Arm, second: Arm): [StudyTrial, StudyTrial][] {
  const place = ({ fold, seed }: StudyTrial) => `${fold}/${seed}`;
  const partners = new Map(second.trials.map((trial) => [place(trial), trial]));
  return first.trials.flatMap((trial) => {
    const partner = partners.get(place(trial));
    return partner === undefined ? [] : [[trial, partner] as [StudyTrial, StudyTrial]];
  });
}

/** first − second for each seed that both arms have; for each fold the mean over the seeds that both have in it. */
export function pairedDifferences(
  first: Arm,
  second: Arm,
  measure: (trial: StudyTrial) => number,
): PairDifference[] {
  const groups = new Map<string, number[]>();
  for (const [a, b] of pairedTrials(first, second)) {
    const label = a.fold === null ? `seed ${a.seed}` : `fold ${a.fold + 1}`;
    const group = groups.get(label) ?? [];
    group.push(measure(a) - measure(b));
    groups.set(label, group);
  }
  return [...groups].map(([label, differences]) => ({ label, difference: mean(differences) }));
}

export function meanOf(arm: Pick<Arm, 'trials'>, measure: (trial: StudyTrial) => number): number {
  return mean(arm.trials.map(measure));
}

/** Fewest epochs of a run of these arms; runs that stopped early have fewer than their recipe says. */
export function epochsOf(arms: readonly Arm[]): number {
  return Math.min(...arms.flatMap(({ trials }) => trials.map(({ history }) => history.loss.length)));
}

/** The mean of curves, epoch by epoch, over those that have the epoch. */
export function meanCurve(curves: readonly (readonly number[])[]): number[] {
  const length = Math.max(...curves.map((curve) => curve.length));
  return Array.from({ length }, (_, epoch) =>
    mean(curves.filter((curve) => epoch < curve.length).map((curve) => curve[epoch])),
  );
}

const meanConfusions = new WeakMap<Arm, readonly (readonly number[])[]>();

/** Counts [true class][predicted class] as means over the arm's runs. */
export function meanConfusion(arm: Arm): number[][] {
  const { length } = arm.trials[0].confusionMatrix;
  const matrix =
    meanConfusions.get(arm) ??
    Array.from({ length }, (_, t) =>
      Array.from({ length }, (_, p) => meanOf(arm, (trial) => trial.confusionMatrix[t][p])),
    );
  meanConfusions.set(arm, matrix);
  return matrix.map((row) => [...row]);
}

/** The arm with the highest mean test accuracy; the earlier one where they tie. */
export function bestArm(arms: readonly Arm[]): Arm {
  const accuracy = (arm: Arm) => meanOf(arm, (trial) => trial.testAccuracy);
  return arms.reduce((best, arm) => (accuracy(arm) > accuracy(best) ? arm : best));
}
