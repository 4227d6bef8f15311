import { folderOf } from '../../study/wording.ts';
import { resultsOfPart } from '../../study/evaluation/record.ts';
import { accuracyFigure, gainsFigure } from '../evaluation/untouched/figures.ts';
import { measuredText } from '../evaluation/untouched/report.ts';
import { armsTable } from '../evaluation/untouched/tables.ts';
import { armSentence, gainSentences, MOST_DRAWN, shownArms } from '../evaluation/untouched/words.ts';
import { QUICK_EVALUATION } from '../evaluation/page.ts';
import type { FigureContext } from '../figures/figure.ts';
import type { Html } from '../html.ts';
import { html } from '../html.ts';
import type { ReportInput } from '../input.ts';
import { figureHtml, tableHtml } from './parts.ts';

/** How a study's networks do on test images that nobody tuned on, from its evaluation, or what would measure it. */
export function untouchedHtml(
  { results: { study }, folder, evaluation }: ReportInput,
  context: FigureContext,
): Html {
  const untouched = evaluation && resultsOfPart(evaluation, 'untouched').at(0);
  if (untouched === undefined) {
    return html`<p class="lead">
      Not measured yet: what is left of these numbers on the 50,000 test images that MNIST never published.
      <span class="code">dactyl data fetch qmnist-test50k</span> brings them,
      <span class="code">dactyl evaluate ${folderOf(study, folder)} --only untouched</span> measures it.
    </p>`;
  }
  const labelled = evaluation!.quick ? { ...context, label: QUICK_EVALUATION } : context;
  const compared = untouched.differences.length > 0;
  return html`<p class="lead">${measuredText(untouched)}</p>
    <div class="prose">
      ${[
        ...shownArms(untouched)
          .slice(0, MOST_DRAWN)
          .map((arm) => armSentence(untouched, arm)),
        ...gainSentences(untouched).slice(0, MOST_DRAWN - 1),
      ].map((text) => html`<p>${text}</p>`)}
    </div>
    <div class="grid">
      ${figureHtml(accuracyFigure(untouched, labelled))}
      ${compared ? figureHtml(gainsFigure(untouched, labelled)) : null}
    </div>
    ${tableHtml(armsTable(untouched))}`;
}
