import { TEST_LABEL_ERRORS } from '../../data/mnist/labelErrors.ts';
import { knownOfMnist } from '../../data/mnist/known.ts';
import type { CrossedBootstrap } from '../../stats/crossedBootstrap.ts';
import { crossedBootstrap } from '../../stats/crossedBootstrap.ts';
import { mean } from '../../stats/describe.ts';
import type { McNemar } from '../../stats/mcnemar.ts';
import { mcnemar, pairedAnswers } from '../../stats/mcnemar.ts';
import { armsOf, pairedTrials, samplingOf, trialLabel } from '../../study/arm.ts';
import type { PairedSummary } from '../../study/decision.ts';
import { summarise } from '../../study/decision.ts';
import type { Results, StudyTrial } from '../../study/results.ts';
import { Random } from '../../util/random.ts';
import type { ReportInput } from '../input.ts';
import type { ArmPair } from './pairs.ts';
import { pairsOf } from './pairs.ts';

/** Above so many arms images are not resampled. */
const MOST_ARMS = 12;
/** Resamples of all comparisons together, so that a report takes seconds; of one within these bounds. */
const BUDGET = 4_000;
const LEAST = 500;
const MOST = 2_000;

/** A part of the test set, or the whole with other labels. */
export interface ImageSet {
  readonly name: string;
  readonly indices: readonly number[];
  readonly labels: Uint8Array;
}

/**
 * All test images; where they are MNIST's, as the identity of the data says, also each population of writers, and all with the labels that raters
 * corrected, without those for which they found none.
 */
export function imageSets({ labels }: ReportInput['test'], { identity }: Results['data']): ImageSet[] {
  const all = Array.from(labels.keys());
  const whole = { name: 'all images', indices: all, labels };
  const strata = knownOfMnist(identity).strata?.test;
  if (strata?.of.length !== labels.length) return [whole];
  const corrected = labels.slice();
  const excluded = new Set<number>();
  for (const { index, corrected: label } of TEST_LABEL_ERRORS) {
    if (label === null) excluded.add(index);
    else corrected[index] = label;
  }
  return [
    whole,
    { name: 'students', indices: all.filter((i) => strata.names[strata.of[i]] === 'student'), labels },
    { name: 'employees', indices: all.filter((i) => strata.names[strata.of[i]] === 'employee'), labels },
    { name: 'corrected labels', indices: all.filter((i) => !excluded.has(i)), labels: corrected },
  ];
}

/** One pair of arms on one set of images. */
export interface SetComparison extends ArmPair {
  readonly set: ImageSet;
  /** Mean accuracies over the paired seeds. */
  readonly accuracies: readonly [number, number];
  /** Over seeds; the images are the given ones. */
  readonly summary: PairedSummary;
  /** Over seeds and images, or writers where they are known, at once. */
  readonly crossed: CrossedBootstrap | null;
}

type Answers = ReadonlyMap<string, Uint8Array>;

/** For each run 1 for every image of the set that it reads right, else 0. */
function answersOf({ predictions }: ReportInput, { indices, labels }: ImageSet): Answers {
  return new Map(
    [...predictions].map(([key, predicted]) => [
      key,
      Uint8Array.from(indices, (i) => (predicted[i] === labels[i] ? 1 : 0)),
    ]),
  );
}

function pairedRuns(
  { first, second }: ArmPair,
  predictions: ReportInput['predictions'],
): [StudyTrial, StudyTrial][] {
  return pairedTrials(first, second).filter(([a, b]) => predictions.has(a.key) && predictions.has(b.key));
}

/** Every pair of arms on every set of images, of several pairs resampled over all images only; none where there are no predictions of the test set, as with folds. */
export function setComparisons(input: ReportInput): SetComparison[] {
  const { results, predictions, test, writers } = input;
  if (results.study.split.kind === 'folds') return [];
  const resample = armsOf(results).length <= MOST_ARMS;
  const sets = imageSets(test, results.data);
  const pairs = pairsOf(results).map((pair) => ({ pair, runs: pairedRuns(pair, predictions) }));
  const single = pairs.length === 1;
  const resamples = Math.max(
    LEAST,
    Math.min(MOST, Math.floor(BUDGET / (single ? sets.length : pairs.length))),
  );
  return sets.flatMap((set) => {
    const answers = answersOf(input, set);
    return pairs.flatMap(({ pair, runs }): SetComparison[] => {
      if (runs.length === 0) return [];
      const [first, second] = [0, 1].map((side) => runs.map((run) => answers.get(run[side].key)!));
      const [a, b] = [first, second].map((arm) => arm.map(mean));
      return [
        {
          ...pair,
          set,
          accuracies: [mean(a), mean(b)],
          summary: summarise(
            a.map((accuracy, i) => accuracy - b[i]),
            samplingOf(results.study),
          ),
          crossed:
            resample && runs.length > 1 && (single || set === sets[0])
              ? crossedBootstrap(first, second, {
                  random: new Random(0, `report/${set.name}`),
                  resamples,
                  ...(writers && { clusters: set.indices.map((i) => writers[i]) }),
                })
              : null,
        },
      ];
    });
  });
}

/** McNemar's test of two trained networks on the whole test set. */
export interface NetworkComparison extends ArmPair {
  readonly run: string;
  readonly test: McNemar;
}

export function networkComparisons(input: ReportInput): NetworkComparison[] {
  const { results, predictions, test } = input;
  if (results.study.split.kind === 'folds' || armsOf(results).length > MOST_ARMS) return [];
  const answers = answersOf(input, imageSets(test, results.data)[0]);
  return pairsOf(results).flatMap((pair) =>
    pairedRuns(pair, predictions).map(([a, b]) => {
      const { onlyFirst, onlySecond } = pairedAnswers(answers.get(a.key)!, answers.get(b.key)!);
      return { ...pair, run: trialLabel(a, results.study), test: mcnemar(onlyFirst, onlySecond) };
    }),
  );
}
