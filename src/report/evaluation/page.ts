import type { Evaluation } from '../../study/evaluation/record.ts';
import { grouped, listOf } from '../../study/wording.ts';
import type { Figure, FigureContext } from '../figures/figure.ts';
import { html, type Html } from '../html.ts';
import { figureHtml, type Section, tableHtml } from '../sections/parts.ts';
import { pageOf } from '../shell.ts';
import { toHtml, type Table } from '../table.ts';
import { PAGE_THEME } from '../theme.ts';
import { decidersHtml, decidersKey, evaluationAnswer } from './deciders.ts';
import { inputDoubts } from './inputDoubts.ts';
import { networksTable } from './networksTable.ts';
import type { EvaluationPage, PartReport, Point } from './part.ts';
import { armAnswers, qualityOf } from './points/answers.ts';
import { lawPage } from './points/law.ts';
import { responsibilityPage } from './points/responsibility.ts';
import { PARTS_OF, POINT_NAMES, POINTS } from './points/points.ts';
import { reportsOf } from './reports.ts';
import { EVALUATION_STYLE, evaluationPageHtml } from './sectionHtml.ts';
import { wordsIn } from '../dataWords.ts';
import { wordsOfEvaluation } from './evaluationWords.ts';

export const QUICK_EVALUATION = 'Quick evaluation, not a result';

/** Every figure of the evaluation, drawn in a theme. */
export function evaluationFigures(evaluation: Evaluation, context: FigureContext): Figure[] {
  const worded = { ...context, ...wordsOfEvaluation(evaluation) };
  const labelled = evaluation.quick ? { ...worded, label: QUICK_EVALUATION } : worded;
  return reportsOf(evaluation).flatMap((report) => report.figures(labelled));
}

export function evaluationTables(evaluation: Evaluation): Table[] {
  const tables = reportsOf(evaluation).flatMap((report) => report.tables);
  return evaluation.quick
    ? tables.map((table) => ({
        ...table,
        caption: `${QUICK_EVALUATION}. ${table.caption}`,
        note: QUICK_EVALUATION,
      }))
    : tables;
}

/**
 * The pages of the points E1 to E13, in order: those of the parts, and for a point of which nothing was run one that says so. `figure`
 * and `table` place what they are asked for by name.
 */
export function evaluationPages(
  evaluation: Evaluation,
  figure: (name: string) => Html,
  table: (name: string) => Html,
): EvaluationPage[] {
  const reports: PartReport[] = reportsOf(evaluation);
  const measured = reports.flatMap((report) => report.pages(figure, table));
  const pages = [...measured.map((page) => warned(page, evaluation)), responsibilityPage(), lawPage()].map(
    withoutConclusions,
  );
  return POINT_NAMES.flatMap((point) => {
    const own = pages.filter((page) => page.point === point);
    const isMissing =
      own.length === 0 || (point in PARTS_OF && own.every(({ status }) => status === 'built'));
    return isMissing ? [emptyPage(point, evaluation), ...own] : own;
  });
}

/** A page without a measurement says no more than that there is none, and what would measure it. */
function withoutConclusions(page: EvaluationPage): EvaluationPage {
  return page.status === 'not measured' ? { ...page, follows: [], unknown: [] } : page;
}

/** Points whose conclusions presuppose that the answers are worth something. */
const ABOUT_ANSWERS: readonly Point[] = ['E1', 'E4', 'E5', 'E6', 'E7', 'E8', 'E10', 'E12', 'E13'];

/**
 * Of a network whose answers are worth nothing every conclusion is said to be about such answers; and so where images, labels or pixels are
 * not what it was trained for.
 */
function warned(page: EvaluationPage, evaluation: Evaluation): EvaluationPage {
  if (page.status !== 'measured' || !ABOUT_ANSWERS.includes(page.point)) return page;
  const useless = armAnswers(evaluation).filter((one) => qualityOf(one).level === 'useless');
  const names = listOf(useless.map(({ arm }) => arm.label));
  const doubts = inputDoubts(evaluation).filter(({ spoils }) => spoils !== 'nothing');
  return {
    ...page,
    follows: [
      ...doubts.map(
        ({ seen, todo, spoils }) =>
          `${seen} Whatever else stands here is about ${spoils === 'answers' ? 'answers' : 'probabilities'} under that condition, not about the network as it was meant. ${todo}`,
      ),
      ...(useless.length === 0
        ? []
        : [
            `${names} ${useless.length === 1 ? 'does' : 'do'} not read ${wordsIn(wordsOfEvaluation(evaluation)).things} (see the first page): whatever else stands here is about answers that are worth nothing.`,
          ]),
      ...page.follows,
    ],
  };
}

