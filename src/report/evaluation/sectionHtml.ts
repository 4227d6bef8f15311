import type { Html } from '../html.ts';
import { html } from '../html.ts';
import type { EvaluationPage } from './part.ts';

const HEADING = {
  measured: 'What was measured',
  built: 'What there is',
  'not measured': 'Why nothing is measured here',
} as const satisfies Record<EvaluationPage['status'], string>;

/** One page: the paper's point, what was measured, figures and tables, what follows and what is not known. */
export function evaluationPageHtml(page: EvaluationPage, heading: boolean): Html {
  const { title, paper, status, measured, body, follows, unknown } = page;
  return html`<article class="point">
    ${heading ? html`<h3 class="subhead">${title}</h3>` : null}
    <p class="status"><span class="state ${stateClass(status)}">${status}</span></p>
    <dl class="facts">
      <div>
        <dt>The paper’s point</dt>
        <dd>${paper}</dd>
      </div>
      <div>
        <dt>${HEADING[status]}</dt>
        <dd>${measured}</dd>
      </div>
    </dl>
    ${body === null ? null : html`<div class="evidence">${body}</div>`}
    ${
      follows.length + unknown.length === 0
        ? null
        : html`<div class="conclusions">
            ${list('What follows', follows)}${list('What is not known', unknown)}
          </div>`
    }
  </article>`;
}

function list(title: string, sentences: readonly string[]): Html | null {
  if (sentences.length === 0) return null;
  return html`<div>
    <h4>${title}</h4>
    <ul>
      ${sentences.map((text) => html`<li>${text}</li>`)}
    </ul>
  </div>`;
}

function stateClass(status: EvaluationPage['status']): string {
  return status === 'not measured' ? 'not-measured' : 'supported';
}

/** Rules for what only these pages have. */
export const EVALUATION_STYLE = `
.point+.point{margin-top:4.5rem}
.status{margin-bottom:1rem}
.facts{margin:0 0 2.5rem;max-width:52rem}
.facts div{display:grid;grid-template-columns:11rem minmax(0,1fr);gap:.2rem 1.5rem;padding:.55rem 0;border-bottom:1px solid var(--rule)}
.facts dt{color:var(--muted);font-size:.9375rem}.facts dd{margin:0;text-wrap:pretty}
.evidence>*+*{margin-top:3rem}
.evidence{margin-bottom:2.5rem}
.conclusions{display:grid;grid-template-columns:minmax(0,1fr);gap:1.5rem 3rem;background:var(--soft);border-radius:.5rem;padding:1.3rem 1.5rem}
.conclusions>div:first-child:nth-last-child(2) ul{columns:22rem 2;column-gap:3rem}.conclusions li{break-inside:avoid}
.conclusions ul,.uses ul,.risks{padding-left:1.2rem;margin:0}
.conclusions li,.uses li,.risks li{margin-bottom:.5rem;text-wrap:pretty}
.uses{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,20rem),1fr));gap:1.5rem 3rem;margin-bottom:2.5rem}
.doubts{border:1px solid var(--rule);border-left:.25rem solid var(--bad);border-radius:.5rem;padding:1.1rem 1.5rem;margin-bottom:2.5rem}
.doubts h3{margin-top:0}
.key{grid-template-columns:repeat(auto-fit,minmax(11.5rem,1fr))}
.key b.small{font-size:1.35rem;line-height:1.45}
.key dd .note{display:block}
.risks li b{font-weight:600}
.law{width:100%;table-layout:fixed;font-size:.875rem}
.law th,.law td{white-space:normal;vertical-align:top;padding:.7rem 1.2rem .7rem 0}
.law th:first-child{width:17%}.law th:nth-child(2){width:33%}
.reading{font-size:.9375rem;color:var(--muted);max-width:48rem}
@media screen and (max-width:44rem){.facts div{grid-template-columns:1fr}
.law,.law tbody,.law tr,.law th,.law td{display:block;width:auto!important}.law thead{display:none}.law tr{border-bottom:1px solid var(--rule);padding:.6rem 0}.law th,.law td{border:0;padding:.15rem 0}}
@media print{.conclusions{padding:4mm;break-inside:avoid}.evidence>*+*{margin-top:7mm}.facts{margin-bottom:5mm}.point+.point{margin-top:9mm}section[id^=E]{break-before:page}}
`;
