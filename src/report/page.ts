import { isMnist } from '../data/identity.ts';
import { distinctVerdicts } from '../study/judge.ts';
import { paperArms, recipeDifferences } from '../study/paper.ts';
import { listOf } from '../study/wording.ts';
import { client } from './client.ts';
import { explorerData, spriteStyle } from './explorer.ts';
import { allFigures, MOST_MODELS } from './figures/all.ts';
import { embeddedJson, html, Html } from './html.ts';
import type { ReportInput } from './input.ts';
import { isExplorable, QUICK_LABEL } from './input.ts';
import { answer, reportTitle } from './prose/answer.ts';
import { comparison } from './prose/comparison.ts';
import { conclusion } from './prose/conclusion.ts';
import { whatWasDone } from './prose/done.ts';
import { factsOf } from './prose/facts.ts';
import { limits, paperWeaknesses } from './prose/limits.ts';
import { rulesNote } from './prose/rulesNote.ts';
import { strengths } from './prose/strengths.ts';
import { configurationHtml, glossaryHtml, referencesHtml } from './sections/appendix.ts';
import { claimFigures } from './sections/claimFigures.ts';
import { claimsHtml } from './sections/claims.ts';
import { otherDataText } from './prose/otherData.ts';
import { dataHtml, samplesHtml } from './sections/data.ts';
import { drawingsHtml } from './sections/drawings.ts';
import { keyNumbers } from './sections/key.ts';
import { modelHtml } from './sections/model.ts';
import { ownStudiesHtml } from './sections/ownStudies.ts';
import type { Section } from './sections/parts.ts';
import { figureHtml, passagesHtml, tableHtml } from './sections/parts.ts';
import { statisticsHtml } from './sections/statistics.ts';
import { untouchedHtml } from './sections/untouched.ts';
import { pageOf } from './shell.ts';
import { judgementsOf } from './statistics/claims.ts';
import { pairFamily } from './statistics/pairFamily.ts';
import { allTables } from './tables/all.ts';
import { PAGE_THEME } from './theme.ts';
import { wordsOfData } from './dataWords.ts';

/** The whole report as one HTML file that loads nothing. `document` is any DOM document, used to draw the figures. */
export function reportPage(input: ReportInput, { document }: { document: Document }): string {
  const { results } = input;
  const title = reportTitle(results);
  const quick = results.study.quick;
  return pageOf({
    title,
    windowTitle: `${quick ? `${QUICK_LABEL}: ` : ''}${title}`,
    kicker: 'Dactyl study report',
    answer: answer(results, judgementsOf(input)),
    key: keyNumbers(factsOf(results)),
    sections: sectionsOf(input, document),
    ...(input.evaluation && { links: [{ href: 'evaluation.html', title: 'Critical evaluation' }] }),
    banner: quick ? [QUICK_LABEL, 'The runs were shortened to take seconds.'] : undefined,
    style: isExplorable(input) ? spriteStyle(input) : '',
    scripts: html`<script type="application/json" id="explorer-data">
        ${embeddedJson(explorerData(input))}
      </script>
      <script>
        (${new Html(client.toString())})(
          document,
          JSON.parse(document.getElementById('explorer-data').textContent),
        );
      </script>`,
  });
}

