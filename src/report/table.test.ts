import { JSDOM } from 'jsdom';
import { expect, test } from 'vitest';
import type { Table } from './table.ts';
import { escapeLatex, toCsv, toHtml, toLatex } from './table.ts';

const table: Table = {
  name: 'made-up',
  caption: 'Made up & <b>',
  columns: [
    { label: 'Name' },
    { label: 'Share, %', format: (value) => `${(100 * value).toFixed(1)}\u00a0%` },
  ],
  rows: [
    ['a "quoted", b', 0.98765],
    ['<i>_x_</i>', null],
  ],
};

test('CSV quotes what needs it and keeps numbers unrounded', () => {
  expect(toCsv(table)).toBe('Name,"Share, %"\r\n"a ""quoted"", b",0.98765\r\n<i>_x_</i>,\r\n');
});

test('LaTeX escapes its special characters and rounds as the page does', () => {
  expect(escapeLatex('50\u00a0% of $x_1 & {y}^2 ~ \\z #3 −1 ± 2 → 3')).toBe(
    '50~\\% of \\$x\\_1 \\& \\{y\\}\\textasciicircum{}2 \\textasciitilde{} \\textbackslash{}z \\#3 $-$1 $\\pm$ 2 $\\rightarrow$ 3',
  );
  expect(toLatex(table)).toBe(
    [
      '\\begin{table}',
      '  \\centering',
      '  \\caption{Made up \\& \\textless{}b\\textgreater{}}',
      '  \\label{tab:made-up}',
      '  \\begin{tabular}{lr}',
      '    \\toprule',
      '    Name & Share, \\% \\\\',
      '    \\midrule',
      '    a "quoted", b & 98.8~\\% \\\\',
      '    \\textless{}i\\textgreater{}\\_x\\_\\textless{}/i\\textgreater{} &  \\\\',
      '    \\bottomrule',
      '  \\end{tabular}',
      '\\end{table}',
      '',
    ].join('\n'),
  );
});

test('LaTeX sets long texts and hashes as paragraphs of a longtable, and leaves out what is for the CSV file', () => {
  const long: Table = {
    name: 'long',
    caption: 'Long',
    columns: [
      { label: 'Id' },
      { label: 'Text' },
      { label: 'Rule', csvOnly: true },
      { label: 'Hash', code: true },
    ],
    rows: [['C1', 'a'.repeat(64), 'left out', '0123456789abcdef'.repeat(4)]],
  };
  const hash = '01234567\\allowbreak{}89abcdef\\allowbreak{}'.repeat(4).replace(/\\allowbreak{}$/, '');
  const header = ['    \\toprule', '    Id & Text & Hash \\\\', '    \\midrule'];
  expect(toLatex(long).split('\n')).toEqual([
    '{\\footnotesize',
    '  \\begin{longtable}{lp{0.35\\linewidth}p{0.35\\linewidth}}',
    '    \\caption{Long}\\label{tab:long} \\\\',
    ...header,
    '    \\endfirsthead',
    ...header,
    '    \\endhead',
    `    C1 & ${'a'.repeat(64)} & \\texttt{${hash}} \\\\`,
    '    \\bottomrule',
    '  \\end{longtable}',
    '}',
    '',
  ]);
});

test('HTML escapes cells and captions and marks headers', () => {
  const { document } = new JSDOM(toHtml(table).markup).window;
  const text = (selector: string) =>
    [...document.querySelectorAll(selector)].map((e) => e.textContent.trim());
  expect(text('#caption-made-up')).toEqual(['Made up & <b>']);
  expect(text('thead th[scope=col]')).toEqual(['Name', 'Share, %']);
  expect(text('tbody th[scope=row]')).toEqual(['a "quoted", b', '<i>_x_</i>']);
  expect(text('td.number')).toEqual(['98.8\u00a0%', '']);
});

test('tables of many columns are set smaller in print, where nothing can be scrolled', () => {
  const classOf = (count: number) =>
    /<table [^>]*class="([^"]*)"/.exec(
      toHtml({
        name: 'wide',
        caption: 'Wide',
        columns: Array.from({ length: count }, (_, c) => ({ label: `${c}` })),
        rows: [],
      }).markup,
    )?.[1];
  expect([8, 9, 12, 13].map(classOf)).toEqual(['', 'dense', 'dense', 'dense densest']);
});
