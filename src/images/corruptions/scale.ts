import { defineCorruption } from './corruption.ts';
import { warp } from './warp.ts';

/** Shrunk about the centre to a share of its size. Nothing random. */
export const scale = defineCorruption<number>({
  name: 'scale',
  label: 'Scale',
  kind: 'geometry',
  meaning: 'written smaller',
  levels: [0.9, 0.8, 0.7, 0.6, 0.5],
  published: 2,
  setting: (size) => `to ${Math.round(100 * size)} %`,
  corrupt: (picture, size) => warp(picture, { a: 1 / size, b: 0, c: 0, d: 1 / size }),
});
