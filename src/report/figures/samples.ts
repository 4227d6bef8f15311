import * as Plot from '@observablehq/plot';
import { listOf } from '../../study/wording.ts';
import { imagePng } from '../imagePng.ts';
import type { ReportInput } from '../input.ts';
import type { Figure, FigureContext } from './figure.ts';
import { compose } from './figure.ts';
import { pictureClass, shortName, type Worded, wordsIn } from '../dataWords.ts';

/** The first training images with their labels, as the paper shows them; `columns` of them in a row. */
export function sampleFigure(
  { images, labels }: ReportInput['sample'],
  context: FigureContext,
  columns = 10,
): Figure {
  const tiles = Array.from(labels, (label, i) => ({
    label: labelled(context, label),
    src: imagePng(images, i, wordsIn(context)),
    column: i % columns,
    row: Math.floor(i / columns),
  }));
  return compose(context, {
    name: 'samples',
    title: `The first ${tiles.length} training images`,
    alt: `The first ${tiles.length} training images in file order, ${wordsIn(context).one === 'digit' ? 'handwritten digits' : `images of ${wordsIn(context).name}`} with the labels ${listOf(Array.from(labels, (label) => wordsIn(context).classes[label]))}.`,
    ...tilePlot(tiles, context, columns, 1),
  });
}

/** 'Label: 7', or the name of a class by itself. */
export function labelled(context: Worded, label: number): string {
  const words = wordsIn(context);
  return words.one === 'digit' ? `Label: ${label}` : shortName(words, label);
}

interface Tile {
  readonly label: string;
  readonly detail?: string;
  readonly src: string;
  readonly column: number;
  readonly row: number;
}

const TILE = 56;

/** Images on a grid with a line of text above each, and another below where `lines` is 2. */
export function tilePlot(tiles: readonly Tile[], context: FigureContext, columns: number, lines: 1 | 2) {
  const { theme } = context;
  const step = lines === 2 ? 112 : columns > 5 ? 72 : 88;
  const rowHeight = TILE + (lines === 2 ? 46 : 30);
  const rows = 1 + Math.max(0, ...tiles.map(({ row }) => row));
  const width = columns * step;
  const height = rows * rowHeight;
  const x = ({ column }: Tile) => (column + 0.5) * step;
  const top = ({ row }: Tile) => row * rowHeight;
  return {
    width,
    height,
    plot: {
      margin: 0,
      axis: null,
      x: { domain: [0, width], range: [0, width] },
      y: { domain: [0, height], range: [0, height] },
      marks: [
        Plot.text(tiles, {
          x,
          y: (tile: Tile) => top(tile) + 16,
          text: 'label',
          fill: theme.ink,
          fontSize: 12,
        }),
        Plot.image(tiles, {
          x,
          y: (tile: Tile) => top(tile) + 26 + TILE / 2,
          src: 'src',
          width: TILE,
          height: TILE,
          className: pictureClass(context),
          imageRendering: 'auto',
        }),
        ...(lines === 2
          ? [
              Plot.text(tiles, {
                x,
                y: (tile: Tile) => top(tile) + 26 + TILE + 9,
                text: 'detail',
                fill: theme.muted,
                fontSize: 11,
              }),
            ]
          : []),
      ],
    },
  };
}