function emptyPage(point: Point, { missing }: Evaluation): EvaluationPage {
  const reasons = (PARTS_OF[point] ?? []).flatMap(
    (part) => missing.find((one) => one.part === part)?.reason ?? [],
  );
  return {
    point,
    ...POINTS[point],
    status: 'not measured',
    measured: `Not measured here${reasons.length === 0 ? '' : `: ${[...new Set(reasons)].join('; ')}`}.`,
    body: null,
    follows: [],
    unknown: [],
  };
}

/** The critical evaluation as one HTML file that loads and runs nothing. `document` is any DOM document, used to draw the figures. */
export function evaluationPage(evaluation: Evaluation, { document }: { document: Document }): string {
  const context = { document, theme: PAGE_THEME, padding: 0 };
  const figures = new Map(evaluationFigures(evaluation, context).map((one) => [one.name, one]));
  const tables = new Map(evaluationTables(evaluation).map((one) => [one.name, one]));
  const place = <T>(known: ReadonlyMap<string, T>, draw: (one: T) => Html) => {
    return (name: string): Html => {
      const one = known.get(name);
      if (one === undefined) throw new Error(`no figure or table ${name}`);
      return draw(one);
    };
  };
  const pages = evaluationPages(evaluation, place(figures, figureHtml), place(tables, tableHtml));
  const highlights = reportsOf(evaluation).flatMap((report) => report.highlights);
  const { target } = evaluation;
  const quick = evaluation.quick || target.quickStudy;
  const banner = quick
    ? ([
        QUICK_EVALUATION,
        evaluation.quick ? 'Measured on smaller samples.' : 'The runs were shortened to take seconds.',
      ] as const)
    : undefined;
  return pageOf({
    title: `${titleOf(evaluation)}: critical evaluation`,
    windowTitle: `${quick ? `${QUICK_EVALUATION}: ` : ''}${titleOf(evaluation)}: critical evaluation`,
    kicker: 'Dactyl critical evaluation',
    answer: evaluationAnswer(evaluation),
    key: decidersKey(evaluation, highlights),
    sections: [
      {
        id: 'decide',
        title: 'For those who decide',
        body: decidersHtml(evaluation, pages, highlights),
      },
      ...POINT_NAMES.map((point) => pointSection(point, pages)),
      { id: 'source', title: 'Source', body: sourceHtml(evaluation) },
    ],
    ...(target.kind === 'study' && { links: [{ href: 'report.html', title: 'Study report' }] }),
    banner,
    style: EVALUATION_STYLE,
  });
}

function pointSection(point: Point, pages: readonly EvaluationPage[]): Section {
  const own = pages.filter((page) => page.point === point);
  const several = own.length > 1;
  return {
    id: point,
    title: `${point} ${POINTS[point].title}`,
    body: html`${own.map((page) => evaluationPageHtml(page, several || page.title !== POINTS[point].title))}`,
  };
}

function titleOf({ target, arms }: Evaluation): string {
  if (target.kind !== 'study') return target.name;
  return arms.length > 4 ? target.name : listOf(arms.map(({ label }) => label));
}

/** What was evaluated, with hashes, and the command that gives the same. */
function sourceHtml({ target, command, networks, data, environment, parts, missing }: Evaluation): Html {
  const seconds = parts.reduce((sum, part) => sum + part.seconds, 0);
  return html`<p class="lead">
      ${target.kind === 'study' ? 'Study' : target.kind === 'trial' ? 'Trial' : 'Model file'} ${target.name}
      (<span class="code">${target.hash}</span>), ${grouped(networks.length)}
      ${networks.length === 1 ? 'network' : 'networks'}, ${grouped(data.testImages)} test images. Dactyl
      ${environment.dactyl}, numerics ${environment.numerics}, ${environment.runtime},
      ${environment.platform}; ${grouped(Math.round(seconds))} seconds of computing. The same again:
      <span class="code">${command}</span>
    </p>
    <details>
      <summary>The networks and their hashes</summary>
      ${toHtml(networksTable(networks))}
    </details>
    ${tableHtml({
      name: 'parts',
      caption: 'Parts of the evaluation',
      columns: [
        { label: 'Part' },
        { label: 'networks' },
        { label: 'seconds', format: (value) => value.toFixed(1) },
        { label: 'key', code: true },
      ],
      rows: [
        ...parts.map(({ part, networks: own, seconds: time, key }) => [part, own.length, time, key]),
        ...missing.map(({ part, reason }) => [part, null, null, `not run: ${reason}`]),
      ],
    })}
    <div class="table">
      ${toHtml({
        name: 'files',
        caption: 'Data files',
        columns: [{ label: 'File' }, { label: 'SHA-256', code: true }],
        rows: data.files.map(({ file, sha256 }) => [file, sha256]),
      })}
    </div>`;
}
