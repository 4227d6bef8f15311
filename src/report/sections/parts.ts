import { type Figure, FIGURE_WIDTH } from '../figures/figure.ts';
import type { Html } from '../html.ts';
import { html, Html as Markup } from '../html.ts';
import type { Passage } from '../prose/facts.ts';
import type { Table } from '../table.ts';
import { toCsv, toHtml, toLatex } from '../table.ts';

/** A section of the page and its entry in the table of contents. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly body: Html;
}

export function figureHtml({ name, svg, alt }: Figure, className = ''): Html {
  return html`<figure id="figure-${name}" class="${className}">
    <div class="${wide(svg) ? 'picture wider' : 'picture'}">${new Markup(svg)}</div>
    <figcaption>
      <details>
        <summary>In words</summary>
        <p>${alt}</p>
      </details>
    </figcaption>
  </figure>`;
}

/** A picture that on a phone would shrink until nobody can read it: there it is scrolled, like a table. */
function wide(svg: string): boolean {
  return Number(/ width="([\d.]+)"/.exec(svg)?.[1]) > 1.1 * FIGURE_WIDTH;
}

export function passagesHtml(passages: readonly Passage[], heading: 'h3' | 'h4' = 'h3'): Html {
  const tag = new Markup(heading);
  return html`<div class="passages">
    ${passages.map(({ title, text }) => html`<div><${tag}>${title}</${tag}><p>${text}</p></div>`)}
  </div>`;
}

/** The table and links that save it as CSV and LaTeX. */
export function tableHtml(table: Table): Html {
  return html`<div class="table">${toHtml(table)}${downloads(table)}</div>`;
}

export function downloads(table: Table): Html {
  const link = (ending: string, type: string, content: string, label: string) =>
    html`<a
      download="${table.name}.${ending}"
      href="data:${type};charset=utf-8,${encodeURIComponent(content)}"
      >${label}</a
    >`;
  return html`<p class="downloads">
    Table ${table.name}: ${link('csv', 'text/csv', toCsv(table), 'CSV')}
    ${link('tex', 'text/x-tex', toLatex(table), 'LaTeX')}
  </p>`;
}
