import type { State } from '../../study/decision.ts';
import { STATES } from '../../study/decision.ts';
import type { CorrectedVerdict, Judgement } from '../../study/judge.ts';
import { distinctVerdicts } from '../../study/judge.ts';
import type { Verdict } from '../../study/verdict.ts';
import { pText } from '../tables/statistics.ts';
import type { Html } from '../html.ts';
import { html } from '../html.ts';
import type { Table } from '../table.ts';
import { downloads } from './parts.ts';

function testNumbers({ p, holm, alone, state }: CorrectedVerdict): Verdict['numbers'] {
  if (p === null || holm === null) return [];
  return [
    { label: 'p of its test', value: pText(p) },
    { label: 'by Holm', value: pText(holm) },
    ...(alone === state ? [] : [{ label: 'alone', value: alone }]),
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
  const states = distinctVerdicts(judgements).map(({ state }) => state);
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
              <td>${verdicts.map((verdict) => verdictHtml(verdict, verdicts.length > 1))} ${plots(claim)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
    ${downloads(table)}`;
}

function verdictHtml(verdict: CorrectedVerdict, several: boolean): Html {
  const { statement, state, sentence, measure, rule } = verdict;
  const numbers = [...verdict.numbers, ...testNumbers(verdict)];
  return html`<div class="verdict">
    <p>${stateHtml(state)}${several ? html` <b>${statement}</b>` : null}</p>
    <p>${sentence}</p>
    ${
      measure === ''
        ? null
        : html`<details>
            <summary>Measure, rule and numbers</summary>
            <p>${measure}.${rule === '' ? null : ` ${rule}`}</p>
            ${
              numbers.length === 0
                ? null
                : html`<dl class="numbers">
                    ${numbers.map(
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
