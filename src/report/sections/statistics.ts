import { LEVEL } from '../../study/decision.ts';
import { isDecided, ropeText } from '../../study/verdict.ts';
import { countOf, listOf } from '../../study/wording.ts';
import type { Html } from '../html.ts';
import { html } from '../html.ts';
import type { ReportInput } from '../input.ts';
import { statisticsOf } from '../statistics/all.ts';
import { judgementsOf } from '../statistics/claims.ts';
import { pairFamily } from '../statistics/pairFamily.ts';
import type { Table } from '../table.ts';
import { tableHtml } from './parts.ts';

/** What the numbers mean, the figure of image sets, and every table of statistics. */
export function statisticsHtml(
  input: ReportInput,
  figure: Html | null,
  tableNamed: (name: string) => Table | undefined,
): Html {
  const { study, studyHash } = input.results;
  const { networks } = statisticsOf(input);
  const shown = (name: string) => {
    const table = tableNamed(name);
    return table === undefined ? null : tableHtml(table);
  };
  const mcnemar = tableNamed('networks');
  return html`<p class="lead">
      Question, arms, split and rules were fixed before the runs, under the hash
      <span class="code">${studyHash.slice(0, 16)}…</span> (in full under Configuration); differences of
      accuracy within ${ropeText(study.rules)} count as too small to matter. ${holmSentence(input)}
    </p>
    ${figure} ${shown('differences')} ${shown('tests')} ${shown('image-sets')} ${shown('calibration')}
    ${shown('learning')} ${shown('corrections')}
    ${
      mcnemar === undefined
        ? null
        : html`<details class="networks">
            <summary>
              McNemar’s test, network by network
              (${countOf(networks.filter(({ test }) => test.midP < LEVEL).length, 'pair')} of
              ${networks.length} below .05)
            </summary>
            ${tableHtml(mcnemar)}
          </details>`
    }`;
}

function holmSentence(input: ReportInput): string {
  const judgements = judgementsOf(input);
  const family = pairFamily(input.results, judgements);
  if (family !== null) {
    return `No claim is tested here, so Holm's correction is for the ${family.tests} tests of accuracy and loss between every two arms, whether the tables show them or not.`;
  }
  const verdicts = judgements.flatMap(({ claim, verdicts }) =>
    verdicts.map((one) => ({ id: claim.id, ...one })),
  );
  if (!verdicts.some(({ alone }) => isDecided({ state: alone }))) return '';
  const opened = verdicts.filter(({ alone, state }) => alone !== state);
  return opened.length === 0
    ? "Holm's correction for the number of tests behind the claims changes no verdict."
    : `Verdicts follow Holm's correction for the number of tests behind the claims: it leaves open what the rules alone would decide of ${listOf([...new Set(opened.map(({ id }) => id))])}.`;
}
