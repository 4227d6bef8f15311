import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { JSDOM } from 'jsdom';
import { allFigures } from '../report/figures/all.ts';
import type { ReportInput } from '../report/input.ts';
import { reportPage } from '../report/page.ts';
import { toCsv, toLatex } from '../report/table.ts';
import { allTables } from '../report/tables/all.ts';
import { FILE_THEME } from '../report/theme.ts';
import { resultsSchema } from '../study/results.ts';
import { makeFolder, writeFileAtomic } from './atomic.ts';
import { fileError } from './fileError.ts';
import { svgToPng } from './png.ts';

export interface WrittenReport {
  readonly results: string;
  readonly report: string;
  readonly figures: number;
}

/** Writes results.json, report.html, figures/ and tables/ of a study into its folder. */
export function writeStudyReport(folder: string, input: ReportInput): WrittenReport {
  makeFolder(folder);
  writeFileAtomic(join(folder, 'results.schema.json'), resultsSchema());
  writeFileAtomic(join(folder, 'results.json'), `${JSON.stringify(input.results, null, 2)}\n`);

  const { document } = new JSDOM().window;
  const figures = allFigures(input, { document, theme: FILE_THEME });
  writeFolder(
    join(folder, 'figures'),
    figures.flatMap(({ name: figure, svg }) => [
      { file: `${figure}.svg`, content: () => svg },
      { file: `${figure}.png`, content: () => svgToPng(svg) },
    ]),
  );
  writeFolder(
    join(folder, 'tables'),
    allTables(input).flatMap((table) => [
      { file: `${table.name}.csv`, content: () => toCsv(table) },
      { file: `${table.name}.tex`, content: () => toLatex(table) },
    ]),
  );
  const report = join(folder, 'report.html');
  writeFileAtomic(report, reportPage(input, { document }));
  return { results: join(folder, 'results.json'), report, figures: figures.length };
}

/** Folders of the critical evaluation, which are not a report's to remove. */
const KEPT = 'evaluation';

/** Writes the files, then removes what an earlier version left there. */
export function writeFolder(
  path: string,
  files: readonly { file: string; content: () => string | Uint8Array }[],
): void {
  makeFolder(path);
  for (const { file, content } of files) writeFileAtomic(join(path, file), content());
  try {
    const names = new Set(files.map(({ file }) => file));
    for (const name of readdirSync(path)) {
      if (!names.has(name) && name !== KEPT) rmSync(join(path, name), { recursive: true, force: true });
    }
  } catch (error) {
    throw fileError(error, 'clear the folder', path);
  }
}
