import fc from 'fast-check';
import type { Padding, Pair } from '../../src/engine/ops/geometry.ts';

const pair = (from: number, to: number): fc.Arbitrary<Pair> =>
  fc.tuple(fc.integer({ min: from, max: to }), fc.integer({ min: from, max: to }));

/** Images and windows of every kind that fit together, with a number of rows and a seed. */
export const geometries = fc
  .record({
    extents: pair(1, 12),
    channels: fc.constantFrom(1, 2, 3, 4, 5, 6, 8, 9, 12),
    size: pair(1, 7),
    strides: pair(1, 3),
    padding: fc.constantFrom<Padding>('valid', 'same'),
    rows: fc.integer({ min: 1, max: 9 }),
    seed: fc.nat(),
  })
  .map(({ extents, size, padding, channels, ...rest }) => {
    const inside: Pair = [Math.min(size[0], extents[0]), Math.min(size[1], extents[1])];
    return { ...rest, shape: [...extents, channels], padding, size: padding === 'same' ? size : inside };
  });

/** The same cases in every run. */
export const REPEATABLE = { seed: 1, numRuns: 120 };

/** Shapes of rows, flat ones and images, with a number of rows and a seed. */
export const rowShapes = fc.record({
  shape: fc.oneof(
    fc.tuple(fc.integer({ min: 1, max: 40 })),
    fc.tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 13 })),
  ),
  rows: fc.integer({ min: 1, max: 9 }),
  seed: fc.nat(),
});
