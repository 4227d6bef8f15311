import { join } from 'node:path';
import { JSDOM } from 'jsdom';
import { curvesFigure } from '../report/figures/curves.ts';
import { FILE_THEME } from '../report/theme.ts';
import { armsOf, unitOf } from '../study/arm.ts';
import { type Results, resultsSchema } from '../study/results.ts';
import { makeFolder, writeFileAtomic } from './atomic.ts';
import { svgToPng } from './png.ts';
import { MODEL, RESULTS } from './trainingFolder.ts';

export interface WrittenTraining {
  readonly model: string;
  readonly results: string;
  /** Of accuracy and of loss, as PNG; an SVG lies beside each. */
  readonly curves: readonly string[];
}

/** Writes the model, results.json and the learning curves of one training into its folder, each in full or not at all; the model first. */
export function writeTraining(folder: string, model: Uint8Array, results: Results): WrittenTraining {
  makeFolder(folder);
  const written = { model: join(folder, MODEL), results: join(folder, RESULTS) };
  writeFileAtomic(written.model, model);
  writeFileAtomic(join(folder, 'results.schema.json'), resultsSchema());
  writeFileAtomic(written.results, `${JSON.stringify(results, null, 2)}\n`);
  const { document } = new JSDOM().window;
  const [arm] = armsOf(results);
  const curves = (['accuracy', 'loss'] as const).map((measure) => {
    const validationSet = 'training images kept out of training';
    const data = { arm, unit: unitOf(results.study), measure, paper: null, validationSet };
    const { svg } = curvesFigure(data, { document, theme: FILE_THEME });
    const path = join(folder, `learning-curve-${measure}`);
    writeFileAtomic(`${path}.svg`, svg);
    writeFileAtomic(`${path}.png`, svgToPng(svg));
    return `${path}.png`;
  });
  return { ...written, curves };
}
