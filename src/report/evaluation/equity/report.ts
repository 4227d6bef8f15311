import type { Equity } from '../../../analysis/equity/measure.ts';
import { MEASURES } from '../../../analysis/equity/strokeMeasures.ts';
import { capitalised, countOf, fixed, grouped, percent, points } from '../../../study/wording.ts';
import { html } from '../../html.ts';
import type { EvaluationPage, Highlight, PartReport } from '../part.ts';
import { cellsFigure } from './cells.ts';
import { armSentences, effectSentence, holds, rateText } from './follows.ts';
import { gapsFigure } from './gaps.ts';
import { mitigationFigure } from './mitigation.ts';
import { ratesFigure } from './rates.ts';
import { groupsTable, mitigationTable, worstTable } from './tables.ts';
import { worstFigure } from './worst.ts';
import type { ShownArm } from './words.ts';
import {
  conditionsText,
  drawnArms,
  intervalText,
  isWritten,
  pointRange,
  rateRange,
  seedsText,
  shownArms,
} from './words.ts';
import { type Worded, wordsIn } from '../../dataWords.ts';

const PAPER =
  'The paper warns that the input may be biased, by age, education and other differences between people, and asks to detect bias and to apply techniques against it; it measures none of this, for neither activation.';

/** The page on equity: groups, gaps, worst slices and, where another recipe was trained too, its effect. */
export function equityReport(equity: Equity & Worded): PartReport {
  const arms = shownArms(equity);
  const drawn = drawnArms(equity);
  const searched = drawn.filter(({ worst }) => worst.slices.length > 0);
  const { effects } = equity;
  const { one } = wordsIn(equity);
  const hasStrokes = isWritten(equity);
  const known = equity.families.some(({ name }) => name === 'population');
  return {
    figures: (context) => [
      ratesFigure(
        equity,
        {
          name: 'equity-writers',
          title: known ? `Misread images by writer population, and by ${one}` : `Misread images by ${one}`,
          families: ['population', 'digit'],
        },
        context,
      ),
      ...(hasStrokes
        ? [
            ratesFigure(
              equity,
              {
                name: 'equity-strokes',
                title: `Misread images by how the ${one === 'digit' ? one : 'character'} is written`,
                families: MEASURES,
              },
              context,
            ),
          ]
        : []),
      gapsFigure(equity, context),
      ...(known ? [cellsFigure(equity, context)] : []),
      ...searched.map((arm) => worstFigure(arm, context)),
      ...(effects.length === 0 ? [] : [mitigationFigure(effects, arms, equity, context)]),
    ],
    tables: [
      groupsTable(equity, arms),
      ...(arms.some(({ worst }) => worst.slices.length > 0) ? [worstTable(arms, equity)] : []),
      ...(effects.length === 0 ? [] : [mitigationTable(effects, arms, equity)]),
    ],
    pages: (figure, table): EvaluationPage[] => [
      {
        point: 'E4',
        title: 'Equity: who and what is misread more often',
        paper: PAPER,
        status: 'measured',
        measured: measuredText(equity),
        body: html`${figure('equity-writers')} ${known ? figure('equity-cells') : null}
          ${hasStrokes ? figure('equity-strokes') : null} ${figure('equity-gaps')}
          ${searched.map(({ arm }) => figure(`equity-worst-${arm}`))}
          ${effects.length === 0 ? null : html`${figure('equity-mitigation')} ${table('equity-mitigation')}`}
          ${arms.some(({ worst }) => worst.slices.length > 0) ? table('equity-worst') : null}
          <details>
            <summary>All groups, by original and corrected labels</summary>
            ${table('equity-groups')}
          </details>`,
        follows: [
          ...arms.flatMap((arm) => armSentences(equity, arm)),
          ...effects.map((effect) => effectSentence(effect, arms, equity)),
        ],
        unknown: unknowns(equity, known, effects.length > 0),
      },
    ],
    highlights: arms.flatMap((arm) => highlightsOf(equity, arm)),
  };
}

function measuredText(equity: Equity & Worded): string {
  const { images, writers, resamples } = equity;
  const { one, isMnist } = wordsIn(equity);
  const measures = isWritten(equity)
    ? `, ink, stroke thickness, slant, size of the box around the ${one === 'digit' ? one : 'character'}, and distance of that box from the centre. Each of the five measures is cut into fifths of its ${one} at bounds from the training images, so that a group is, say, the thinnest ${one === 'digit' ? 'ones, twos' : 'of every class'} and so on alike`
    : '. Strokes are measured of grey images of digits and letters only, so these images are not divided by how they are drawn';
  return `The share of misread images on ${images === 10_000 && isMnist ? 'all ' : ''}${grouped(images)} test images${writers === null ? '' : ` by ${grouped(writers)} writers`}, ${seedsText(equity)}: by ${equity.families[0].name === 'population' ? 'writer population (high-school students, Census Bureau employees), ' : ''}${one}${measures}. Intervals of 95 % are over ${intervalText(equity)} (Wilson’s for rates, at the effective number of images; ${grouped(resamples)} resamples for differences and ratios, Wilson’s again where a group or the others have no error${equity.quick ? ', fewer than usual in this quick run' : ''}).${designText(equity)} Every group is compared with all other images, and the p-values of an arm are corrected together after Holm.`;
}

