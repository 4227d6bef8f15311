import type { Arm } from '../../study/arm.ts';
import { heldOutText, wordsIn, wordsOfData } from '../dataWords.ts';
import { armsOf, pairedTrials, unitOf } from '../../study/arm.ts';
import { paperHistory, paperTestAccuracy } from '../../study/paper.ts';
import type { Results } from '../../study/results.ts';
import type { ReportInput } from '../input.ts';
import { isExplorable, QUICK_LABEL } from '../input.ts';
import { statisticsOf } from '../statistics/all.ts';
import { accuraciesFigure } from './accuracies.ts';
import { confusionFigure } from './confusion.ts';
import { curvesFigure } from './curves.ts';
import { differencesFigure } from './differences.ts';
import type { Figure, FigureContext } from './figure.ts';
import { imageSetsFigure } from './imageSets.ts';
import { mistakesFigure } from './mistakes.ts';
import { overviewFigure } from './overview.ts';
import { sampleFigure } from './samples.ts';

function validationSetOf({ study: { split }, data }: Results): string {
  switch (split.kind) {
    case 'test':
    case 'half':
      return 'the test set';
    case 'holdout':
      return heldOutText(data, 'held-out training images');
    case 'folds':
      return 'the fold kept out';
  }
}

/** Above so many arms each one's curves, matrices and mistakes are left to files made from fewer. */
export const MOST_MODELS = 12;

/** Every figure of the report, in its order, each with a name that does not change. */
export function allFigures(input: ReportInput, context: FigureContext): Figure[] {
  const { results, sample, test, predictions } = input;
  const { study } = results;
  const arms = armsOf(results);
  const unit = unitOf(study);
  const words = wordsIn(wordsOfData(results.data));
  const keptOut = study.split.kind === 'folds' ? 'images kept out' : 'test images';
  const worded = { ...context, ...wordsOfData(input.results.data) };
  const labelled = study.quick ? { ...worded, label: QUICK_LABEL } : worded;
  const validationSet = validationSetOf(results);
  const [first, ...others] = arms;
  const paper = new Map(
    arms.flatMap((arm) => {
      const accuracy = paperTestAccuracy(arm, results);
      return accuracy === null ? [] : [[arm.name, accuracy] as const];
    }),
  );
  const sets = statisticsOf(input).sets.filter((one) => one.first.name === first.name);
  const pairable = others.filter((other) => pairedTrials(first, other).length > 0);
  return [
    sampleFigure(sample, worded),
    accuraciesFigure({ arms, unit, keptOut, paper }, labelled),
    ...(pairable.length === 0
      ? []
      : [
          differencesFigure(
            { study, first, others: pairable, paper: paperDifference(first, pairable[0], paper) },
            labelled,
          ),
        ]),
    ...(sets.length > 0
      ? [
          imageSetsFigure(
            { comparisons: sets, rope: study.rules.rope, over: input.writers ? 'writers' : 'images' },
            labelled,
          ),
        ]
      : []),
    overviewFigure({ arms, unit, measure: 'accuracy', validationSet }, labelled),
    overviewFigure({ arms, unit, measure: 'loss', validationSet }, labelled),
    ...arms.slice(0, MOST_MODELS).flatMap((arm) => {
      const history = paperHistory(arm, results);
      return [
        curvesFigure({ arm, unit, measure: 'accuracy', paper: history, validationSet }, labelled),
        curvesFigure({ arm, unit, measure: 'loss', paper: history, validationSet }, labelled),
        confusionFigure({ arm, runs: unit, keptOut, unit: 'counts', words }, labelled),
        confusionFigure({ arm, runs: unit, keptOut, unit: 'rates', words }, labelled),
        ...(isExplorable(input) && arm.trials.some(({ key }) => predictions.has(key))
          ? [mistakesFigure({ arm, test, predictions }, labelled)]
          : []),
      ];
    }),
  ];
}

function paperDifference(first: Arm, second: Arm, paper: ReadonlyMap<string, number>): number | null {
  const [a, b] = [paper.get(first.name), paper.get(second.name)];
  if (a === undefined || b === undefined) return null;
  return Math.round((a - b) * PAPER_DECIMALS) / PAPER_DECIMALS;
}

const PAPER_DECIMALS = 1e4;
