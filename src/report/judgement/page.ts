import type { JudgedPair } from '../../study/judgedPair.ts';
import type { PredictionJudgement } from '../../study/judgePredictions.ts';
import { ropeText } from '../../study/verdict.ts';
import { capitalised, countOf, grouped, listOf, percent, points, signed } from '../../study/wording.ts';
import type { FigureContext } from '../figures/figure.ts';
import { html, type Html } from '../html.ts';
import { figureHtml, type Section, tableHtml } from '../sections/parts.ts';
import { pageOf } from '../shell.ts';
import { toHtml } from '../table.ts';
import { PAGE_THEME } from '../theme.ts';
import { accuracyFigure, matrixFigure, modelColour, MOST_CLASSES_DRAWN, pairsFigure } from './figures.ts';
import {
  aboutOf,
  answerSentence,
  limitsOf,
  pairSentence,
  pText,
  ruleOf,
  statementOf,
  verdictText,
} from './prose.ts';
import { judgementTables } from './tables.ts';

/** A file as it was read. */
export interface JudgedFile {
  /** Its name, without folders: the page is handed on. */
  readonly file: string;
  /** The name of its model. */
  readonly model: string;
  readonly sha256: string;
}

/** The report of a judgement as one HTML file without scripts. `document` is any DOM document, used to draw the figures. */
export function judgementPage(
  judgement: PredictionJudgement,
  files: readonly JudgedFile[],
  { document, version }: { document: Document; version: string },
): string {
  const context: FigureContext = { document, theme: PAGE_THEME, padding: 0 };
  const { models } = judgement;
  return pageOf({
    title: titleOf(judgement),
    kicker: 'Dactyl report on predictions',
    answer: answerSentence(judgement),
    key: html`<dl class="key">
      ${models.map(
        ({ name, accuracy, runs }, i) =>
          html`<div style="--tile:${PAGE_THEME.arm(modelColour(i))}">
            <dt>${name}</dt>
            <dd><b>${percent(accuracy.mean)}</b></dd>
            <dd class="note">
              ${accuracy.spread === null ? 'one run' : `${countOf(runs.length, 'run')}, sd ${(100 * accuracy.spread.sd).toFixed(2)}`}
            </dd>
          </div>`,
      )}
    </dl>`,
    sections: sectionsOf(judgement, files, context, version),
  });
}

function titleOf({ models }: PredictionJudgement): string {
  return models.length > 4
    ? `${capitalised(countOf(models.length, 'model'))} compared`
    : listOf(models.map(({ name }) => name));
}

function sectionsOf(
  judgement: PredictionJudgement,
  files: readonly JudgedFile[],
  context: FigureContext,
  version: string,
): Section[] {
  const { models, pairs, classes, images, groups, rope } = judgement;
  const tables = new Map(judgementTables(judgement).map((table) => [table.name, table]));
  const drawn = (name: string): Html | null => (tables.has(name) ? tableHtml(tables.get(name)!) : null);
  const { follows, doesNot } = limitsOf(judgement);
  const matrices =
    classes.length > MOST_CLASSES_DRAWN
      ? html`<p class="lead">
          With ${classes.length} classes the matrices are not drawn; the tables hold the rest.
        </p>`
      : html`<div class="grid">
          ${models.map((model, i) => figureHtml(matrixFigure(model, classes, i, context)))}
        </div>`;
  return [
    {
      id: 'results',
      title: 'Results',
      body: html`${warningsHtml(judgement)}${figureHtml(accuracyFigure(judgement, context))}${drawn('models')}`,
    },
    ...(pairs.length === 0
      ? []
      : [
          {
            id: 'verdicts',
            title: 'Verdicts',
            body: html`${figureHtml(pairsFigure(judgement, context))}
              <div class="table">
                <table class="claims">
                  <thead>
                    <tr>
                      <th scope="col">Statement</th>
                      <th scope="col">Verdict</th>
                    </tr>
                  </thead>
                  <tbody>
                    ${pairs.map((pair) => pairHtml(pair, judgement))}
                  </tbody>
                </table>
              </div>
              ${drawn('pairs')}${drawn('seeds')}`,
          },
        ]),
    {
      id: 'limits',
      title: 'What follows, and what does not',
      body: html`<div class="grid">
        <div>
          <h3>It follows</h3>
          <ul>
            ${follows.map((text) => html`<li>${text}</li>`)}
          </ul>
        </div>
        <div>
          <h3>It does not follow</h3>
          <ul>
            ${doesNot.map((text) => html`<li>${text}</li>`)}
          </ul>
        </div>
      </div>`,
    },
    { id: 'classes', title: 'Classes', body: html`${matrices}${drawn('recall')}${drawn('confusions')}` },
    {
      id: 'tables',
      title: 'Tables',
      body: html`${pairs.length === 0 ? null : drawn('mcnemar')}${drawn('runs')}`,
    },
    {
      id: 'source',
      title: 'Source',
      body: html`<p class="lead">
          ${grouped(images)} images, ${classes.length}
          classes${groups === null ? '' : `, ${grouped(groups)} groups`}. Region of practical equivalence
          ${ropeText({ rope })}. Computed by Dactyl ${version} from:
        </p>
        ${toHtml({
          name: 'files',
          caption: 'Files',
          columns: [{ label: 'File' }, { label: 'Model' }, { label: 'SHA-256', code: true }],
          rows: files.map(({ file, model, sha256 }) => [file, model, sha256]),
        })}`,
    },
  ];
}

function warningsHtml({ warnings }: PredictionJudgement): Html | null {
  if (warnings.length === 0) return null;
  return html`<div role="note">
    <h3>Before you read on: what looks wrong in the files</h3>
    <ul>
      ${warnings.map((text) => html`<li>${text}</li>`)}
    </ul>
  </div>`;
}

function pairHtml(pair: JudgedPair, judgement: PredictionJudgement): Html {
  const { seeds, bootstrap } = pair;
  const both = ({ low, high }: { low: number; high: number }): string =>
    `${signed(100 * low, 2)} to ${points(high)}`;
  const numbers: [string, string][] = [
    ['difference', points(pair.mean)],
    ...(seeds?.student ? ([['Student', both(seeds.student)]] as [string, string][]) : []),
    [`bootstrap over ${bootstrap.over}`, both(bootstrap)],
    ['p', pText(pair.p)],
    ['Holm', pText(pair.holm)],
    ...(seeds === null
      ? []
      : ([['P(A > B)', percent(seeds.superiority.probability, 0)]] as [string, string][])),
  ];
  return html`<tr>
    <th scope="row">
      ${statementOf(pair)}
      <span class="paper">About ${aboutOf(pair)}.</span>
    </th>
    <td>
      <div class="verdict">
        <p><span class="state ${pair.state}">${verdictText(pair)}</span></p>
        <dl class="numbers">
          ${numbers.map(
            ([label, value]) =>
              html`<div>
                <dt>${label}</dt>
                <dd>${value}</dd>
              </div>`,
          )}
        </dl>
        <p>${pairSentence(pair, judgement)}</p>
        <details>
          <summary>Rule</summary>
          <p>${ruleOf(pair, judgement)}</p>
        </details>
      </div>
    </td>
  </tr>`;
}
