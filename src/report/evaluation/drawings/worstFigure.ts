import type { BadlyRead } from '../../../analysis/drawings/measure.ts';
import { grouped, percent } from '../../../study/wording.ts';
import { fromBase64 } from '../../../util/base64.ts';
import { imagePng } from '../../imagePng.ts';
import type { Figure, FigureContext } from '../../figures/figure.ts';
import { compose, FIGURE_WIDTH } from '../../figures/figure.ts';
import { tilePlot } from '../../figures/samples.ts';
import type { Drawings } from './words.ts';

const COLUMNS = 4;
const OF_DIGIT = 2;

/** The drawings of each digit that are read worst, with the collectors' label and what most networks read. */
export function worstFigure({ worst, images }: Drawings, context: FigureContext): Figure {
  const shown = worst.filter(
    ({ digit, index }) =>
      worst.filter((one) => one.digit === digit).findIndex((one) => one.index === index) < OF_DIGIT,
  );
  const tiles = shown.map((one, i) => ({
    label: `${one.digit} → ${one.read}`,
    detail: `writer ${one.writer}, ${one.source}`,
    src: imagePng(fromBase64(one.image), 0),
    column: i % COLUMNS,
    row: Math.floor(i / COLUMNS),
  }));
  const layout = tilePlot(tiles, context, COLUMNS, 2);
  return compose(context, {
    name: 'drawings-worst',
    title: 'The worst read drawings of each digit',
    subtitle: `Collectors’ label → what most networks read: the two of each digit with the least mean probability of it, of ${grouped(images)} drawings. Some labels are wrong, some drawings are fragments.`,
    alt: `The worst read drawings: ${shown.map(wordsOf).join('; ')}.`,
    ...layout,
    width: Math.max(layout.width, FIGURE_WIDTH),
  });
}

function wordsOf({ index, digit, read, writer, probability }: BadlyRead): string {
  return `drawing ${index} by writer ${writer}, labelled ${digit}, read as ${read} (${percent(probability, 1)} for ${digit})`;
}
