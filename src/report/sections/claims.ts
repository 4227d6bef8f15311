import type { State } from '../../study/decision.ts';
import { STATES } from '../../study/decision.ts';
import type { Judgement } from '../../study/judge.ts';
import type { Verdict } from '../../study/verdict.ts';
import type { Html } from '../html.ts';
import { html } from '../html.ts';
import type { Table } from '../table.ts';
import { downloads } from './parts.ts';

function stateHtml(state: State): Html {
  return html`<span class="state ${state.replaceAll(' ', '-')}">${state}</span>`;
}

/** A row for each claim: what the paper says, and what these runs say of each of its statements. */
export function claimsHtml(judgements: readonly Judgement[], table: Table): Html {
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
              <td>${verdicts.map((verdict) => verdictHtml(verdict, verdicts.length > 1))}</td>
            </tr>`,
        )}
      </tbody>
    </table>
    ${downloads(table)}`;
}

function verdictHtml(
  { statement, state, sentence, numbers, measure, rule }: Verdict,
  several: boolean,
): Html {
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
