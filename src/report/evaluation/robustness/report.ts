import type { Robustness } from '../../../analysis/robustness/result.ts';
import { capitalised, countOf, listOf, percent, points } from '../../../study/wording.ts';
import { html } from '../../html.ts';
import type { EvaluationPage, Highlight, PartReport } from '../part.ts';
import { corruptionsFigure } from './corruptionsFigure.ts';
import { followsOf, hardest } from './follows.ts';
import { galleryFigure } from './galleryFigure.ts';
import { levelsFigure } from './levelsFigure.ts';
import { sweepFigure } from './sweepFigure.ts';
import { armTable, corruptionTable, levelTable } from './tables.ts';
import {
  imagesText,
  inSentence,
  intervalsText,
  isGuessing,
  shareText,
  shownArms,
  type ShownArm,
} from './words.ts';
import { type Worded, wordsIn } from '../../dataWords.ts';

const PAPER =
  'The paper names it a limit that it used clean images: on real, noisy data the results may be others. It measured none.';

/** Of the standard normal distribution. */
const NORMAL_975 = 1.959964;

/** E1: what noise, blur, bending, other light and things drawn over an image do to the answers. */
export function robustnessReport(robustness: Robustness & Worded): PartReport {
  const sweeps = robustness.sweeps.map(({ name }) => `robustness-${name}`);
  return {
    figures: (context) => [
      galleryFigure(robustness, context),
      corruptionsFigure(robustness, context),
      levelsFigure(robustness, context),
      ...sweeps.map((_, w) => sweepFigure(robustness, w, context)),
    ],
    tables: [armTable(robustness), corruptionTable(robustness), levelTable(robustness)],
    pages: (figure, table): EvaluationPage[] => [
      {
        point: 'E1',
        title: 'Real, noisy data: corrupted images',
        paper: PAPER,
        status: 'measured',
        measured: measuredText(robustness),
        body: html`<div class="grid">${figure('robustness-gallery')}${figure('robustness-corruptions')}</div>
          ${table('robustness-arms')} ${figure('robustness-levels')}
          <div class="grid">${sweeps.map((name) => figure(name))}</div>
          <details>
            <summary>Every corruption in numbers</summary>
            ${table('robustness')}
          </details>
          <details>
            <summary>Every level in numbers</summary>
            ${table('robustness-levels')}
          </details>`,
        follows: followsOf(robustness),
        unknown: [
          'These corruptions are made by a programme: each imitates one thing that goes wrong with real images, none is a real scan, photograph or pen, and they come one at a time.',
          wordsIn(robustness).isMnist
            ? 'MNIST-C-style means the definitions and levels of MNIST-C with random draws of our own: numbers for the published images may differ a little.'
            : 'MNIST-C-style means the definitions of MNIST-C, whose levels were chosen for digits of 28 × 28 pixels: lengths are scaled to these images, and what is mild there may be strong here.',
          ...(robustness.arms.every(({ intervals }) => intervals === 'seeds')
            ? [
                `The intervals are about other seeds on these images and these draws of noise. Other images would move a share by up to ±\u00a0${points(NORMAL_975 * Math.sqrt(0.25 / robustness.images), 1).slice(1)} more.`,
              ]
            : [
                'A single network stands for itself: another seed gives another network, and no interval here covers that.',
              ]),
          'Whether training on corrupted or distorted images helps is a matter of another page (E8).',
        ],
      },
    ],
    highlights: highlightsOf(robustness),
  };
}

function measuredText(robustness: Robustness): string {
  const { corruptions, sweeps, subjects, seed, images, available, quick } = robustness;
  const subset =
    images === available
      ? ''
      : ` The test images were drawn by seed ${seed}${quick ? ', few because this was a quick evaluation' : ''}.`;
  return `${capitalised(countOf(subjects.length, 'network'))} read ${imagesText(robustness)}, clean, under ${corruptions.length} MNIST-C-style corruptions (noise, blur, bending, light, things drawn over), each at its own one or five levels, and under ${listOf(sweeps.map(({ label }) => inSentence(label)))} from little to much. The corrupted images, made with seed ${seed}, are the same for every network.${subset} Figures and summary use the level of the published MNIST-C set.`;
}

function highlightsOf(robustness: Robustness & Worded): Highlight[] {
  const arms = shownArms(robustness);
  const useful = arms.filter((arm) => !isGuessing(arm, robustness));
  const named = (shown: readonly ShownArm[], of: (arm: ShownArm) => string) =>
    listOf(shown.map((arm) => (arms.length > 1 ? `${arm.label} ${of(arm)}` : of(arm))));
  if (useful.length === 0) {
    return [
      {
        label: 'Read right on corrupted images',
        value: named(arms, ({ suite }) => shareText(suite)),
        meaning: 'Not even clean images are read better than by guessing, so robustness cannot be judged.',
        kind: 'number',
      },
    ];
  }
  return [
    {
      label: `Read right on corrupted images, mean of ${robustness.corruptions.length} kinds`,
      value: named(useful, ({ suite }) => shareText(suite)),
      meaning: `${intervalsText(arms)}, ${imagesText(robustness)}. ${spreadText(useful)}`,
      kind: 'number',
    },
    ...worstHighlights(robustness, useful),
  ];
}

/** A loss of accuracy that is told as a risk. */
const RISK = 0.05;

function spreadText(arms: readonly ShownArm[]): string {
  const most = Math.max(...arms.map(({ clean, suite }) => clean.mean - suite.mean));
  return most < RISK
    ? 'Corruption of these kinds costs little on average.'
    : 'Accuracy on clean images must not be promised for images from a real scanner, camera or pen.';
}

/** The hardest corruption of each arm where it costs accuracy, one entry for arms that share it. */
function worstHighlights(robustness: Robustness, arms: readonly ShownArm[]): Highlight[] {
  const worst = arms.map((arm) => ({ arm, ...hardest(arm, robustness)[0] }));
  return [...new Set(worst.map(({ label }) => label))].flatMap((label): Highlight[] => {
    const own = worst.filter((one) => one.label === label);
    if (own.every(({ arm, estimate }) => arm.clean.mean - estimate.mean < RISK)) return [];
    const values = own.map(({ arm, estimate }) => `${arm.label} ${shareText(estimate)}`);
    const lowest = Math.min(...own.map(({ estimate }) => estimate.mean));
    return [
      {
        label: `Read right under the hardest corruption, ${inSentence(label)}`,
        value: arms.length > 1 ? listOf(values) : shareText(own[0].estimate),
        meaning: `Of such images (${own[0].meaning}) only ${percent(lowest, 0)} are read right${arms.length > 1 ? ' by the worst arm' : ''}; they have to be kept out, or seen by a person.`,
        kind: 'risk',
      },
    ];
  });
}
