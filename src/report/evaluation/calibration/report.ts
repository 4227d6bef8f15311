import type { Calibration } from '../../../analysis/calibration/measure.ts';
import { listOf, percent } from '../../../study/wording.ts';
import type { Worded } from '../../dataWords.ts';
import { html } from '../../html.ts';
import type { Highlight, PartReport } from '../part.ts';
import type { ArmRuns } from './arms.ts';
import { armsOfRuns, MAIN_ERROR, MOST_ARMS, overRuns } from './arms.ts';
import { coverageFigure } from './coverageFigure.ts';
import {
  armFollows,
  brokenPromise,
  canPromise,
  comparisonFollows,
  fitOf,
  measuredText,
  shareWithInterval,
  unknowns,
} from './follows.ts';
import { reliabilityFigure } from './reliabilityFigure.ts';
import { riskCoverageFigure } from './riskCoverageFigure.ts';
import { setSizesFigure } from './setSizesFigure.ts';
import { abstentionOf, abstentionTable, errorsTable, runsTable, setsTable } from './tables.ts';

const PAPER =
  'Somebody has to take responsibility for critical decisions. The paper asks for it and measures nothing that would tell which decisions a person should take.';

/** Calibration, abstention and sets: what a person needs in order to take responsibility for answers (E7). */
export function calibrationReport(calibration: Calibration & Worded): PartReport {
  const arms = armsOfRuns(calibration.runs, calibration);
  const drawn = arms.slice(0, MOST_ARMS);
  return {
    figures: (context) => [
      ...drawn.map((arm) => reliabilityFigure(arm, context)),
      riskCoverageFigure(arms, context),
      ...drawn.flatMap((arm) => [
        setSizesFigure(arm, context),
        coverageFigure(arm, calibration.groups, context),
      ]),
    ],
    tables: [
      errorsTable(arms, calibration),
      abstentionTable(arms, calibration),
      setsTable(arms, calibration),
      runsTable(calibration),
    ],
    pages: (figure, table) => [
      {
        point: 'E7',
        title: 'Responsibility: when to trust an answer, and when to ask a person',
        paper: PAPER,
        status: 'measured',
        measured: measuredText(calibration),
        body: html`<div class="grid">${drawn.map(({ arm }) => figure(`reliability-${arm}`))}</div>
          ${table('calibration-errors')}
          <div class="grid">${figure('risk-coverage')}</div>
          ${table('abstention')}
          <div class="grid">${drawn.map(({ arm }) => figure(`set-sizes-${arm}`))}</div>
          <div class="grid">${drawn.map(({ arm }) => figure(`coverage-${arm}`))}</div>
          <details>
            <summary>All sets</summary>
            ${table('conformal-sets')}
          </details>`,
        follows: [...arms.flatMap((arm) => armFollows(arm, calibration)), ...comparisonFollows(arms)],
        unknown: unknowns(calibration),
      },
    ],
    highlights: highlightsOf(arms, calibration),
  };
}

function highlightsOf(arms: readonly ArmRuns[], calibration: Calibration): Highlight[] {
  const summaries = arms.map((arm) => ({
    arm,
    main: abstentionOf(arm).find(({ wanted }) => wanted === MAIN_ERROR)!,
  }));
  const named = (of: (summary: (typeof summaries)[number]) => string) =>
    listOf(summaries.map((summary) => `${summary.arm.label} ${of(summary)}`));
  const without = summaries.filter(({ main }) => main.answered === null);
  const broken = brokenPromise(arms, calibration.groups);
  const misfit = arms.filter((arm) => fitOf(arm) !== 'fits');
  return [
    {
      label: `Images left to a person so that at most ${percent(MAIN_ERROR, 0)} of the answers are wrong`,
      value: named(({ main: { answered } }) =>
        answered === null ? 'cannot be promised' : percent(1 - answered.mean, 1),
      ),
      meaning: !canPromise(calibration)
        ? 'There are too few images to promise anything: an error rate has to be shown on some hundred images of its own.'
        : without.length === arms.length
          ? 'No confidence threshold makes the answers reliable enough: a person would have to decide every image.'
          : 'The least sure answers have to go to a person; the error rate of the others was checked on images that the threshold had not seen.',
      kind: without.length > 0 ? 'risk' : 'number',
    },
    {
      label: 'Calibration error: how far stated and real certainty are apart',
      value: named(({ arm }) => shareWithInterval(overRuns(arm, (run) => run.raw.ece))),
      meaning:
        misfit.length === 0
          ? 'The stated probabilities are about right, no further off than chance would make them; that says nothing of how often the answers are right.'
          : `The stated probabilities of ${listOf(misfit.map((arm) => `${arm.label} (${fitOf(arm)})`))} are off by more than chance makes them in most runs and must not be taken at their word; rescale them first.`,
      kind: misfit.length === 0 ? 'number' : 'risk',
    },
    ...(broken === null ? [] : [broken]),
  ];
}
