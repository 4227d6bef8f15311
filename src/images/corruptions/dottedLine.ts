import { defineCorruption } from './corruption.ts';
import { drawLine } from './drawLine.ts';
import { wholePixels } from './picture.ts';

/** A stroke from (0, r₀) to (27, r₁), the last column, two columns left out and two drawn in turn. Two draws, r₀ and r₁, of all rows but the last. */
export const dottedLine = defineCorruption<null>({
  name: 'dotted-line',
  label: 'Dotted line',
  kind: 'overlay',
  meaning: 'a dotted line across the image, as on a form',
  levels: [null],
  published: 0,
  setting: () => 'one line',
  corrupt(picture, _, random) {
    const places = Math.max(1, picture.rows - 1);
    const first = random.integer(places);
    const last = random.integer(places);
    const dash = wholePixels(2, picture);
    const line = { from: [0, first], to: [picture.columns - 1, last] } as const;
    drawLine(picture, line, (column) => column % (2 * dash) >= dash);
    return picture;
  },
});
