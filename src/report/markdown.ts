import { html, Html } from './html.ts';

/**
 * The Markdown that cards are written in as HTML: headings, paragraphs, lists of one level, tables, blocks of code; within a line bold, code, links to the web, and what a backslash takes the meaning of. Whatever
 * else is in it, markup too, is text.
 */
export function markdownHtml(markdown: string): Html {
  const lines = markdown.split(/\r?\n/);
  const blocks: Html[] = [];
  let at = 0;
  const take = (holds: (line: string) => boolean): string[] => {
    const from = at;
    while (at < lines.length && holds(lines[at])) at++;
    return lines.slice(from, at);
  };
  while (at < lines.length) {
    const line = lines[at];
    const heading = /^(#{1,6})\s+(.*)$/.exec(line);
    if (line.trim() === '') at++;
    else if (heading !== null) {
      blocks.push(headingHtml(heading[1].length, heading[2]));
      at++;
    } else if (FENCE.test(line)) {
      at++;
      const code = take((one) => !FENCE.test(one)).join('\n');
      at++;
      blocks.push(html`<pre><code>${code}</code></pre>`);
    } else if (isTable(lines, at)) blocks.push(tableHtml(take((one) => one.includes('|'))));
    else if (ITEM.test(line)) blocks.push(listHtml(take((one) => ITEM.test(one) || isText(one))));
    else {
      const first = at++;
      take((one) => isText(one) && !ITEM.test(one) && !isTable(lines, at));
      blocks.push(html`<p>${inlineHtml(lines.slice(first, at).join('\n'))}</p>`);
    }
  }
  return html`${blocks}`;
}

const FENCE = /^ {0,3}```/;
const ITEM = /^\s*(?:[-*+]|\d{1,9}[.)])\s+/;

/** Goes on with the paragraph or the item before it. */
function isText(line: string): boolean {
  return line.trim() !== '' && !/^#{1,6}\s/.test(line) && !FENCE.test(line);
}

function headingHtml(level: number, text: string): Html {
  const name = new Html(`h${level}`);
  return html`<${name}>${inlineHtml(text)}</${name}>`;
}

function listHtml(lines: readonly string[]): Html {
  const items: string[] = [];
  for (const line of lines) {
    if (ITEM.test(line)) items.push(line.replace(ITEM, ''));
    else items.push(`${items.pop()}\n${line.trim()}`);
  }
  const name = new Html(/^\s*\d/.test(lines[0]) ? 'ol' : 'ul');
  return html`<${name}>${items.map((item) => html`<li>${inlineHtml(item)}</li>`)}</${name}>`;
}

function isTable(lines: readonly string[], at: number): boolean {
  const [head, rule = ''] = [lines[at], lines.at(at + 1)];
  return head.includes('|') && rule.includes('|') && cellsOf(rule).every((cell) => /^:?-+:?$/.test(cell));
}

function tableHtml([head, rule, ...rows]: readonly string[]): Html {
  const columns = cellsOf(head);
  const ends = cellsOf(rule).map((cell) => (cell.endsWith(':') ? new Html('class="end"') : null));
  const row = (line: string): Html => {
    const cells = cellsOf(line);
    return html`<tr>
      ${columns.map((_, c) => html`<td ${ends[c]}>${inlineHtml(cells[c] ?? '')}</td>`)}
    </tr>`;
  };
  return html`<div class="scroll" role="region" aria-label="${columns.join(', ')}" tabindex="0">
    <table>
      <thead>
        <tr>
          ${columns.map((cell, c) => html`<th scope="col" ${ends[c]}>${inlineHtml(cell)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(row)}
      </tbody>
    </table>
  </div>`;
}

function cellsOf(line: string): string[] {
  const inner = line
    .trim()
    .replace(/^\|/, '')
    .replace(/(?<!\\)\|$/, '');
  return inner.split(/(?<!\\)\|/).map((cell) => cell.trim());
}

const INLINE =
  /\\([!-/:-@[-`{-~])|(?<ticks>`+)(.+?)(?<!`)\k<ticks>(?!`)|\*\*((?:\\.|[^\\])+?)\*\*|\[((?:\\.|[^\]\\])+)\]\(([^()\s]*)\)/gs;

function inlineHtml(text: string): Html {
  const parts: (string | Html)[] = [];
  let end = 0;
  for (const found of text.matchAll(INLINE)) {
    const [all, escaped, , code, bold, name, address] = found as readonly (string | undefined)[];
    parts.push(text.slice(end, found.index));
    end = found.index + all!.length;
    if (escaped !== undefined) parts.push(escaped);
    else if (code !== undefined) parts.push(html`<code>${code.trim()}</code>`);
    else if (bold !== undefined) parts.push(html`<strong>${inlineHtml(bold)}</strong>`);
    else parts.push(linkHtml(inlineHtml(name!), address!));
  }
  return html`${[...parts, text.slice(end)]}`;
}

/** Files beside the card are not where its page is, and other schemes could run something: of these the name alone. */
function linkHtml(name: Html, address: string): Html {
  return /^https?:\/\//i.test(address) ? html`<a href="${address}">${name}</a>` : name;
}
