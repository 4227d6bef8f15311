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
  /** Too wide for a printed page: in the CSV file only. */
  readonly csvOnly?: boolean;
}

/** A table with its file name, for the page, as CSV and as LaTeX. */
export interface Table {
  readonly name: string;
  readonly caption: string;
  /** What has no caption to say it: stands in a last column, Note, of every row of the CSV file. */
  readonly note?: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
}

export function cellText(cell: Cell, { format }: Column): string {
  if (cell === null) return '';
  if (typeof cell === 'string') return cell;
  return format === undefined ? String(cell) : format(cell);
}

/** Text longer than this is set as a paragraph. */
const LINE = 40;

/** The first cell of each row is its header. */
export function toHtml({ name, caption, columns, rows }: Table): Html {
  const numeric = columns.map((_, c) => rows.some((row) => typeof row[c] === 'number'));
  const long = columns.map((column, c) => rows.some((row) => cellText(row[c], column).length > LINE));
  const classOf = (c: number) =>
    columns[c].code === true ? 'code' : numeric[c] ? 'number' : long[c] ? 'text long' : 'text';
  return html`<p class="caption" id="caption-${name}">${caption}</p>
    <div class="scroll" role="region" aria-labelledby="caption-${name}" tabindex="0">
      <table id="table-${name}" class="${denseClass(columns.length)}" aria-labelledby="caption-${name}">
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

/** Of so many columns: smaller in print, where nothing can be scrolled. */
function denseClass(columns: number): string {
  return columns > 12 ? 'dense densest' : columns > 8 ? 'dense' : '';
}

/** RFC 4180: CRLF, quotes doubled; numbers unrounded, with a point. */
export function toCsv({ columns, rows, note }: Table): string {
  const quote = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const field = (cell: Cell) => (cell === null ? '' : quote(String(cell).replaceAll(NO_BREAK_SPACE, ' ')));
  const lines = [columns.map(({ label }) => field(label)), ...rows.map((row) => row.map(field))];
  const noted =
    note === undefined ? lines : lines.map((line, l) => [...line, l === 0 ? 'Note' : quote(note)]);
  return noted.map((line) => `${line.join(',')}\r\n`).join('');
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

/** Share of the line that paragraphs have together. */
const PARAGRAPHS = 0.7;
/** Characters of a row that fit on a line in the usual size. */
const ROW = 75;

/**
 * LaTeX, label `tab:<name>`: a `table`, shrunk to the line where it is wider, or a `longtable` where cells are paragraphs.
 * Needs the packages booktabs, graphicx and longtable.
 */
export function toLatex({ name, caption, columns, rows }: Table): string {
  const shown = columns.flatMap((column, c) => (column.csvOnly === true ? [] : [c]));
  const texts = shown.map((c) => [columns[c].label, ...rows.map((row) => cellText(row[c], columns[c]))]);
  const longest = texts.map((column) => Math.max(...column.map(({ length }) => length)));
  const numeric = shown.map((c) => rows.some((row) => typeof row[c] === 'number'));
  const weights = longest.map((length, k) => (!numeric[k] && length > LINE ? Math.sqrt(length) : 0));
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  const widthOf = (k: number) => `p{${((PARAGRAPHS * weights[k]) / all).toFixed(2)}\\linewidth}`;
  const format = shown.map((_, k) => (numeric[k] ? 'r' : weights[k] > 0 ? widthOf(k) : 'l')).join('');
  const line = (cells: readonly string[]) => `    ${cells.join(' & ')} \\\\\n`;
  const header = `    \\toprule\n${line(shown.map((c) => escapeLatex(columns[c].label)))}    \\midrule\n`;
  const cell = (text: string, c: number) => (columns[c].code === true ? latexCode(text) : escapeLatex(text));
  const body = rows.map((row) => line(shown.map((c) => cell(cellText(row[c], columns[c]), c)))).join('');
  const title = `\\caption{${escapeLatex(caption)}}`;
  if (all > 0) {
    return [
      `{\\footnotesize\n  \\begin{longtable}{${format}}\n`,
      `    ${title}\\label{tab:${name}} \\\\\n${header}    \\endfirsthead\n${header}    \\endhead\n`,
      `${body}    \\bottomrule\n  \\end{longtable}\n}\n`,
    ].join('');
  }
  const [open, close] =
    longest.reduce((sum, length) => sum + length, 0) > ROW
      ? ['\\resizebox{\\linewidth}{!}{%\n  ', '}']
      : ['', ''];
  return [
    `\\begin{table}\n  \\centering\n  ${title}\n  \\label{tab:${name}}\n`,
    `  ${open}\\begin{tabular}{${format}}\n${header}${body}`,
    `    \\bottomrule\n  \\end{tabular}${close}\n\\end{table}\n`,
  ].join('');
}

/** Typewriter face, with a place to break after every eighth character. */
function latexCode(text: string): string {
  return `\\texttt{${text.replace(/.{8}(?=.)/g, '$&\\allowbreak{}')}}`;
}