/** Where the design effects come from. */
function designText({ designEffects, families }: Equity): string {
  if (designEffects === null) return '';
  const [students, employees] = designEffects.map((effect) => fixed(effect, 1));
  if (!families.some(({ name }) => name === 'population')) {
    const alike = isWritten({ families })
      ? 'Images by one writer are alike, and who wrote which of these is not known'
      : 'Images of one source (one person, one object, one day) may be alike, and which of these share one is not known';
    return ` ${alike}, so the variance over images is multiplied by ${employees}: a cautious guess from elsewhere, the larger of the design effects that were measured on MNIST’s two groups of writers. Where these images have nothing in common, the intervals are more than twice as wide as they need be; where one source has very many of them, they are too narrow.`;
  }
  const which = `${students} for students and ${employees} for employees`;
  return ` Images by one writer are alike, and who wrote which was not given, so the variance over images is multiplied by a design effect: ${which}, as measured with QMNIST’s writers on 30 networks each with ReLU and Tanh (scripts/design-effects.ts). For a digit or a slice, of which a writer wrote fewer images, that is rather too much; in simulation the interval of the employees’ rate covers 99 % or more.`;
}

function unknowns(
  { arms, writers, designEffects, families, ...worded }: Equity & Worded,
  known: boolean,
  mitigated: boolean,
): string[] {
  const { one, isMnist } = wordsIn(worded);
  const areWritten = isWritten({ families });
  return [
    ...(known
      ? [
          'A writer population is not a cause: students and employees differ in age, education, and in how and when their forms were collected, and the images do not say which of these matters.',
        ]
      : []),
    ...(areWritten
      ? [
          'Age, sex, origin, disability or hand of a writer are not recorded, so nothing is known about groups by these; nor about writers who are neither of the two populations.',
          `How a ${one === 'digit' ? one : 'character'} is written goes with who wrote it and with what was written: a gap of a slice shows where errors are, not why.`,
        ]
      : [
          'Whom or what the images are from is not recorded, so nothing is known about groups of people; a gap of a class shows where errors are, not why.',
        ]),
    ...(writers === null
      ? [
          known
            ? `Who wrote which test image was not given, so the intervals are widened by design effects (${designEffects?.map((effect) => fixed(effect, 1)).join(' and ')}) measured on other networks; --writers with the QMNIST label file of the test images takes the images of a writer together instead.`
            : `${areWritten ? 'Who wrote which test image' : 'Which test images are of one source'} is not known and cannot be given for images of one’s own, so the intervals are widened by a number from other images and other networks, which may be too much or too little here.`,
        ]
      : []),
    ...(arms.some(({ networks }) => networks.length === 1)
      ? [
          'One network of an arm stands for itself only: another seed gives other numbers, and no interval covers that.',
        ]
      : []),
    mitigated
      ? 'A recipe that was chosen with these images in view, as the distortion of studies/mitigation.json was, looks better here than it is. It may also train for longer: an epoch in which a population is shown twice has more steps.'
      : !isMnist
        ? 'What can be done about a gap is a matter of other recipes, such as more or other training images of the groups that are misread; none was tried here.'
        : 'What can be done about a gap is a matter of other recipes: dactyl study run studies/mitigation.json trains on distorted images and with one population shown twice; once it is finished beside this evaluation, the next page shows its effect.',
  ];
}

function highlightsOf(equity: Equity & Worded, arm: ShownArm): Highlight[] {
  const f = equity.families.findIndex(({ name }) => name === 'population');
  const gap = f < 0 ? undefined : arm.original.gaps[f][0];
  const worst = arm.worst.slices.find(({ real }) => real);
  return [
    ...(gap === undefined || gap.differenceInterval === null || gap.difference === null
      ? []
      : [
          {
            label: `${capitalised(arm.label)}: misread images, students less employees`,
            value: `${points(gap.difference)} (${pointRange(gap.differenceInterval)})`,
            meaning: populationMeaning(
              gap.difference,
              gap.ratio,
              holds(gap),
              gap.differenceInterval,
              arm.original.rates[f].map(rateText),
            ),
            kind: holds(gap) ? ('risk' as const) : ('number' as const),
          },
        ]),
    ...(worst === undefined || worst.heldOut.rate === null || worst.heldOut.interval === null
      ? []
      : [
          {
            label: `${capitalised(arm.label)}: worst group found and confirmed`,
            value: `${percent(worst.heldOut.rate)} misread (${rateRange(worst.heldOut.interval)})`,
            meaning: `${capitalised(conditionsText(worst.conditions, equity))}: ${countOf(worst.heldOut.images, 'held-out image')}, against ${percent(worst.heldOut.rate - (worst.gap.difference ?? 0))} of the others. Such images deserve a second look.`,
            kind: 'risk' as const,
          },
        ]),
  ];
}

function populationMeaning(
  difference: number,
  ratio: number | null,
  shown: boolean,
  [low, high]: readonly [number, number],
  [students, employees]: readonly string[],
): string {
  const rates = `students ${students}, employees ${employees}`;
  if (!shown && (low > 0 || high < 0))
    return `This interval alone leaves out zero; with all the groups that are compared (Holm) no difference between the two writer populations is shown: ${rates}.`;
  if (!shown) return `No difference between the two writer populations is shown: ${rates}.`;
  const times =
    ratio === null || ratio === 0 ? '' : `${fixed(difference > 0 ? ratio : 1 / ratio, 1)} times as often`;
  const [worse, better] = difference > 0 ? ['students', 'employees'] : ['employees', 'students'];
  return `Images by ${worse} are misread ${times === '' ? 'more often' : times}${times === '' ? ' than' : ' as'} those by ${better}: ${rates}.`;
}
