import { cosine } from '../../util/cosine.ts';
import { defineCorruption } from './corruption.ts';
import { randomSign, sine, warp } from './warp.ts';

/** Turned about the centre by c radians to either side. One random sign. */
export const rotate = defineCorruption<number>({
  name: 'rotate',
  label: 'Rotate',
  kind: 'geometry',
  meaning: 'turned to the left or right, as on paper that lies askew',
  levels: [0.2, 0.4, 0.6, 0.8, 1],
  published: 1,
  setting: (angle) => `±${angle} rad`,
  corrupt(picture, angle, random) {
    const signed = randomSign(random) * angle;
    const [cos, sin] = [cosine(signed), sine(signed)];
    return warp(picture, { a: cos, b: -sin, c: sin, d: cos });
  },
});
