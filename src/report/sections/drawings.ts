import { resultsOfPart } from '../../study/evaluation/record.ts';
import { learnsDrawings } from '../../study/extraData.ts';
import { armLabel } from '../../study/arm.ts';
import { activationOf } from '../../study/network.ts';
import { countOf, folderOf, grouped, listOf } from '../../study/wording.ts';
import { learntBy } from '../evaluation/drawings/learnt.ts';
import { accuracyFigure, differencesFigure } from '../evaluation/drawings/accuracyFigure.ts';
import { agreedSentence, differenceSentences, lossSentence } from '../evaluation/drawings/follows.ts';
import { armsTable } from '../evaluation/drawings/tables.ts';
import { learntSentence, shownArms } from '../evaluation/drawings/words.ts';
import { QUICK_EVALUATION } from '../evaluation/page.ts';
import type { FigureContext } from '../figures/figure.ts';
import type { Html } from '../html.ts';
import { html } from '../html.ts';
import type { ReportInput } from '../input.ts';
import { figureHtml, tableHtml } from './parts.ts';

/** Of more arms than these the table tells. */
const MOST_ARMS = 4;

/** How the networks of a study read digits that other people drew, from its evaluation, or what would measure it. */
export function drawingsHtml({ results, folder, evaluation }: ReportInput, context: FigureContext): Html {
  const { study, trials } = results;
  const measured = evaluation && resultsOfPart(evaluation, 'drawings').at(0);
  const drawings = measured && { ...measured, learnt: learntBy(evaluation.arms) };
  if (drawings === undefined) {
    const learning = study.arms.flatMap(({ name, recipe }) =>
      learnsDrawings(recipe) ? [armLabel(name, activationOf(recipe))] : [],
    );
    return html`<p class="lead">
      Not measured yet: how these networks read the 8,057 digits that 134 other people drew with a pen, which
      come with this programme.
      <span class="code">dactyl evaluate ${folderOf(study, folder)} --only drawings</span> measures it in a
      minute or
      two.${
        learning.length === 0
          ? ''
          : ` Of ${listOf(learning)} it would say nothing about strangers: these drawings are among the training images (extraData).`
      }
    </p>`;
  }
  const labelled = evaluation!.quick ? { ...context, label: QUICK_EVALUATION } : context;
  const arms = shownArms(drawings);
  const learnt = learntSentence(drawings);
  const compared = drawings.differences.length > 0;
  return html`<p class="lead">
      8,057 digits that 134 people drew with a pen in the 1990s (UNIPEN), as images like MNIST’s;
      ${learnt ?? 'nothing was trained on them or chosen by them.'} By digit, person and place, and the worst
      of them:
      <a href="evaluation.html#E12">critical evaluation, E12</a> and <a href="evaluation.html#E4">E4</a>.${
        evaluation!.networks.length === trials.length
          ? ''
          : ` This evaluation is of ${countOf(evaluation!.networks.length, 'network')}, the study has ${grouped(trials.length)} by now: dactyl evaluate ${folderOf(study, folder)} measures all.`
      }
    </p>
    <div class="prose">
      ${[
        ...arms.slice(0, MOST_ARMS).map((arm) => lossSentence(drawings, arm)),
        ...(arms.length > MOST_ARMS ? [] : differenceSentences(drawings)),
        agreedSentence(drawings),
      ].map((text) => html`<p>${text}</p>`)}
    </div>
    <div class="grid">
      ${figureHtml(accuracyFigure(drawings, labelled))}
      ${compared ? figureHtml(differencesFigure(drawings, labelled)) : null}
    </div>
    ${tableHtml(armsTable(drawings, arms))}`;
}
