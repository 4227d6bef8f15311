import { armsOf } from '../../study/arm.ts';
import { paperHistory, paperTestAccuracy } from '../../study/paper.ts';
import type { ComparisonConfiguration } from '../../study/results.ts';
import type { ReportInput } from '../input.ts';
import { QUICK_LABEL } from '../input.ts';
import { accuraciesFigure } from './accuracies.ts';
import { confusionFigure } from './confusion.ts';
import { curvesFigure } from './curves.ts';
import { differencesFigure } from './differences.ts';
import type { Figure, FigureContext } from './figure.ts';
import { mistakesFigure } from './mistakes.ts';
import { overviewFigure } from './overview.ts';
import { sampleFigure } from './samples.ts';

function validationSetOf({ validation }: ComparisonConfiguration): string {
  return validation === 'test' ? 'the test set' : '6,000 held-out training images';
}

/** Every figure of the report, in its order, each with a name that does not change. */
export function allFigures(input: ReportInput, context: FigureContext): Figure[] {
  const { results, sample, test, predictions } = input;
  const { configuration } = results;
  const arms = armsOf(results);
  const labelled = configuration.quick ? { ...context, label: QUICK_LABEL } : context;
  const validationSet = validationSetOf(configuration);
  const [first, ...others] = arms;
  const paper = new Map(
    arms.flatMap(({ activation }) => {
      const accuracy = paperTestAccuracy(activation, configuration);
      return accuracy === null ? [] : [[activation, accuracy] as const];
    }),
  );
  const pairable = others.filter(({ trials }) =>
    trials.some(({ seed }) => first.trials.some((trial) => trial.seed === seed)),
  );
  return [
    sampleFigure(sample, context),
    accuraciesFigure({ arms, paper }, labelled),
    ...(pairable.length === 0
      ? []
      : [
          differencesFigure(
            {
              first,
              others: pairable,
              paper: paperDifference(first.activation, pairable[0].activation, paper),
            },
            labelled,
          ),
        ]),
    overviewFigure({ arms, measure: 'accuracy', validationSet }, labelled),
    overviewFigure({ arms, measure: 'loss', validationSet }, labelled),
    ...arms.flatMap((arm) => {
      const history = paperHistory(arm.activation, configuration);
      return [
        curvesFigure({ arm, measure: 'accuracy', paper: history, validationSet }, labelled),
        curvesFigure({ arm, measure: 'loss', paper: history, validationSet }, labelled),
        confusionFigure({ arm, unit: 'counts' }, labelled),
        confusionFigure({ arm, unit: 'rates' }, labelled),
        mistakesFigure({ arm, test, predictions }, labelled),
      ];
    }),
  ];
}

function paperDifference(first: string, second: string, paper: ReadonlyMap<string, number>): number | null {
  const [a, b] = [paper.get(first), paper.get(second)];
  if (a === undefined || b === undefined) return null;
  return Math.round((a - b) * PAPER_DECIMALS) / PAPER_DECIMALS;
}

const PAPER_DECIMALS = 1e4;
