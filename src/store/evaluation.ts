import { join } from 'node:path';
import { JSDOM } from 'jsdom';
import { evaluationFigures, evaluationPage, evaluationTables } from '../report/evaluation/page.ts';
import { toCsv, toLatex } from '../report/table.ts';
import { FILE_THEME } from '../report/theme.ts';
import { type Evaluation, evaluationSchema } from '../study/evaluation/record.ts';
import { makeFolder, writeFileAtomic } from './atomic.ts';
import { EVALUATION_FILE } from './evaluationRecord.ts';
import { svgToPng } from './png.ts';
import { writeFolder } from './study.ts';

export interface WrittenEvaluation {
  readonly page: string;
  readonly results: string;
  readonly figures: number;
}

/** Writes evaluation.json, evaluation.html, figures/evaluation/ and tables/evaluation/ into a folder. */
export function writeEvaluation(folder: string, evaluation: Evaluation): WrittenEvaluation {
  makeFolder(folder);
  writeFileAtomic(join(folder, 'evaluation.schema.json'), evaluationSchema());
  const results = join(folder, EVALUATION_FILE);
  const written: Evaluation = { $schema: './evaluation.schema.json', ...evaluation };
  writeFileAtomic(results, `${JSON.stringify(written, null, 1)}\n`);
  const { document } = new JSDOM().window;
  const figures = evaluationFigures(evaluation, { document, theme: FILE_THEME });
  writeFolder(
    join(folder, 'figures', 'evaluation'),
    figures.flatMap(({ name, svg }) => [
      { file: `${name}.svg`, content: () => svg },
      { file: `${name}.png`, content: () => svgToPng(svg) },
    ]),
  );
  writeFolder(
    join(folder, 'tables', 'evaluation'),
    evaluationTables(evaluation).flatMap((table) => [
      { file: `${table.name}.csv`, content: () => toCsv(table) },
      { file: `${table.name}.tex`, content: () => toLatex(table) },
    ]),
  );
  const page = join(folder, 'evaluation.html');
  writeFileAtomic(page, evaluationPage(evaluation, { document }));
  return { page, results, figures: figures.length };
}
