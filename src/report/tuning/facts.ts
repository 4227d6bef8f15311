import { mcnemar } from '../../stats/mcnemar.ts';
import { wilson } from '../../stats/wilson.ts';
import { MNIST_HOLDOUT_SIZE } from '../../data/splits/holdout.ts';
import { heldOutImages } from '../../study/dataAbout.ts';
import { ARM_COLOURS, armLabel } from '../../study/arm.ts';
import { activationOf } from '../../study/network.ts';
import { activationName, fixed, grouped, percent } from '../../study/wording.ts';
import type { Score } from '../../study/tuning/halving.ts';
import { type ArmImportance, bestOf, type TuningResults } from '../../study/tuning/results.ts';
import { type SearchedTrial, scoreOf } from '../../study/tuning/searchedTrial.ts';
import type { Values } from '../../study/tuning/sample.ts';
import { type Distribution, type Parameter, searched } from '../../study/tuning/space.ts';
import { valuesIn } from '../../study/tuning/sample.ts';

/** An arm of a search as the report speaks of it. */
export interface SearchedArm {
  readonly name: string;
  readonly label: string;
  /** Activation whose colour it has. */
  readonly colour: string;
  readonly trials: readonly SearchedTrial[];
  readonly candidates: readonly Candidate[];
  readonly reference: SearchedTrial;
  readonly best: SearchedTrial | null;
  /** The same without the recipe as it stands. */
  readonly bestDrawn: SearchedTrial | null;
  readonly importance: ArmImportance | null;
}

/** A configuration with its trials, rung by rung as far as it came. */
export interface Candidate {
  /** From 0; null is the recipe as it stands. */
  readonly number: number | null;
  readonly values: Values;
  readonly trials: readonly SearchedTrial[];
}

export function armsOfSearch({ arms, configurations, tuning }: TuningResults): SearchedArm[] {
  const activations = tuning.arms.map(({ recipe }) => activationOf(recipe));
  // By activation where the arms differ in it, else in turn.
  const byActivation = new Set(activations).size === activations.length;
  return arms.map(({ arm, trials, best, importance }, a) => {
    const { recipe } = tuning.arms[a];
    const activation = activations[a];
    const reference = trials.find(({ configuration }) => configuration === null)!;
    return {
      name: arm,
      label: armLabel(arm, activation),
      colour: byActivation ? activation : ARM_COLOURS[a % ARM_COLOURS.length],
      trials,
      candidates: [
        ...configurations.map((values, number) => ({
          number,
          values,
          trials: trials.filter(({ configuration }) => configuration === number),
        })),
        { number: null, values: valuesIn(recipe, tuning.space), trials: [reference] },
      ],
      reference,
      best: trials.find(({ key }) => key === best) ?? null,
      bestDrawn:
        bestOf(
          trials.filter(({ configuration }) => configuration !== null),
          tuning.objective,
        ) ?? null,
      importance,
    };
  });
}

/** '#7', counted from 1, or 'the recipe as it stands'. */
export function candidateName(number: number | null): string {
  return number === null ? 'the recipe as it stands' : `#${number + 1}`;
}

/** A parameter's value as it is read: '0.00132', 'ReLU', 'glorotUniform'. */
export function valueText(parameter: Parameter, value: number | string): string {
  if (typeof value === 'string') return parameter === 'activation' ? activationName(value) : value;
  return Number.isInteger(value) ? grouped(value) : String(Number(value.toPrecision(3)));
}

/** The objective of a trial with its name and direction. */
export interface Measure {
  readonly of: (score: Score) => number;
  readonly text: (value: number) => string;
  /** For an axis. */
  readonly tick: (value: number) => string;
  readonly name: string;
  /** 1: more is better; −1: less. */
  readonly sign: 1 | -1;
}

export function measureOf({ tuning }: TuningResults): Measure {
  return tuning.objective === 'val_accuracy'
    ? {
        of: ({ accuracy }) => accuracy,
        text: (value) => percent(value),
        tick: (value) => percent(value, 1),
        name: 'accuracy',
        sign: 1,
      }
    : {
        of: ({ loss }) => loss,
        text: (value) => fixed(value, 4),
        tick: (value) => fixed(value, 2),
        name: 'loss',
        sign: -1,
      };
}

export function valueOf(trial: SearchedTrial, measure: Measure): number | null {
  const score = scoreOf(trial);
  return score && measure.of(score);
}

/** How many images every trial is judged on; MNIST's where a search of before does not say. */
export function heldOut({ data }: Pick<TuningResults, 'data'>): number {
  return heldOutImages(data) ?? MNIST_HOLDOUT_SIZE;
}

/** 95 % Wilson interval of a trial's accuracy over the `images` held out. */
export function accuracyInterval(trial: SearchedTrial, images: number): { low: number; high: number } | null {
  const score = scoreOf(trial);
  return score && wilson(Math.round(score.accuracy * images), images);
}

/**
 * The largest p that McNemar's test of two trials on the `images` held out can have: which images each misread is not kept, and the test is
 * weakest where no image was misread by both. Times `choices`, at most 1, where the first was the best of so many (Bonferroni).
 */
export function largestPairedP(
  first: SearchedTrial,
  second: SearchedTrial,
  images: number,
  choices = 1,
): number {
  const [own, other] = [first, second].map((trial) => Math.round((1 - scoreOf(trial)!.accuracy) * images));
  return Math.min(1, choices * mcnemar(other, own).exactP);
}

/** Parameters whose best value lies at the end of what was searched, with the end. */
export function atTheEdge({ tuning }: TuningResults, { best, candidates }: SearchedArm): Edge[] {
  const found = candidates.find(({ number }) => number !== null && number === best?.configuration);
  if (!found) return [];
  return searched(tuning.space).flatMap((parameter): Edge[] => {
    const distribution = tuning.space[parameter]!;
    const value = found.values[parameter];
    const ends = endsOf(distribution);
    if (typeof value !== 'number' || ends === null) return [];
    if (value <= ends.low) return [{ parameter, end: 'lower', value }];
    if (value >= ends.high) return [{ parameter, end: 'upper', value }];
    return [];
  });
}

export interface Edge {
  readonly parameter: Parameter;
  readonly end: 'lower' | 'upper';
  readonly value: number;
}

/** Share of a range that counts as its end. */
const EDGE = 0.05;

/** Values from here down or up lie at an end; null for choices of two, which have nothing else, and names. */
function endsOf(distribution: Distribution): { low: number; high: number } | null {
  if (distribution.kind === 'choice') {
    const numbers = distribution.values.filter((value) => typeof value === 'number');
    return numbers.length > 2 ? { low: Math.min(...numbers), high: Math.max(...numbers) } : null;
  }
  const { from, to } = distribution;
  // A value of 0 is often where a thing is switched off, and below it there is nothing.
  const low = from === 0 ? -1 : from;
  if (distribution.kind === 'integer') return to - from > 1 ? { low, high: to } : null;
  if (distribution.kind === 'uniform') {
    return { low: from === 0 ? -1 : from + EDGE * (to - from), high: to - EDGE * (to - from) };
  }
  const factor = Math.exp(EDGE * Math.log(to / from));
  return { low: from * factor, high: to / factor };
}
