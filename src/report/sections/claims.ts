import type { State } from '../../study/decision.ts';
import { STATES } from '../../study/decision.ts';
import type { CorrectedVerdict, Judgement } from '../../study/judge.ts';
import { correctVerdicts } from '../../study/judge.ts';
import type { Verdict } from '../../study/verdict.ts';
import { pText } from '../tables/statistics.ts';
import type { Html } from '../html.ts';
import { html } from '../html.ts';
import type { Table } from '../table.ts';
import { downloads } from './parts.ts';

const OPENS = "Under Holm's correction for the number of tests behind the claims it would be open.";

function testNumbers(corrected: CorrectedVerdict | undefined): Verdict['numbers'] {
  if (corrected === undefined) return [];
  return [
    { label: 'p of the t-test', value: corrected.p.map(pText).join(' / ') },
    { label: 'by Holm', value: corrected.holm.map(pText).join(' / ') },
  ];
}

function stateHtml(state: State): Html {
  return html`<span class="state ${state.replaceAll(' ', '-')}">${state}</span>`;
}

/** A row for each claim: what the paper says, and what these runs say of each of its statements, with links to the plots. */
export function claimsHtml(
  judgements: readonly Judgement[],
  table: Table,
  plots: (claim: Judgement['claim']) => Html | null,
): Html {
  const corrected = new Map(correctVerdicts(judgements).map((one) => [one.verdict, one]));
  const states = judgements.flatMap(({ verdicts }) => verdicts.map(({ state }) => state));
  const tally = STATES.map((state) => ({ state, n: states.filter((one) => one === state).length }));
  return html`<p class="tally">
      ${tally.filter(({ n }) => n > 0).map(({ state, n }) => html`<span>${n}&nbsp;${stateHtml(state)}</span>`)}
    </p>
    <table class="claims">
      <caption class="hidden">
        ${table.caption}
      </caption>
      <thead>
        <tr>
          <th scope="col">The paper says</th>
          <th scope="col">These runs say</th>
        </tr>
      </thead>
      <tbody>
        ${judgements.map(
          ({ claim, verdicts }) =>
            html`<tr id="${claim.id}">
              <th scope="row">
                <span class="id">${claim.id}</span> ${claim.title}<span class="paper"
                  ><span class="phone">The paper says</span> ${claim.paper}</span
                >
              </th>
              <td>
                ${verdicts.map((verdict) => verdictHtml(verdict, corrected.get(verdict), verdicts.length > 1))}
                ${plots(claim)}
              </td>
            </tr>`,
        )}
      </tbody>
    </table>
    ${downloads(table)}`;
}

function verdictHtml(
  { statement, state, sentence, numbers, measure, rule }: Verdict,
  corrected: CorrectedVerdict | undefined,
  several: boolean,
): Html {
  return html`<div class="verdict">
    <p>${stateHtml(state)}${several ? html` <b>${statement}</b>` : null}</p>
    <p>${sentence}${corrected?.opens === true ? ` ${OPENS}` : null}</p>
    ${
      measure === ''
        ? null
        : html`<details>
            <summary>Measure, rule and numbers</summary>
            <p>${measure}.${rule === '' ? null : ` ${rule}`}</p>
            ${
              numbers.length === 0 && corrected === undefined
                ? null
                : html`<dl class="numbers">
                    ${[...numbers, ...testNumbers(corrected)].map(
                      ({ label, value }) =>
                        html`<div>
                          <dt>${label}</dt>
                          <dd>${value}</dd>
                        </div>`,
                    )}
                  </dl>`
            }
          </details>`
    }
  </div>`;
}
