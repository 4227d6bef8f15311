import type { Sensitivity } from '../../../analysis/sensitivity/measure.ts';
import { grouped, listOf, percent } from '../../../study/wording.ts';
import { html } from '../../html.ts';
import { armsOfSubjects, seedsText } from '../adversarial/arms.ts';
import type { Highlight, PartReport } from '../part.ts';
import { armFollows, blindShare, comparisonFollows } from './follows.ts';
import { slopesFigure } from './slopesFigure.ts';
import type { SensitiveArm } from './summary.ts';
import { slopesTable, unitsTable } from './tables.ts';
import { unitsFigure } from './unitsFigure.ts';

const PAPER =
  'The paper says that Tanh is highly sensitive to input values and to gradients, as a limit of the model with that activation. It measures neither.';

/** How strongly the answer depends on the pixels, and how the hidden units work (E1, the paper's claim on sensitivity). */
export function sensitivityReport(result: Sensitivity): PartReport {
  const arms = armsOfSubjects(result.subjects);
  const { images, lipschitzImages, settings } = result;
  const withUnits = arms.filter(({ subjects }) => subjects[0].layers.some(({ low }) => low !== null));
  const hasLayers = arms.some(({ subjects }) => subjects[0].layers.length > 0);
  return {
    figures: (context) => [
      slopesFigure(
        {
          name: 'loss-slopes',
          title: 'How strongly the loss depends on the pixels',
          reading: 'To the right: small changes of an image change the loss more.',
          axis: 'norm of the gradient of the loss',
          images,
          arms,
          rows: [{ label: '', of: ({ gradients }) => gradients.loss }],
          scale: 'log',
        },
        context,
      ),
      slopesFigure(
        {
          name: 'lead-slopes',
          title: 'How fast the lead of the answer changes, at an image and nearby',
          reading: `Nearby: the steepest place found within ${settings.lipschitz.radius}. Where it is much steeper, the gradient at the image misleads.`,
          axis: 'change of the lead per unit of change of the image',
          images: lipschitzImages,
          arms,
          rows: [
            { label: 'at it', of: ({ lipschitz }) => lipschitz.at },
            { label: 'nearby', of: ({ lipschitz }) => lipschitz.around },
          ],
          scale: 'linear',
        },
        context,
      ),
      ...(withUnits.length === 0 ? [] : [unitsFigure(withUnits, images, context)]),
    ],
    tables: [slopesTable(arms, result), ...(hasLayers ? [unitsTable(arms, result)] : [])],
    pages: (figure, table) => [
      {
        point: 'E1',
        title: 'Limits: how sensitive the answer is to the pixels',
        paper: PAPER,
        status: 'measured',
        measured: measuredText(arms, result),
        body: html`<div class="grid">${figure('loss-slopes')}${figure('lead-slopes')}</div>
          <div class="grid">${withUnits.length === 0 ? null : figure('flat-units')}</div>
          <details>
            <summary>Every network, and every layer</summary>
            ${table('sensitivity')} ${hasLayers ? table('hidden-units') : null}
          </details>`,
        follows: [...arms.flatMap((arm) => armFollows(arm, result)), ...comparisonFollows(arms, result)],
        unknown: [
          'The slopes depend on the scale of the outputs, which training sets and the answer does not need: a network with larger outputs is steeper without being easier to fool. The steepest slope nearby over the lead and the accuracy under attack do not depend on it.',
          ...(arms.some(({ subjects }) => subjects.length > 1)
            ? [
                `Other images: intervals are over seeds, on these ${grouped(images)} images (${grouped(lipschitzImages)} for the slopes nearby), to which other images would add.`,
              ]
            : []),
          'The steepest slope nearby is the steepest that was found; the true one may be larger.',
          'A switched-off ReLU unit and a saturated Tanh unit are not the same thing: their shares say how each works, not which is better.',
        ],
      },
    ],
    highlights: highlightsOf(arms, result),
  };
}

function measuredText(arms: readonly SensitiveArm[], result: Sensitivity): string {
  const { images, testImages, lipschitzImages, settings } = result;
  const { radius, places, steps } = settings.lipschitz;
  return [
    `On ${images === testImages ? 'all' : `${grouped(images)} of the`} ${grouped(testImages)} test images (${seedsText(arms)}), pixels counted from 0 (paper) to 1 (ink): the norm of the gradient of the loss; the same for the answer’s lead over the runner-up (their outputs before the softmax); and how often the activation of a hidden unit is flat, with a slope below 2\u00a0% of its largest.`,
    `Near ${grouped(lipschitzImages)} of them, the steepest slope of the lead (a local Lipschitz estimate): at ${places} random places within ${radius} and at ${steps} steps on the way downhill; and that slope over the lead at the image, the share of its lead that an answer can lose per unit of change.`,
  ].join(' ');
}

function highlightsOf(arms: readonly SensitiveArm[], result: Sensitivity): Highlight[] {
  const blind = arms.filter((arm) => blindShare(arm, result) > 0.5);
  return [
    ...(blind.length === 0
      ? []
      : [
          {
            label: 'Images at which no pixel influences the answer',
            value: listOf(blind.map((arm) => `${arm.label} ${percent(blindShare(arm, result), 0)}`)),
            meaning: 'Such answers cannot be right for a reason found in the image.',
            kind: 'risk',
          } as const,
        ]),
  ];
}
