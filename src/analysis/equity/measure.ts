import type { Examples } from '../../data/examples.ts';
import type { LabelError } from '../../data/mnist/labelErrors.ts';
import { mean } from '../../stats/describe.ts';
import { DactylError } from '../../util/errors.ts';
import { yieldToEvents } from '../../util/yieldToEvents.ts';
import { imageExtents, knownLabelErrors, shownIn } from '../evaluation/known.ts';
import { mostProbable } from '../mostProbable.ts';
import { checkStopped, type EvaluationData, type Subject, type Work } from '../subject.ts';
import { checkOptions, requireFields, requireItems } from '../../util/options.ts';
import { DESIGN_EFFECTS, drawingOf } from './designEffects.ts';
import type { LabelledErrors } from './labelledErrors.ts';
import { labelledErrors } from './labelledErrors.ts';
import { type AnsweredArm, type RecipeEffect, recipeEffects } from './mitigation.ts';
import type { Rate } from './rates.ts';
import {
  type FamilyName,
  type FifthBounds,
  fifthBounds,
  populationsOf,
  type SliceFamily,
  sliceFamilies,
} from './slices.ts';
import { type StrokeMeasures, strokeMeasures } from './strokeMeasures.ts';
import { type WorstSlices, worstSlices } from './worstSlices.ts';

const RESAMPLES = { full: 1_000, quick: 250 } as const;

export interface EquityOptions {
  /** Writer (NIST number) of each test image: intervals are then over writers, else over images with `DESIGN_EFFECTS`. */
  readonly writers?: Uint16Array;
  /** Fewer resamples: intervals a little rougher, rates the same. */
  readonly quick?: boolean;
}

/** What one network does: for comparisons paired by seed. */
export interface NetworkErrors {
  readonly seed: number;
  readonly hash: string;
  readonly error: number;
  /** [students, employees]; null where populations are not known. */
  readonly population: readonly [number, number] | null;
  /** The highest error rate of a family's slices less the lowest, in the order of `Equity.families`; null without two slices that have images. */
  readonly ranges: readonly (number | null)[];
}

export interface ArmEquity {
  readonly arm: string;
  readonly activation: string;
  readonly networks: readonly NetworkErrors[];
  readonly original: LabelledErrors;
  /** By the labels that raters corrected, without images for which they found none; null where nobody has looked, as of other images than MNIST's. */
  readonly corrected: LabelledErrors | null;
  /** [students, employees] × class; null where populations are not known. */
  readonly cells: readonly (readonly Rate[])[] | null;
  readonly worst: WorstSlices;
}

/** Who and what is misread more often. */
export interface Equity {
  readonly images: number;
  /** How many wrote the test images; null where that is not known. */
  readonly writers: number | null;
  /** [students, employees]: by which the variance over images was multiplied, for want of the writers; null where they are known. */
  readonly designEffects: readonly [number, number] | null;
  readonly quick: boolean;
  readonly resamples: number;
  readonly families: readonly { readonly name: FamilyName; readonly slices: number }[];
  readonly bounds: FifthBounds;
  readonly arms: readonly ArmEquity[];
  readonly effects: readonly RecipeEffect[];
}

/**
 * Error rates of the networks by writer population, class and measured slices on all test images, with gaps, the worst slices,
 * and both by original and by corrected labels. Networks of one arm are its seeds: rates are means over them, and intervals are
 * over seeds and writers, with one seed over writers only; where the writers are not known, over images with the design effect of
 * their population. Beside them what other recipes of the same activation change. Throws E_ARGUMENT without a subject or a
 * test image, E_SHAPE where writers do not match the images, E_ABORTED on the signal.
 */
