import type { Untouched } from '../../../analysis/untouched/measure.ts';
import { grouped, percent } from '../../../study/wording.ts';
import { html } from '../../html.ts';
import type { EvaluationPage, PartReport } from '../part.ts';
import { POINTS } from '../points/points.ts';
import { accuracyFigure, gainsFigure } from './figures.ts';
import { armsTable } from './tables.ts';
import { armSentence, gainSentences, networksText, shownArms, unitsText } from './words.ts';

/** What is left of accuracies and of gains on test images on which nobody has tuned (E3). */
export function untouchedReport(untouched: Untouched): PartReport {
  const arms = shownArms(untouched);
  const compared = untouched.differences.length > 0;
  return {
    figures: (context) => [
      accuracyFigure(untouched, context),
      ...(compared ? [gainsFigure(untouched, context)] : []),
    ],
    tables: [armsTable(untouched)],
    pages: (figure, table): EvaluationPage[] => [
      {
        point: 'E3',
        title: 'Test images that nobody tuned on',
        paper: POINTS.E3.paper,
        status: 'measured',
        measured: measuredText(untouched),
        body: html`<div class="grid">
            ${figure('untouched-accuracy')} ${compared ? figure('untouched-gains') : null}
          </div>
          ${table('untouched-arms')}`,
        follows: [...arms.map((arm) => armSentence(untouched, arm)), ...gainSentences(untouched)],
        unknown: [
          'Whether what changes is what tuning flattered: the published images are a part of what was drawn then, and other parts may be easier or harder.',
        ],
      },
    ],
    highlights: [
      {
        label: 'Test images that nobody tuned on, read correctly',
        value: arms
          .slice(0, 2)
          .map(({ label, accuracy }) => `${label} ${percent(accuracy)}`)
          .join(' and '),
        meaning: `Of the published test images ${arms
          .slice(0, 2)
          .map(({ testAccuracy }) => percent(testAccuracy))
          .join(' and ')}: what decades of choosing by the published ones may have flattered.`,
        kind: 'number',
      },
    ],
  };
}

/** For the page of the evaluation and the section of the report. */
export function measuredText(untouched: Untouched): string {
  return `${grouped(untouched.images)} test images by ${grouped(untouched.writers)} writers that MNIST’s authors prepared and never published, restored by QMNIST (Yadav & Bottou 2019): nobody can have chosen a network, a recipe or an architecture by them, as has been done for decades by the ${grouped(untouched.testImages)} published ones; ${networksText(untouched)}. Intervals of 95 % are over ${unitsText(untouched)} (Wilson’s for shares, at the effective number of images; ${grouped(untouched.resamples)} resamples for losses and differences, the published images being given${untouched.quick ? '; fewer than usual in this quick run' : ''}).`;
}
