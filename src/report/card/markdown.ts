import { cellText, type Table } from '../table.ts';
import type { Card } from './card.ts';
import type { CardItem, CardSection } from './items.ts';

/** The card as Markdown (CommonMark with tables). */
export function cardMarkdown({ title, command, model, dataSheet, data = 'MNIST' }: Card): string {
  return `${[
    `# ${escape(title)}`,
    `Every number is measured; the card is written again by \`${command.replaceAll('`', '')}\`.`,
    ...model.flatMap(section),
    `# Data sheet: ${escape(data)}`,
    ...dataSheet.flatMap(section),
  ].join('\n\n')}\n`;
}

function section({ title, items }: CardSection): string[] {
  return [`## ${escape(title)}`, ...items.map(itemMarkdown)];
}

function itemMarkdown(item: CardItem): string {
  switch (item.kind) {
    case 'text':
      return `**${escape(item.label)}.** ${escape(item.text)}`;
    case 'list':
      return `**${escape(item.label)}:**\n\n${item.items.map((text) => `- ${escape(text)}`).join('\n')}`;
    case 'contact':
      return `**${escape(item.label)}** are shown in card.html.`;
    case 'table':
      return tableMarkdown(item.table);
  }
}

function tableMarkdown({ caption, columns, rows }: Table): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    `**${escape(caption)}**\n`,
    line(columns.map(({ label }) => escape(label))),
    line(columns.map((_, c) => (rows.some((row) => typeof row[c] === 'number') ? '--:' : '---'))),
    ...rows.map((row) => line(row.map((cell, c) => escape(cellText(cell, columns[c]))))),
  ].join('\n');
}

/** Characters that would be read as markup, in text that may hold names of files. */
function escape(text: string): string {
  return text.replace(/[\\`*_[\]<>|#]/g, '\\$&').replace(/\r?\n/g, ' ');
}