export async function measureEquity(
  subjects: readonly Subject[],
  data: EvaluationData,
  options: EquityOptions,
  work: Work,
): Promise<Equity> {
  requireItems('measureEquity: subjects', ['model', 'arm', 'activation', 'seed', 'hash'], subjects);
  requireFields('measureEquity: data', ['train', 'test'], data);
  checkOptions('measureEquity', ['writers', 'quick'], options);
  checkOptions('measureEquity: work', ['signal', 'onProgress'], work);
  const { train, test } = data;
  const { writers, quick = false } = options;
  const n = test.labels.length;
  if (subjects.length === 0 || n === 0) {
    throw new DactylError(
      'E_ARGUMENT',
      `Equity: expected at least one model and one test image, received ${subjects.length} and ${n}.`,
    );
  }
  if (writers !== undefined && writers.length !== n) {
    throw new DactylError(
      'E_SHAPE',
      `Equity: expected the writer of each of the ${n} test images, received ${writers.length}. Give QMNIST's label file of the test images.`,
    );
  }
  const resamples = quick ? RESAMPLES.quick : RESAMPLES.full;
  const { classes } = test;
  const [trainMeasures, testMeasures] = [train, test].map((part) =>
    shownIn(data) === null ? null : measuredStrokes(part),
  );
  const bounds = trainMeasures ? fifthBounds(trainMeasures, train) : {};
  const populations = populationsOf(data, writers);
  const families = sliceFamilies(testMeasures, test, bounds, populations);
  const errors = knownLabelErrors(data);
  const relabelled = errors && correctedLabels(test.labels, errors);
  const correctedFamilies =
    relabelled && sliceFamilies(testMeasures, { labels: relabelled.labels, classes }, bounds, populations);

  const all = Uint32Array.from({ length: n }, (_, i) => i);
  const names = [...new Set(subjects.map(({ arm }) => arm))];
  const arms: ArmEquity[] = [];
  const answered: AnsweredArm[] = [];
  let done = 0;
  for (const arm of names) {
    const own = subjects.filter((subject) => subject.arm === arm);
    const predicted: Uint8Array[] = [];
    for (const { model } of own) {
      checkStopped(work);
      predicted.push(mostProbable(model.predict(test.images)));
      work.onProgress?.((0.5 * ++done) / subjects.length + (0.5 * arms.length) / names.length);
      await yieldToEvents();
    }
    const common = { writers, resamples, predicted, populations, classes };
    const original = labelledErrors({ ...common, images: all, labels: test.labels, families });
    await yieldToEvents();
    checkStopped(work);
    const corrected =
      relabelled &&
      labelledErrors({
        ...common,
        images: relabelled.kept,
        labels: relabelled.labels,
        families: correctedFamilies!,
      });
    await yieldToEvents();
    checkStopped(work);
    arms.push({
      arm,
      activation: own[0].activation,
      networks: own.map(({ seed, hash }, k) => ({
        seed,
        hash,
        ...networkErrors(predicted[k], test.labels, families),
      })),
      original: original.errors,
      corrected: corrected && corrected.errors,
      cells: original.cells,
      worst: worstSlices(
        {
          images: test.images.data,
          labels: test.labels,
          families,
          predicted,
          writers,
          corrected: relabelled,
        },
        resamples,
      ),
    });
    answered.push({ ...arms[arms.length - 1], predicted });
    work.onProgress?.((0.5 * done) / subjects.length + (0.5 * arms.length) / names.length);
    await yieldToEvents();
  }
  return {
    images: n,
    writers: writers === undefined ? null : new Set(writers).size,
    designEffects: writers === undefined ? [...DESIGN_EFFECTS] : null,
    quick,
    resamples,
    families: families.map(({ name, slices }) => ({ name, slices })),
    bounds,
    arms,
    effects: recipeEffects(answered, {
      labels: test.labels,
      families,
      populations,
      drawing: drawingOf(all, { writers, populations }),
      resamples,
    }),
  };
}

function networkErrors(
  predicted: Uint8Array,
  labels: Uint8Array,
  families: readonly SliceFamily[],
): Omit<NetworkErrors, 'seed' | 'hash'> {
  const wrong = Array.from(labels, (label, i) => (predicted[i] === label ? 0 : 1));
  const perFamily = families.map(({ slices, of }) =>
    Array.from({ length: slices }, (_, s) => {
      const own = wrong.filter((__, i) => of[i] === s);
      return own.length === 0 ? null : mean(own);
    }),
  );
  const population = perFamily[families.findIndex(({ name }) => name === 'population')];
  return {
    error: mean(wrong),
    population:
      population === undefined || population[0] === null || population[1] === null
        ? null
        : [population[0], population[1]],
    ranges: perFamily.map((rates) => {
      const known = rates.filter((rate) => rate !== null);
      return known.length < 2 ? null : Math.max(...known) - Math.min(...known);
    }),
  };
}

/** Null of images in colour. */
function measuredStrokes(examples: Examples): StrokeMeasures | null {
  const [rows, columns, channels] = imageExtents(examples) ?? [0, 0, 0];
  return channels === 1 ? strokeMeasures(examples.images.data, { rows, columns }) : null;
}

function correctedLabels(
  given: Uint8Array,
  errors: readonly LabelError[],
): { labels: Uint8Array; kept: Uint32Array } {
  const labels = given.slice();
  const excluded = new Set<number>();
  for (const { index, corrected } of errors) {
    if (corrected === null) excluded.add(index);
    else labels[index] = corrected;
  }
  const kept = Uint32Array.from(labels, (_, i) => i).filter((i) => !excluded.has(i));
  return { labels, kept };
}
