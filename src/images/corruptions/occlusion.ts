import { wholePixels } from './picture.ts';
import { defineSweep } from './sweep.ts';

/** A square of background, anywhere within the image with equal chances. Two uniform draws: its row, its column. */
export const occlusion = defineSweep({
  name: 'occlusion',
  label: 'Occlusion',
  kind: 'overlay',
  meaning: 'a square of the image is covered by blank paper',
  levels: [4, 6, 8, 10, 12, 14, 16],
  prepare: wholePixels,
  axis: ({ rows, columns }) =>
    `side of the covered square, of ${rows === columns ? rows : `${rows} × ${columns}`} pixels`,
  setting: (side) => `${side} × ${side} px`,
  corrupt(picture, side, random) {
    const { values, rows, columns } = picture;
    const top = Math.floor((rows - side + 1) * random.uniform());
    const left = Math.floor((columns - side + 1) * random.uniform());
    for (let row = top; row < top + side; row++)
      values.fill(0, row * columns + left, row * columns + left + side);
    return picture;
  },
});
