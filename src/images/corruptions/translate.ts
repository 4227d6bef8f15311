import { defineCorruption } from './corruption.ts';
import { wholePixels } from './picture.ts';
import { randomSign, warp } from './warp.ts';

/** Moved by whole pixels along both axes, each with its own random sign (the columns' first). */
export const translate = defineCorruption<number>({
  name: 'translate',
  label: 'Translate',
  kind: 'geometry',
  meaning: 'moved off the middle along both axes',
  levels: [1, 2, 3, 4, 5],
  published: 2,
  prepare: wholePixels,
  setting: (pixels) => `±${pixels} px`,
  corrupt(picture, pixels, random) {
    const right = pixels * randomSign(random);
    const down = pixels * randomSign(random);
    return warp(picture, { a: 1, b: 0, c: 0, d: 1, right, down });
  },
});
