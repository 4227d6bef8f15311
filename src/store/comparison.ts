import { rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { JSDOM } from 'jsdom';
import { type Static, Type } from 'typebox';
import { allFigures } from '../report/figures/all.ts';
import type { ReportInput } from '../report/input.ts';
import { reportPage } from '../report/page.ts';
import { toCsv, toLatex } from '../report/table.ts';
import { allTables } from '../report/tables/all.ts';
import { FILE_THEME } from '../report/theme.ts';
import { ComparisonConfiguration, Results } from '../study/results.ts';
import { writeFileAtomic } from './atomic.ts';
import { svgToPng } from './png.ts';
import { makeFolder, readJson } from './runs.ts';

const ComparisonRecord = Type.Object(
  {
    format: Type.Literal('dactyl-comparison/1'),
    configuration: ComparisonConfiguration,
    trials: Type.Array(Type.String(), { description: 'keys' }),
    root: Type.String({ description: 'where the folder trials/ is, relative to this file' }),
  },
  { additionalProperties: false },
);
export type ComparisonRecord = Static<typeof ComparisonRecord>;

export interface WrittenReport {
  readonly results: string;
  readonly report: string;
  readonly figures: number;
}

/** Writes study.json, results.json, report.html, figures/ and tables/ of a finished comparison below `root`. */
export function writeComparison(root: string, name: string, input: ReportInput): WrittenReport {
  const folder = join(root, name);
  const { results } = input;
  makeFolder(folder);
  const record: ComparisonRecord = {
    format: 'dactyl-comparison/1',
    configuration: results.configuration,
    trials: results.trials.map(({ key }) => key),
    root: relative(folder, root),
  };
  writeFileAtomic(join(folder, 'study.json'), json(record));
  writeFileAtomic(join(folder, 'results.schema.json'), json(Results));
  writeFileAtomic(join(folder, 'results.json'), json(results));

  const { document } = new JSDOM().window;
  const figures = allFigures(input, { document, theme: FILE_THEME });
  emptyFolder(join(folder, 'figures'));
  for (const { name: figure, svg } of figures) {
    writeFileAtomic(join(folder, 'figures', `${figure}.svg`), svg);
    writeFileAtomic(join(folder, 'figures', `${figure}.png`), svgToPng(svg));
  }
  emptyFolder(join(folder, 'tables'));
  for (const table of allTables(input)) {
    writeFileAtomic(join(folder, 'tables', `${table.name}.csv`), toCsv(table));
    writeFileAtomic(join(folder, 'tables', `${table.name}.tex`), toLatex(table));
  }
  const report = join(folder, 'report.html');
  writeFileAtomic(report, reportPage(input, { document }));
  return { results: join(folder, 'results.json'), report, figures: figures.length };
}

/** What a comparison in `folder` consists of. Throws E_FILE or E_FORMAT. */
export function readComparison(folder: string): { record: ComparisonRecord; root: string } {
  const record = readJson(join(folder, 'study.json'), ComparisonRecord);
  return { record, root: join(folder, record.root) };
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** A figure or table of an earlier version must not stay behind. */
function emptyFolder(path: string): void {
  rmSync(path, { recursive: true, force: true });
  makeFolder(path);
}
