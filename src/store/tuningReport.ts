import { basename, join } from 'node:path';
import { JSDOM } from 'jsdom';
import { toCsv, toLatex } from '../report/table.ts';
import { FILE_THEME } from '../report/theme.ts';
import { tuningFigures, tuningPage, tuningTables } from '../report/tuning/page.ts';
import { bestStudy, type TuningResults } from '../study/tuning/results.ts';
import { writeFileAtomic } from './atomic.ts';
import { svgToPng } from './png.ts';
import { writeFolder } from './study.ts';

export interface WrittenTuning {
  readonly report: string;
  /** The study file with the best of each arm; null where every trial failed. */
  readonly best: string | null;
}

/** Writes results.json, best.json, report.html, figures/ and tables/ of a search into its folder. */
export function writeTuning(folder: string, results: TuningResults): WrittenTuning {
  writeFileAtomic(join(folder, 'results.json'), `${JSON.stringify(results, null, 2)}\n`);
  const study = bestStudy(results);
  const best = study && join(folder, 'best.json');
  if (best !== null) writeFileAtomic(best, `${JSON.stringify(study, null, 2)}\n`);
  const { document } = new JSDOM().window;
  writeFolder(
    join(folder, 'figures'),
    tuningFigures(results, { document, theme: FILE_THEME }).flatMap(({ name, svg }) => [
      { file: `${name}.svg`, content: () => svg },
      { file: `${name}.png`, content: () => svgToPng(svg) },
    ]),
  );
  writeFolder(
    join(folder, 'tables'),
    tuningTables(results).flatMap((table) => [
      { file: `${table.name}.csv`, content: () => toCsv(table) },
      { file: `${table.name}.tex`, content: () => toLatex(table) },
    ]),
  );
  const report = join(folder, 'report.html');
  writeFileAtomic(report, tuningPage(results, { document, bestFile: best && basename(best) }));
  return { report, best };
}
