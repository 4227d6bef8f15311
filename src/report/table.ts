import { NO_BREAK_SPACE } from '../study/wording.ts';
import type { Html } from './html.ts';
import { html } from './html.ts';

/** A number is stored exactly and written by its column's `format`; null is an empty cell. */
export type Cell = string | number | null;

export interface Column {
  readonly label: string;
  readonly format?: (value: number) => string;
  /** Set in a fixed-width face and broken anywhere. */
  readonly code?: boolean;
}

/** A table with its file name, for the page, as CSV and as LaTeX. */
export interface Table {
  readonly name: string;
  readonly caption: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
}

export function cellText(cell: Cell, { format }: Column): string {
  if (cell === null) return '';
  if (typeof cell === 'string') return cell;
  return format === undefined ? String(cell) : format(cell);
}

/** The first cell of each row is its header. */
export function toHtml({ name, caption, columns, rows }: Table): Html {
  const numeric = columns.map((_, c) => rows.some((row) => typeof row[c] === 'number'));
  const classOf = (c: number) => (columns[c].code === true ? 'code' : numeric[c] ? 'number' : 'text');
  return html`<p class="caption" id="caption-${name}">${caption}</p>
    <div class="scroll" role="region" aria-labelledby="caption-${name}" tabindex="0">
      <table id="table-${name}" aria-labelledby="caption-${name}">
        <thead>
          <tr>
            ${columns.map(({ label }, c) => html`<th scope="col" class="${classOf(c)}">${label}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            (row) =>
              html`<tr>
                ${columns.map((column, c) =>
                  c === 0
                    ? html`<th scope="row" class="${classOf(c)}">${cellText(row[c], column)}</th>`
                    : html`<td class="${classOf(c)}">${cellText(row[c], column)}</td>`,
                )}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
}

/** RFC 4180: CRLF, quotes doubled; numbers unrounded, with a point. */
export function toCsv({ columns, rows }: Table): string {
  const quote = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const field = (cell: Cell) => (cell === null ? '' : quote(String(cell).replaceAll(NO_BREAK_SPACE, ' ')));
  const lines = [columns.map(({ label }) => field(label)), ...rows.map((row) => row.map(field))];
  return lines.map((line) => `${line.join(',')}\r\n`).join('');
}

const LATEX: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '{': '\\{',
  '}': '\\}',
  '&': '\\&',
  '%': '\\%',
  $: '\\$',
  '#': '\\#',
  _: '\\_',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '<': '\\textless{}',
  '>': '\\textgreater{}',
  '|': '\\textbar{}',
  [NO_BREAK_SPACE]: '~',
  '−': '$-$',
  '±': '$\\pm$',
  '×': '$\\times$',
  '→': '$\\rightarrow$',
  '≤': '$\\leq$',
  '≥': '$\\geq$',
  '∞': '$\\infty$',
  '–': '--',
};

export function escapeLatex(text: string): string {
  return text.replace(/[\\{}&%$#_~^<>|\u00a0−±×→≤≥∞–]/g, (character) => LATEX[character]);
}

/** Text longer than this is set as a paragraph of the given width. */
const LINE = 70;
const WIDE = '0.25\\linewidth';

/** A `table` environment that needs the package booktabs; label `tab:<name>`. */
export function toLatex({ name, caption, columns, rows }: Table): string {
  const numeric = columns.map((_, c) => rows.some((row) => typeof row[c] === 'number'));
  const longest = (c: number) => Math.max(0, ...rows.map((row) => cellText(row[c], columns[c]).length));
  const line = (cells: readonly string[]) => `    ${cells.map(escapeLatex).join(' & ')} \\\\\n`;
  return [
    '\\begin{table}\n  \\centering\n',
    `  \\caption{${escapeLatex(caption)}}\n  \\label{tab:${name}}\n`,
    `  \\begin{tabular}{${numeric.map((is, c) => (is ? 'r' : longest(c) > LINE ? `p{${WIDE}}` : 'l')).join('')}}\n    \\toprule\n`,
    line(columns.map(({ label }) => label)),
    '    \\midrule\n',
    ...rows.map((row) => line(row.map((cell, c) => cellText(cell, columns[c])))),
    '    \\bottomrule\n  \\end{tabular}\n\\end{table}\n',
  ].join('');
}
