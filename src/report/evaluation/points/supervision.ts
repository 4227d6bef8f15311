import type { FoldEvidence } from '../../../study/evaluation/evidence.ts';
import type { Evaluation } from '../../../study/evaluation/record.ts';
import { tooFewText } from '../../../study/verdict.ts';
import { percent } from '../../../study/wording.ts';
import { html } from '../../html.ts';
import { changeText, differenceOf, signOf } from '../estimate.ts';
import { intervalsFigure } from '../intervalsFigure.ts';
import type { EvaluationPage, PartReport } from '../part.ts';
import { servedPage } from '../serving/servedPage.ts';
import { POINTS } from './points.ts';

const FIGURE = 'evaluation-folds';

/** E9: cross-validation from kept studies; monitoring of a served model. */
export function supervisionPoint({ evidence }: Evaluation): PartReport {
  const { folds } = evidence;
  return {
    figures: (context) =>
      folds.length === 0
        ? []
        : [
            intervalsFigure(
              {
                name: FIGURE,
                title: 'Accuracy in cross-validation',
                subtitle:
                  'On training images kept out, fold by fold; 95\u00a0% intervals corrected for overlapping training sets (Nadeau and Bengio).',
                rows: folds.map((one) => ({ label: `${one.arm} (${one.study})`, ...one.accuracy })),
                axis: 'share classified correctly',
                write: (value) => percent(value),
                zero: false,
              },
              context,
            ),
          ],
    tables: [],
    highlights: [],
    pages: (figure) => [
      folds.length === 0
        ? {
            ...page('Cross-validation'),
            status: 'not measured',
            measured:
              'No finished study with folds lies beside this evaluation; dactyl study run studies/cross-validation.json runs one: ten folds, five times over, stratified or grouped by writer.',
            body: null,
            follows: [],
          }
        : {
            ...page('Cross-validation'),
            status: 'measured',
            measured:
              'Studies with folds kept beside this evaluation: each image of the training set is judged by networks that did not learn from it.',
            body: html`${figure(FIGURE)}`,
            follows: [...folds.map(foldSentence), ...flatterySentences(folds)],
          },
      servedPage('E9', {
        title: 'Monitoring in use',
        there:
          'dactyl serve watches the model that it serves: inputs and answers are held to a reference profile of images that the model has not learnt from, with effect sizes and intervals that do not depend on how many requests come, and it raises an alarm by webhook where they drift.',
        unknown: [
          'How the accuracy of a model in use changes over the months: without labels it is estimated, under the assumption that calibration survives the shift.',
        ],
      }),
    ],
  };
}

function page(title: string): Pick<EvaluationPage, 'point' | 'title' | 'paper' | 'unknown'> {
  return {
    point: 'E9',
    title,
    paper: POINTS.E9.paper,
    unknown: ['Folds of one collection of images do not stand for images of another.'],
  };
}

/** By how much folds of images flatter an arm, where it has folds of writers too. */
function flatterySentences(folds: readonly FoldEvidence[]): string[] {
  return folds.flatMap((images) => {
    const writers = folds.find(
      (one) =>
        one.groups === 'writers' &&
        one.arm === images.arm &&
        one.folds === images.folds &&
        one.repeats === images.repeats,
    );
    if (images.groups === 'writers' || writers === undefined) return [];
    const flattery = differenceOf(images.accuracy, writers.accuracy);
    const text = `Folds that share writers give ${images.arm} ${changeText(flattery)} more than folds that do not`;
    switch (signOf(flattery)) {
      case 'above':
        return [
          `${text}: they flatter it. The two are taken as independent, which makes the interval rather too wide.`,
        ];
      case 'few':
        return [`${text}: ${tooFewText(flattery)}.`];
      default:
        return [`${text}, which does not settle whether they flatter it.`];
    }
  });
}

function foldSentence({ study, arm, folds, repeats, groups, accuracy }: FoldEvidence): string {
  const range =
    accuracy.low === null || accuracy.high === null
      ? ''
      : ` (95\u00a0% interval ${(100 * accuracy.low).toFixed(2)} to ${percent(accuracy.high)})`;
  const scheme = `${folds} folds${repeats === 1 ? '' : `, ${repeats} times over`}`;
  return groups === 'writers'
    ? `${arm} in the study ${study}, ${scheme}, no writer on both sides: ${percent(accuracy.mean)}${range} on images by new writers.`
    : `${arm} in the study ${study}, ${scheme}: ${percent(accuracy.mean)}${range}. Writers occur on both sides, which makes images a little easier than those of new writers.`;
}
