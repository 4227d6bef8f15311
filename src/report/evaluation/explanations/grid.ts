import * as Plot from '@observablehq/plot';
import { imageSprite } from '../../imagePng.ts';
import type { FigureContext, LegendItem } from '../../figures/figure.ts';
import { type DataWords, pictureClass, wordsIn } from '../../dataWords.ts';
import { sizeOf } from '../../../util/tensor.ts';
import { AGAINST_COLOUR, FOR_COLOUR, signedSprite } from './signedPng.ts';

/** One place of a grid: a digit, a signed map over it, or both (the digit is faint then), and a line of text below. */
export interface GridCell {
  readonly digit: Uint8Array | null;
  readonly map: Float32Array | null;
  readonly caption?: string;
  /** Stands out. */
  readonly marked?: boolean;
}

export interface GridRow {
  /** Left of the row; `\n` begins a new line. */
  readonly label: string;
  readonly cells: readonly (GridCell | null)[];
}

export interface GridSizes {
  readonly cell: number;
  readonly labels: number;
}

const HEAD = 22;
const CAPTION = 15;

/** Legend of signed maps. */
export function signedLegend(more: string, less: string): LegendItem[] {
  const opacities = [0.2, 0.4, 0.6, 0.8, 1];
  return [
    { kind: 'ramp', label: more, colour: FOR_COLOUR, opacities },
    { kind: 'ramp', label: less, colour: AGAINST_COLOUR, opacities },
  ];
}

/** Pictures in rows and columns, without a gap between columns, with a text above each column and left of each row. */
export function gridPlot(
  heads: readonly string[],
  rows: readonly GridRow[],
  { cell, labels }: GridSizes,
  context: FigureContext,
) {
  const { theme } = context;
  const columns = Math.max(1, ...rows.map(({ cells }) => cells.length));
  const captioned = rows.map(({ cells }) => cells.some((one) => one?.caption !== undefined));
  const tops: number[] = [];
  let y = heads.length > 0 ? HEAD : 2;
  for (const has of captioned) {
    tops.push(y);
    y += cell + (has ? CAPTION : 0) + 5;
  }
  const width = labels + columns * cell;
  const places = rows.flatMap(({ cells }, r) =>
    cells.flatMap((one, c) => (one === null ? [] : [{ ...one, x: labels + (c + 0.5) * cell, y: tops[r] }])),
  );
  const sprites = rows.flatMap((row, r) =>
    spritesOf(row, columns, wordsIn(context)).map((sprite) => ({ ...sprite, y: tops[r] + cell / 2 })),
  );
  const middle = labels + (columns * cell) / 2;
  const image = (data: readonly { src: string; y: number }[], opacity: number, className: string) =>
    Plot.image(data, {
      x: middle,
      y: 'y',
      src: 'src',
      width: columns * cell,
      height: cell,
      opacity,
      preserveAspectRatio: 'none',
      imageRendering: 'pixelated',
      className,
    });
  const captions = places.filter(({ caption }) => caption !== undefined);
  return {
    width,
    height: y,
    plot: {
      margin: 0,
      axis: null,
      x: { domain: [0, width], range: [0, width] },
      y: { domain: [0, y], range: [0, y] },
      marks: [
        Plot.text(
          heads.map((text, c) => ({ text, x: labels + (c + 0.5) * cell })),
          {
            x: 'x',
            y: 12,
            text: 'text',
            fill: theme.ink,
            fontSize: 12,
          },
        ),
        Plot.text(
          rows.map(({ label }, r) => ({ label, y: tops[r] + cell / 2 })),
          {
            x: 0,
            y: 'y',
            text: 'label',
            textAnchor: 'start',
            lineAnchor: 'middle',
            lineHeight: 1.2,
            fill: theme.ink,
            fontSize: 12,
          },
        ),
        image(
          sprites.filter(({ kind }) => kind === 'plain'),
          1,
          pictureClass(context),
        ),
        image(
          sprites.filter(({ kind }) => kind === 'faint'),
          0.3,
          pictureClass(context),
        ),
        image(
          sprites.filter(({ kind }) => kind === 'signed'),
          1,
          'signed',
        ),
        Plot.rect(places, {
          x1: ({ x }: { x: number }) => x - cell / 2,
          x2: ({ x }: { x: number }) => x + cell / 2,
          y1: 'y',
          y2: ({ y: top }: { y: number }) => top + cell,
          stroke: theme.rule,
          fill: 'none',
        }),
        Plot.text(
          captions.filter(({ marked }) => marked !== true),
          {
            x: 'x',
            y: ({ y: top }: { y: number }) => top + cell + 9,
            text: 'caption',
            fill: theme.muted,
            fontSize: 11,
          },
        ),
        Plot.text(
          captions.filter(({ marked }) => marked === true),
          {
            x: 'x',
            y: ({ y: top }: { y: number }) => top + cell + 9,
            text: 'caption',
            fill: AGAINST_COLOUR,
            fontWeight: 600,
            fontSize: 11,
          },
        ),
      ],
    },
  };
}

/** A row's digits, faint ones under maps, and maps, each as one picture over the whole row. */
function spritesOf(
  { cells }: GridRow,
  columns: number,
  look: DataWords,
): { kind: 'plain' | 'faint' | 'signed'; src: string }[] {
  const digits = (faint: boolean): { kind: 'plain' | 'faint'; src: string }[] => {
    const size = sizeOf(look.extents);
    const pixels = new Uint8Array(columns * size);
    const shown: number[] = [];
    cells.forEach((one, c) => {
      const digit = one?.digit ?? null;
      if (digit === null || ((one?.map ?? null) !== null) !== faint) return;
      pixels.set(digit, c * size);
      shown.push(c);
    });
    if (shown.length === 0) return [];
    const order = Array.from({ length: columns }, (_, c) => (look.isInk || shown.includes(c) ? c : -1));
    const src = imageSprite(pixels, order, columns, look, true);
    return [{ kind: faint ? 'faint' : 'plain', src }];
  };
  const maps = Array.from({ length: columns }, (_, c) => cells[c]?.map ?? null);
  const signed = maps.some((map) => map !== null)
    ? [{ kind: 'signed' as const, src: signedSprite(maps, look.extents) }]
    : [];
  return [...digits(false), ...digits(true), ...signed];
}
