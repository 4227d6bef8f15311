import { armLabel } from '../../../study/arm.ts';
import { capitalised, grouped, listOf, percent } from '../../../study/wording.ts';
import { html } from '../../html.ts';
import { signOf } from '../estimate.ts';
import type { EvaluationPage, Highlight, PartReport } from '../part.ts';
import { POINTS } from '../points/points.ts';
import { accuracyFigure, differencesFigure } from './accuracyFigure.ts';
import {
  agreedSentence,
  differenceSentences,
  digitSentences,
  lossSentence,
  sourceSentences,
  writerSentences,
} from './follows.ts';
import { groupsFigure } from './groupsFigure.ts';
import { armsTable, groupsTable } from './tables.ts';
import {
  type Drawings,
  drawnArms,
  estimateOf,
  learntSentence,
  networksText,
  readText,
  type ShownArm,
  shownArms,
  unitsText,
} from './words.ts';
import { worstFigure } from './worstFigure.ts';

/** Nothing is lost by a network that reads nothing. */
const READS = 0.5;

/** How other people's digits are read: the pages on kinds of data (E12), on people and places (E4), on training with real data (E8). */
export function drawingsReport(drawings: Drawings): PartReport {
  const arms = shownArms(drawings);
  const learnt = learntSentence(drawings);
  const own = drawings.arms.flatMap(({ arm, activation }) =>
    drawings.learnt?.includes(arm) ? [armLabel(arm, activation)] : [],
  );
  const everyArm = own.length === arms.length;
  const shown = drawnArms(drawings);
  const compared = drawings.differences.some(({ second }) => shown.some(({ arm }) => arm === second));
  return {
    figures: (context) => [
      accuracyFigure(drawings, context),
      ...(compared ? [differencesFigure(drawings, context)] : []),
      groupsFigure(drawings, 'digits', context),
      groupsFigure(drawings, 'sources', context),
      worstFigure(drawings, context),
    ],
    tables: [armsTable(drawings, arms), groupsTable(drawings, arms)],
    pages: (figure, table): EvaluationPage[] => [
      {
        point: 'E12',
        title: learnt
          ? `Digits drawn with a pen, which ${everyArm ? 'were' : `${listOf(own)} ${own.length === 1 ? 'was' : 'were'}`} trained on`
          : 'Digits that other people drew with a pen',
        paper: POINTS.E12.paper,
        status: 'measured',
        measured: measuredText(drawings),
        body: html`<div class="grid">
            ${figure('drawings-accuracy')} ${compared ? figure('drawings-differences') : null}
          </div>
          ${table('drawings-arms')} ${figure('drawings-digits')} ${figure('drawings-worst')}
          <details>
            <summary>Every digit and every place</summary>
            ${table('drawings-groups')}
          </details>`,
        follows: [
          ...(learnt ? [learnt] : []),
          ...arms.map((arm) => lossSentence(drawings, arm)),
          ...differenceSentences(drawings),
          ...arms.flatMap((arm) => digitSentences(drawings, arm)),
          agreedSentence(drawings),
        ],
        unknown: [
          'How digits from paper, scanners and cameras are read, and digits of today: these are of the 1990s, drawn on tablets.',
          'Which labels of the drawings are wrong: nobody has looked at them again, and none is left out.',
          'Images of one’s own are measured with --images and --labels instead of MNIST’s.',
        ],
      },
      {
        point: 'E4',
        title: 'Equity beyond MNIST: 134 people, 17 places',
        paper: POINTS.E4.paper,
        status: 'measured',
        measured: `The same drawings by who drew them and where they were collected (places by the codes of their collectors; not all of them have writers enough for an interval). ${intervalsText(drawings)}`,
        body: html`${figure('drawings-sources')}`,
        follows: [...(learnt ? [learnt] : []), ...writerSentences(arms), ...sourceSentences(drawings, arms)],
        unknown: [
          'Age, sex, country and hand of these people are not known here; a place differs from others in its tablets and in what was asked for as well as in its people.',
        ],
      },
      {
        point: 'E8',
        title: learnt
          ? 'What training on real drawings brings on these'
          : 'What training on clean images alone costs on real ones',
        paper: POINTS.E8.paper,
        status: 'measured',
        measured: `${learnt ?? 'These networks were trained on MNIST alone, and read the drawings as they are (E12).'} ${capitalised(networksText(drawings))}.`,
        body: null,
        follows: [...arms.map((arm) => lossSentence(drawings, arm)), ...differenceSentences(drawings)],
        unknown: [
          learnt
            ? `How ${everyArm ? 'these networks read' : `${listOf(own)} ${own.length === 1 ? 'reads' : 'read'}`} digits by people whose drawings ${everyArm || own.length > 1 ? 'they were' : 'it was'} not trained on.`
            : 'How much of the loss training on such drawings, or on distorted images, would win back. The drawings are kept for measuring: what was trained or chosen on them could no longer be measured by them.',
        ],
      },
    ],
    highlights: highlightsOf(drawings, arms),
  };
}

function measuredText(drawings: Drawings): string {
  return `${grouped(drawings.images)} digits that ${grouped(drawings.writers)} people drew with a pen on tablets and screens in the 1990s, collected at ${drawings.sources.length} places (UNIPEN, Guyon et al. 1994, CC BY 4.0), drawn as images like MNIST’s: a round pen of 2.3 pixels, ink of 20 pixels, centred by whole pixels. ${learntSentence(drawings) ?? 'Nothing was trained on them or chosen by them.'} Beside them the same networks on ${grouped(drawings.testImages)} test images; ${networksText(drawings)}. ${intervalsText(drawings)} Each digit and each place is compared with all other drawings, and the p-values of an arm are corrected together after Holm.`;
}

function intervalsText(drawings: Drawings): string {
  return `Intervals of 95 % are over ${unitsText(drawings)} (Wilson’s for shares, at the effective number of images; ${grouped(drawings.resamples)} resamples for differences, the test images being given${drawings.quick ? '; fewer than usual in this quick run' : ''}): the writers are few, some drew a thousand digits and some a dozen, so intervals are wide.`;
}

function highlightsOf(drawings: Drawings, arms: readonly ShownArm[]): Highlight[] {
  // Of what was trained on the drawings they say nothing.
  const few = arms.filter(({ learnt }) => !learnt).slice(0, 2);
  const losing = few.filter(
    ({ loss, testError }) => signOf(estimateOf(loss)) === 'above' && testError < READS,
  );
  if (few.length === 0) return [];
  return [
    {
      label: `Digits drawn by ${grouped(drawings.writers)} other people, read correctly`,
      value: few.map((arm) => `${arm.label} ${readText(arm)}`).join(' and '),
      meaning: `Of the test images ${listOf(few.map(({ testError }) => percent(1 - testError)))}: accuracy on MNIST says little of other people, pens and ways of writing.`,
      kind: 'number',
    },
    ...(losing.length === 0
      ? []
      : [
          {
            label: 'Other people’s digits',
            value: listOf(
              losing.map((arm) => `${arm.label} misreads ${percent(arm.error.rate ?? 1)} of them`),
            ),
            meaning: `On the test images it is ${listOf(losing.map(({ testError }) => percent(testError)))}. Measure on images from the place of use before relying on the accuracy on MNIST.`,
            kind: 'risk' as const,
          },
        ]),
  ];
}
