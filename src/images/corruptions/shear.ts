import { cosine } from '../../util/cosine.ts';
import { defineCorruption } from './corruption.ts';
import { randomSign, sine, warp } from './warp.ts';

/** Sheared about the centre by c radians to either side: inverse map [[1, −sin c], [0, cos c]]. One random sign. */
export const shear = defineCorruption<number>({
  name: 'shear',
  label: 'Shear',
  kind: 'geometry',
  meaning: 'slanted to the left or right, as in leaning handwriting',
  levels: [0.2, 0.4, 0.6, 0.8, 1],
  published: 1,
  setting: (angle) => `±${angle} rad`,
  corrupt(picture, angle, random) {
    const signed = randomSign(random) * angle;
    return warp(picture, { a: 1, b: -sine(signed), c: 0, d: cosine(signed) });
  },
});
