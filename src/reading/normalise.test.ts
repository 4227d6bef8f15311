import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadMnist } from '../store/mnist.ts';
import { normalised } from './normalise.ts';

/** The image's bytes at its pixels, as rows of text are written. */
function inkFrom(rows: readonly string[]): { data: number[]; rows: number; columns: number } {
  const data = rows.flatMap((row) => [...row].map((pixel) => (pixel === '#' ? 255 : 0)));
  return { data, rows: rows.length, columns: rows[0].length };
}

function pixelsOf(image: Uint8Array): { top: number; left: number; bottom: number; right: number } {
  const rows = [...image.keys()].filter((i) => image[i] > 0).map((i) => Math.floor(i / 28));
  const columns = [...image.keys()].filter((i) => image[i] > 0).map((i) => i % 28);
  return {
    ...{ top: Math.min(...rows), bottom: Math.max(...rows) },
    ...{ left: Math.min(...columns), right: Math.max(...columns) },
  };
}

test('of all 70,000 images of MNIST 23 come back changed: 19 for training, 4 for testing, of which 13 and 3 have a longer side of 19', () => {
  const { train, test: testing } = loadMnist();
  const changed = [train, testing].map(({ images, labels }) => {
    let count = 0;
    for (let i = 0; i < labels.length; i++) {
      const image = images.data.subarray(i * 784, (i + 1) * 784);
      const again = normalised({ data: image, rows: 28, columns: 28 });
      if (Buffer.compare(image, again) !== 0) count++;
    }
    return count;
  });
  expect(changed).toEqual([19, 4]);
});

test('by hand: a bar of 40 × 4 becomes 20 × 2 full pixels, about its centre of mass', () => {
  const image = normalised(inkFrom(Array.from({ length: 40 }, () => '####')));
  // The square is 40 wide, 18 empty columns to the left: columns 9 and 10 of 20; b = (10, 10), moved by trunc(15 − 10) = 5.
  expect(pixelsOf(image)).toEqual({ top: 5, bottom: 24, left: 14, right: 15 });
  expect(new Set(image)).toEqual(new Set([0, 255]));
});

test('by hand: a dot of 3 × 3 is extended to 10 × 10, doubled to 20 and stays small', () => {
  const image = normalised(inkFrom(['###', '###', '###']));
  // The square begins ⌊7 / 2⌋ = 3 above: rows 6 to 11 of 20, b = 9, moved by 6.
  expect(pixelsOf(image)).toEqual({ top: 12, bottom: 17, left: 12, right: 17 });
});

test('ink of any strength: the largest value becomes 255; none at all gives an empty image', () => {
  const faint = inkFrom(['##', '##']);
  const image = normalised({ ...faint, data: faint.data.map((value) => value / 50) });
  expect(Math.max(...image)).toBe(255);
  expect(normalised({ data: [0, 0], rows: 1, columns: 2 })).toEqual(new Uint8Array(784));
});

test('whatever the ink: 784 bytes, some ink, and paper around it changes nothing', () => {
  const ink = fc
    .tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }))
    .chain(([rows, columns]) =>
      fc
        .array(fc.integer({ min: 0, max: 255 }), { minLength: rows * columns, maxLength: rows * columns })
        .map((data) => ({ data, rows, columns })),
    );
  fc.assert(
    fc.property(ink, fc.integer({ min: 0, max: 5 }), ({ data, rows, columns }, margin) => {
      const image = normalised({ data, rows, columns });
      expect(image.length).toBe(784);
      expect(image.some((byte) => byte > 0)).toBe(data.some((value) => value > 0));
      const wide = columns + 2 * margin;
      const framed = new Array<number>((rows + 2 * margin) * wide).fill(0);
      data.forEach((value, i) => {
        framed[(Math.floor(i / columns) + margin) * wide + (i % columns) + margin] = value;
      });
      expect(normalised({ data: framed, rows: rows + 2 * margin, columns: wide })).toEqual(image);
    }),
  );
});
