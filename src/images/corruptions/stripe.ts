import { defineCorruption } from './corruption.ts';
import { SIDE } from './picture.ts';

const WIDTH = 7;

/** 1 − x in the seven leftmost and the seven rightmost columns. Nothing random. */
export const stripe = defineCorruption<null>({
  name: 'stripe',
  label: 'Stripe',
  kind: 'overlay',
  meaning: 'left and right quarter inverted, as under a dark margin',
  levels: [null],
  published: 0,
  setting: () => `columns 0–${WIDTH - 1} and ${SIDE - WIDTH}–${SIDE - 1}`,
  corrupt: (picture) => picture.map((x, i) => (i % SIDE < WIDTH || i % SIDE >= SIDE - WIDTH ? 1 - x : x)),
});
