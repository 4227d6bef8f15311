import { grouped } from '../../study/wording.ts';
import type { TuningResults } from '../../study/tuning/results.ts';
import type { Figure, FigureContext } from '../figures/figure.ts';
import { html, type Html } from '../html.ts';
import { QUICK_LABEL } from '../input.ts';
import { figureHtml, passagesHtml, type Section, tableHtml } from '../sections/parts.ts';
import { pageOf } from '../shell.ts';
import { PAGE_THEME } from '../theme.ts';
import { armsOfSearch, measureOf, type SearchedArm, valueOf } from './facts.ts';
import { halvingFigure } from './halvingFigure.ts';
import { historyFigure } from './historyFigure.ts';
import { importanceFigure } from './importanceFigure.ts';
import { parallelFigure } from './parallel.ts';
import { answerOf, armPassage, conclusions, importanceSentence, methodPassages } from './prose.ts';
import { tuningTables } from './tables.ts';

export { tuningTables };

/** Wide figures stay readable on a phone: they scroll. */
const STYLE =
  '.table+.lead,.passages+.grid{margin-top:2rem}.scrolls{overflow-x:auto}.scrolls svg.figure{max-width:46rem;min-width:38rem}.scrolls+.scrolls{margin-top:3rem}@media print{.scrolls{overflow:visible}.scrolls svg.figure{min-width:0}}';

/** Every figure of a search. */
export function tuningFigures(results: TuningResults, context: FigureContext): Figure[] {
  const labelled = results.tuning.quick ? { ...context, label: QUICK_LABEL } : context;
  const arms = armsOfSearch(results);
  return [
    historyFigure(results, arms, labelled),
    ...arms.map((arm) => parallelFigure(results, arm, labelled)),
    ...arms.map((arm) => halvingFigure(results, arm, labelled)),
    ...arms.flatMap((arm) => (arm.importance === null ? [] : [importanceFigure(results, arm, labelled)])),
  ];
}

export interface TuningPageOptions {
  /** Any DOM document, used to draw the figures. */
  readonly document: Document;
  /** The study file with the best of each arm, beside the page, where there is one. */
  readonly bestFile: string | null;
}

/** The report of a search as one HTML file that loads nothing. */
export function tuningPage(results: TuningResults, { document, bestFile }: TuningPageOptions): string {
  const { tuning } = results;
  const arms = armsOfSearch(results);
  return pageOf({
    title: tuning.question,
    windowTitle: `${tuning.quick ? `${QUICK_LABEL}: ` : ''}${tuning.name}`,
    kicker: 'Dactyl search for hyperparameters',
    answer: answerOf(results, arms),
    key: keyNumbers(results, arms),
    banner: tuning.quick ? [QUICK_LABEL, 'The search was shortened to take seconds.'] : undefined,
    style: STYLE,
    sections: sectionsOf(results, arms, document, bestFile),
  });
}

function keyNumbers(results: TuningResults, arms: readonly SearchedArm[]): Html {
  const measure = measureOf(results);
  return html`<dl class="key">
    ${arms.map((arm) => {
      const { best, reference } = arm;
      const plain = valueOf(reference, measure);
      return html`<div style="--tile:${PAGE_THEME.arm(arm.colour)}">
        <dt>${arm.label}, best ${measure.name} held out</dt>
        <dd><b>${best === null ? 'all failed' : measure.text(valueOf(best, measure)!)}</b></dd>
        <dd class="note">recipe as it stands ${plain === null ? 'failed' : measure.text(plain)}</dd>
      </div>`;
    })}
  </dl>`;
}

function sectionsOf(
  results: TuningResults,
  arms: readonly SearchedArm[],
  document: Document,
  bestFile: string | null,
): Section[] {
  const figures = new Map(
    tuningFigures(results, { document, theme: PAGE_THEME, padding: 0 }).map((one) => [one.name, one]),
  );
  const tables = new Map(tuningTables(results).map((one) => [one.name, one]));
  const drawn = (name: string, className = ''): Html | null =>
    figures.has(name) ? figureHtml(figures.get(name)!, className) : null;
  const table = (name: string): Html | null => (tables.has(name) ? tableHtml(tables.get(name)!) : null);
  const { follows, doesNot } = conclusions(results, arms);
  const listed = (title: string, items: readonly string[]): Html =>
    html`<div>
      <h3>${title}</h3>
      <ul>
        ${items.map((item) => html`<li>${item}</li>`)}
      </ul>
    </div>`;
  return [
    {
      id: 'results',
      title: 'Results',
      body: html`${passagesHtml(arms.map((arm) => armPassage(results, arm)))}${table('best')}
      ${
        bestFile === null
          ? null
          : html`<p class="lead">
              The best of each arm on the test set, with fresh seeds, from the folder of this page:
              <code class="code">dactyl study run ${bestFile}</code>
            </p>`
      }`,
    },
    {
      id: 'conclusion',
      title: 'What follows',
      body: html`<div class="grid">
        ${follows.length === 0 ? null : listed('It follows', follows)}${listed('It does not follow', doesNot)}
      </div>`,
    },
    {
      id: 'configurations',
      title: 'Configurations',
      body: html`${arms.map(({ name }) => drawn(`configurations-${name}`, 'scrolls'))}`,
    },
    {
      id: 'course',
      title: 'Course of the search',
      body: html`<div class="grid">
          ${drawn('history')}${arms.map(({ name }) => drawn(`halving-${name}`))}
        </div>
        ${table('budget')}`,
    },
    {
      id: 'importance',
      title: 'Importance of the parameters',
      body: html`${passagesHtml(
          arms.map((arm) => ({ title: arm.label, text: importanceSentence(results, arm) })),
        )}
        <div class="grid">${arms.map(({ name }) => drawn(`importance-${name}`))}</div>
        ${table('importance')}
        <p class="lead">
          A forest of regression trees on the ranks after the first rung, which every configuration ran; the
          exact functional analysis of variance of each tree, main effects only (Hutter, Hoos and Leyton-Brown
          2014). A forest finds structure in noise too: the tick of chance and p come from the same analysis
          with the values of that parameter shuffled among the configurations. Holm’s correction is over the
          parameters of an arm.
        </p>`,
    },
    { id: 'method', title: 'How it was searched', body: passagesHtml(methodPassages(results)) },
    { id: 'all', title: 'All configurations', body: html`${table('configurations')}` },
    { id: 'source', title: 'Source', body: sourceHtml(results) },
  ];
}

function sourceHtml({ tuning, tuningHash, environment }: TuningResults): Html {
  const pairs: [string, string][] = [
    ['Dactyl', environment.dactyl],
    ['Arithmetic', String(environment.numerics)],
    ['Runtime', `${environment.runtime}, ${environment.platform}`],
    ['Processor', environment.processor],
    ['Seed', String(tuning.seed)],
    ['Configurations of each arm', grouped(tuning.configurations)],
    ['Trials at the same time', String(environment.workers)],
  ];
  return html`<dl class="pairs">
      ${pairs.map(
        ([label, value]) =>
          html`<div>
            <dt>${label}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
    </dl>
    <p class="hash">
      Fixed before the search, SHA-256 of arms, space and rungs: <code class="code">${tuningHash}</code>
    </p>`;
}
