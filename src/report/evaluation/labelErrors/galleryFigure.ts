import type { LabelSet } from '../../../analysis/labelErrors/measure.ts';
import { grouped, percent } from '../../../study/wording.ts';
import { fromBase64 } from '../../../util/base64.ts';
import { imagePng } from '../../imagePng.ts';
import type { Figure, FigureContext } from '../../figures/figure.ts';
import { compose, FIGURE_WIDTH } from '../../figures/figure.ts';
import { tilePlot } from '../../figures/samples.ts';
import { shortName, wordsIn } from '../../dataWords.ts';

const COLUMNS = 4;
const SHOWN = 16;

/** The images whose labels fit least, with the given label and the suggested one. */
export function galleryFigure(
  set: LabelSet,
  which: 'test' | 'train',
  known: ReadonlySet<number>,
  context: FigureContext,
): Figure {
  const shown = set.ranked.filter(({ given, suggested }) => given !== suggested).slice(0, SHOWN);
  const name = (label: number): string => shortName(wordsIn(context), label).slice(0, 9);
  const mark = (index: number) => (known.has(index) ? ', known' : '');
  const tiles = shown.map(({ index, given, suggested, image }, i) => ({
    label: `${name(given)} → ${name(suggested)}?`,
    detail: `image ${index}${mark(index)}`,
    src: imagePng(fromBase64(image), 0, wordsIn(context)),
    column: i % COLUMNS,
    row: Math.floor(i / COLUMNS),
  }));
  const part = which === 'test' ? 'test' : 'training';
  const layout = tilePlot(tiles, context, COLUMNS, 2);
  return compose(context, {
    name: `label-errors-${which}`,
    title: `The most suspicious ${part} labels`,
    subtitle: `Given label → what the networks read instead, least fitting first, of ${grouped(set.images)} images. ${known.size > 0 ? '‘known’: people confirmed that the label is wrong. ' : ''}Look for yourself: either may be wrong.`,
    alt:
      shown.length === 0
        ? `No ${part} label is doubted: the networks read every image as it is labelled.`
        : `The most suspicious ${part} labels: ${shown.map(({ index, given, suggested, ofSuggested }) => `image ${index}${mark(index)}, labelled ${wordsIn(context).classes[given]}, read as ${wordsIn(context).classes[suggested]} with ${percent(ofSuggested, 1)}`).join('; ')}.`,
    ...layout,
    width: Math.max(layout.width, FIGURE_WIDTH),
  });
}
