import { holdoutSize } from '../../../data/splits/holdout.ts';
import type { ArmEvidence, SettingEvidence } from '../../../study/evaluation/evidence.ts';
import type { Evaluation } from '../../../study/evaluation/record.ts';
import { tooFewText } from '../../../study/verdict.ts';
import { capitalised, countOf, grouped, listOf, percent, points } from '../../../study/wording.ts';
import { html } from '../../html.ts';
import { changeText, fewText, signOf } from '../estimate.ts';
import { intervalsFigure } from '../intervalsFigure.ts';
import type { EvaluationPage, Highlight, PartReport } from '../part.ts';
import { POINTS } from './points.ts';

const FIGURE = 'evaluation-overfitting';
const TABLE = 'evaluation-overfitting';

/** E3: the gap between images learnt from and others, from the curves of the study. */
export function overfittingPoint({ evidence, arms, parts, missing, data }: Evaluation): PartReport {
  const against = evidence.settings.filter(({ setting }) => setting !== 'distortion');
  const own = evidence.arms;
  const colours = new Map(arms.map(({ name, activation }) => [name, activation]));
  if (own.length === 0)
    return { figures: () => [], tables: [], highlights: [], pages: () => [withoutStudy()] };
  return {
    figures: (context) => [
      intervalsFigure(
        {
          name: FIGURE,
          title: 'Accuracy on training images minus accuracy on others',
          subtitle: `Last epoch, ${countOf(own[0].gap.n, own[0].unit)} each; ${own[0].gap.low === null ? 'no interval from one' : '95\u00a0% intervals over them'}. Right of zero: better on what was learnt from.`,
          rows: own.map(({ arm, label, gap }) => ({ label, ...gap, colour: colours.get(arm) ?? arm })),
          axis: 'percentage points',
          write: (value) => points(value, 2).replace('\u00a0points', ''),
          zero: true,
        },
        context,
      ),
    ],
    tables: [
      {
        name: TABLE,
        caption: 'Training and validation accuracy in the last epoch',
        columns: [
          { label: 'Arm' },
          { label: 'runs' },
          { label: 'training', format: percent },
          { label: 'validation', format: percent },
          { label: 'gap', format: points },
          { label: '95 % from', format: points },
          { label: 'to', format: points },
        ],
        rows: own.map(({ label, gap, trainAccuracy, validationAccuracy }) => [
          label,
          gap.n,
          trainAccuracy,
          validationAccuracy,
          gap.mean,
          gap.low,
          gap.high,
        ]),
      },
    ],
    highlights: overfittingRisk(own),
    pages: (figure, table) => [
      {
        point: 'E3',
        ...POINTS.E3,
        status: 'measured',
        measured: `The accuracy on the training images less that on the validation images (${validationText(evidence.validation, data)}), both of the last epoch. The former is averaged over the batches of the epoch, while the weights still change and dropout is on${parts.some(({ part }) => part === 'privacy') ? '; the gap of the trained networks, on a sample, stands under E5' : ''}.`,
        body: html`${figure(FIGURE)}${table(TABLE)}`,
        follows: [
          ...own.map(gapSentence),
          ...against.map(settingSentence),
          ...(against.length === 0
            ? [
                'No kept study compares these networks with the same ones under dropout, weight penalties or early stopping; recipes can have each (studies/*.json).',
              ]
            : []),
        ],
        unknown: [
          'A gap alone does not say that less training would do better: that is for the curves of validation, which the report of the study shows.',
          ...(evidence.validation === 'test'
            ? ['The validation images are the test images, as in the paper; nothing was selected on them.']
            : []),
          ...missing.flatMap(({ part, reason }) =>
            part === 'untouched' && !data.set
              ? [`What is left of these numbers on test images that nobody tuned on: ${reason}.`]
              : [],
          ),
        ],
      },
    ],
  };
}

/** One for all arms that it holds for. */
function overfittingRisk(arms: readonly ArmEvidence[]): Highlight[] {
  const own = arms.filter((arm) => signOf(arm.gap) === 'above' && arm.trainAccuracy > LEARNT);
  if (own.length === 0) return [];
  const one = own.length === 1;
  return [
    {
      label: 'Overfitting',
      value: listOf(own.map(({ label, gap }) => `${label} ${changeText(gap)}`)),
      meaning: `${one ? 'It does' : 'Each does'} better on images that it learnt from than on others, so ${one ? 'its accuracy' : 'their accuracies'} in training ${one ? 'promises' : 'promise'} too much.`,
      kind: 'risk',
    },
  ];
}

/** Below this training accuracy there is nothing that could have been learnt by heart. */
const LEARNT = 0.5;

function gapSentence({ label, gap, trainAccuracy }: ArmEvidence): string {
  if (trainAccuracy <= LEARNT) {
    return `${label} is right on ${percent(trainAccuracy)} of the training images only: it has not learnt them, so its gap of ${changeText(gap)} says nothing about overfitting.`;
  }
  switch (signOf(gap)) {
    case 'above':
      return `${label} is more accurate on the images it learnt from than on others, by ${changeText(gap)}: some of them it knows by heart.`;
    case 'below':
      return `${label} is less accurate in training than on other images, by ${changeText(gap)}: no sign of overfitting. Training is made harder than the test where images are distorted or units dropped.`;
    default:
      return `For ${label} the gap is ${changeText(gap)}${fewText(gap)}; whether there is one is not settled.`;
  }
}

function settingSentence({ study, words, without, accuracy, gap }: SettingEvidence): string {
  const verdict = {
    above: 'a gain',
    below: 'a loss',
    few: tooFewText(accuracy),
    open: 'neither a gain nor a loss that is certain',
  }[signOf(accuracy)];
  return `${capitalised(words)}, in the study ${study} beside ${without}: the gap changes by ${changeText(gap)} and the accuracy by ${changeText(accuracy)}, ${verdict}.`;
}

function validationText(
  validation: Evaluation['evidence']['validation'],
  { trainImages, testImages }: Evaluation['data'],
): string {
  switch (validation) {
    case 'holdout':
      return `${grouped(holdoutSize(trainImages))} training images kept out`;
    case 'folds':
      return 'the fold kept out';
    default:
      return `here the ${grouped(testImages)} test images`;
  }
}

function withoutStudy(): EvaluationPage {
  return {
    point: 'E3',
    ...POINTS.E3,
    status: 'not measured',
    measured:
      'A single network comes without the curves of several runs. dactyl evaluate with the folder of a study measures it, and recipes can have dropout, weight penalties and early stopping.',
    body: null,
    follows: [],
    unknown: ['How much of its accuracy is learning by heart.'],
  };
}
