import { defineCorruption } from './corruption.ts';
import { drawLine } from './drawLine.ts';

/** Rows at which the line may begin and end: 0 … 26. */
const ROWS = 27;

/** A stroke from (0, r₀) to (27, r₁), two columns left out and two drawn in turn. Two draws: r₀, r₁. */
export const dottedLine = defineCorruption<null>({
  name: 'dotted-line',
  label: 'Dotted line',
  kind: 'overlay',
  meaning: 'a dotted line across the image, as on a form',
  levels: [null],
  published: 0,
  setting: () => 'one line',
  corrupt(picture, _, random) {
    const first = random.integer(ROWS);
    const last = random.integer(ROWS);
    drawLine(picture, { from: [0, first], to: [27, last] }, (column) => column % 4 >= 2);
    return picture;
  },
});
