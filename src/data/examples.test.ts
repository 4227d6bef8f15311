import { expect, test } from 'vitest';
import { type Dataset, subset } from './examples.ts';

/** Every byte says which image it is of. */
function numbered(extents: number[]): Dataset {
  const size = extents.reduce((a, b) => a * b);
  return {
    images: {
      data: Uint8Array.from({ length: 5 * size }, (_, i) => Math.floor(i / size)),
      shape: [5, ...extents],
    },
    labels: Uint8Array.of(4, 3, 2, 1, 0),
    classes: 5,
  };
}

test.each([[[6]], [[2, 3]], [[2, 3, 1]], [[2, 2, 3]], [[2, 1, 2, 2]]])(
  'images of extents %j: those asked for, whole and in order',
  (extents) => {
    const size = extents.reduce((a, b) => a * b);
    const { images, labels } = subset(numbered(extents), [3, 0, 3]);
    expect(images.shape).toEqual([3, ...extents]);
    expect([...images.data]).toEqual([3, 0, 3].flatMap((image) => new Array<number>(size).fill(image)));
    expect([...labels]).toEqual([1, 4, 1]);
  },
);
