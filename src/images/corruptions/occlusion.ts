import { SIDE } from './picture.ts';
import { defineSweep } from './sweep.ts';

/** A square of background, anywhere within the image with equal chances. Two uniform draws: its row, its column. */
export const occlusion = defineSweep({
  name: 'occlusion',
  label: 'Occlusion',
  kind: 'overlay',
  meaning: 'a square of the image is covered by blank paper',
  levels: [4, 6, 8, 10, 12, 14, 16],
  axis: 'side of the covered square, of 28 pixels',
  setting: (side) => `${side} × ${side} px`,
  corrupt(picture, side, random) {
    const places = SIDE - side + 1;
    const top = Math.floor(places * random.uniform());
    const left = Math.floor(places * random.uniform());
    for (let row = top; row < top + side; row++) picture.fill(0, row * SIDE + left, row * SIDE + left + side);
    return picture;
  },
});
