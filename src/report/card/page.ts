import { contactHtml } from '../contactSheet.ts';
import { html, type Html } from '../html.ts';
import type { Section } from '../sections/parts.ts';
import { pageOf } from '../shell.ts';
import { toHtml } from '../table.ts';
import type { Card } from './card.ts';
import type { CardItem, CardSection } from './items.ts';

/** The card as one HTML file that loads and runs nothing. */
export function cardPage(card: Card): string {
  return pageOf({
    title: card.title,
    kicker: 'Dactyl model card and data sheet',
    answer: `Every number is measured. The card is written again by: ${card.command}`,
    sections: [
      ...card.model.map((one, i) => sectionOf(one, `model-${i + 1}`, one.title)),
      ...card.dataSheet.map((one, i) =>
        sectionOf(one, `data-${i + 1}`, `Data sheet: ${one.title.toLowerCase()}`),
      ),
    ],
    style: STYLE,
  });
}

function sectionOf({ items }: CardSection, id: string, title: string): Section {
  return { id, title, body: html`<div class="card">${items.map(itemHtml)}</div>` };
}

function itemHtml(item: CardItem): Html {
  switch (item.kind) {
    case 'text':
      return html`<div>
        <h3>${item.label}</h3>
        <p>${item.text}</p>
      </div>`;
    case 'list':
      return html`<div>
        <h3>${item.label}</h3>
        <ul>
          ${item.items.map((text) => html`<li>${text}</li>`)}
        </ul>
      </div>`;
    case 'contact':
      return html`<div>
        <h3>${item.label}</h3>
        ${contactHtml(item.sheet)}
      </div>`;
    case 'table':
      return html`<div>${toHtml(item.table)}</div>`;
  }
}

const STYLE = `
.card{max-width:48rem}.card>div{margin-bottom:1.4rem}.card p{margin:0;overflow-wrap:anywhere}.card ul{margin:0;padding-left:1.2rem}.card li{overflow-wrap:anywhere}
section{margin-top:3.2rem}.card .scroll table{min-width:0}
`;
