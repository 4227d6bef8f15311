import { defineCorruption } from './corruption.ts';
import { type PictureSize, withValues } from './picture.ts';

interface Stripes {
  readonly width: number;
  readonly columns: number;
}

/** 1 − x in the leftmost and in the rightmost quarter of the columns, seven each of 28. Nothing random. */
export const stripe = defineCorruption<null, Stripes>({
  name: 'stripe',
  label: 'Stripe',
  kind: 'overlay',
  meaning: 'left and right quarter inverted, as under a dark margin',
  levels: [null],
  published: 0,
  prepare: (_, { columns }: PictureSize) => ({ width: Math.floor(columns / 4 + 0.5), columns }),
  setting: ({ width, columns }) => `columns 0–${width - 1} and ${columns - width}–${columns - 1}`,
  corrupt: (picture, { width, columns }) =>
    withValues(
      picture,
      picture.values.map((x, i) => (i % columns < width || i % columns >= columns - width ? 1 - x : x)),
    ),
});