function sectionsOf(input: ReportInput, document: Document): Section[] {
  const { results, evaluation } = input;
  const context = { document, theme: PAGE_THEME, padding: 0, ...wordsOfData(results.data) };
  const figures = new Map(allFigures(input, context).map((figure) => [figure.name, figure]));
  const tables = new Map(allTables(input).map((table) => [table.name, table]));
  const figureNamed = (name: string) => figures.get(name)!;
  const tableNamed = (name: string) => tables.get(name)!;
  const drawn = (name: string) => (figures.has(name) ? figureHtml(figureNamed(name)) : null);
  const { arms } = factsOf(results);
  const ofMnist = isMnist(results.data.identity);
  const pair = paperArms(arms);
  const differences = pair ? recipeDifferences(results, [pair.relu, pair.tanh]) : [];
  const otherRecipe =
    differences.length === 0
      ? null
      : `These runs follow another recipe than the paper's, so they decide nothing about its claims: ${listOf(differences)}.`;
  return [
    {
      id: 'results',
      title: 'Results',
      body: html`<div class="grid">${drawn('test-accuracy')}${drawn('accuracy-differences')}</div>
        ${tableHtml(tableNamed('summary'))}
        <div class="grid">${drawn('validation-accuracy')}${drawn('validation-loss')}</div>`,
    },
    {
      id: 'claims',
      title: "The paper's claims",
      body: !ofMnist
        ? html`<p class="lead">${otherDataText(judgementsOf(input), results)}</p>`
        : html`<p class="lead">
              What these runs say of each statement of the paper, by a rule that is the same for every run of
              this programme. ‘Supported’ and ‘contradicted’ are about these data and this recipe only, and
              hold after Holm’s correction for the number of tests. ${otherRecipe}
            </p>
            <p class="lead">${rulesNote(results.study)}</p>
            ${claimsHtml(judgementsOf(input), tableNamed('claims'), ({ id }) =>
              claimFigures(id, {
                figures,
                arms: pair === null ? [] : [pair.relu.name, pair.tanh.name],
                evaluated: evaluation !== undefined,
              }),
            )}`,
    },
    {
      id: 'done',
      title: 'What was done',
      body: html`${passagesHtml(whatWasDone(results))}
      ${input.contact ? dataHtml(input) : samplesHtml(figureNamed('samples'), input, context)}`,
    },
    {
      id: 'statistics',
      title: 'Statistics',
      body: statisticsHtml(input, drawn('image-sets'), (name) => tables.get(name)),
    },
    ...sectionOf(
      'drawings',
      'Other people’s digits',
      isMnist(results.data.identity) ? drawingsHtml(input, context) : null,
    ),
    ...sectionOf(
      'untouched',
      'Test images that nobody tuned on',
      isMnist(results.data.identity) ? untouchedHtml(input, context) : null,
    ),
    ...sectionOf('own-studies', 'Studies of their own', ownStudiesHtml(input)),
    {
      id: 'comparison',
      title: 'Comparison',
      body: html`<p class="lead">Each difference by its own 95&nbsp;% interval. ${amongAllHtml(input)}</p>
        ${passagesHtml(comparison(results))}`,
    },
    { id: 'strengths', title: 'Strengths', body: passagesHtml(strengths(results)) },
    {
      id: 'limits',
      title: 'Limits',
      body: html`${passagesHtml(limits(input))}
      ${
        ofMnist
          ? html`<h3 class="subhead">Limits of the paper</h3>
              <p class="lead">
                The paper is a student report written to learn from; what follows is what a second look would
                add to it.
              </p>
              ${passagesHtml(paperWeaknesses(), 'h4')}`
          : null
      }`,
    },
    {
      id: 'conclusion',
      title: 'Conclusion',
      body: html`<div class="prose">${conclusion(input).map((text) => html`<p>${text}</p>`)}</div>`,
    },
    ...arms.slice(0, MOST_MODELS).map((arm) => ({
      id: `model-${arm.name}`,
      title: arm.label,
      body: modelHtml(arm, input, (name) => figures.get(name)),
    })),
    {
      id: 'tables',
      title: 'Tables',
      body: html`${['failures', 'runs', 'epochs', 'recall', 'confusions']
        .filter((name) => tables.has(name))
        .map((name) => tableHtml(tableNamed(name)))}`,
    },
    { id: 'glossary', title: 'Glossary', body: glossaryHtml(results) },
    { id: 'references', title: 'References', body: referencesHtml() },
    {
      id: 'configuration',
      title: 'Configuration',
      body: configurationHtml(input, tableNamed('hashes'), tableNamed('recipes')),
    },
  ];
}

/** Where it stands what holds among all tests, if any are corrected for their number. */
function amongAllHtml(input: ReportInput): Html | null {
  const judgements = judgementsOf(input);
  const family = pairFamily(input.results, judgements);
  if (family !== null) {
    return html`What holds among all ${family.tests} tests of accuracy and loss, by Holm’s correction, stands
      under <a href="#statistics">Statistics</a>; speed and stability are not corrected.`;
  }
  return distinctVerdicts(judgements).some(({ p }) => p !== null)
    ? html`What holds among all tests stands under <a href="#claims">the paper’s claims</a>.`
    : null;
}

/** None where there is nothing to show. */
function sectionOf(id: string, title: string, body: Html | null): Section[] {
  return body === null ? [] : [{ id, title, body }];
}
