import fc from 'fast-check';
import { expect, test } from 'vitest';
import { blurred, closed, type Plane, reduced } from './plane.ts';

const planes = fc
  .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 12 }))
  .chain(([rows, columns]) =>
    fc
      .array(fc.integer({ min: 0, max: 255 }), { minLength: rows * columns, maxLength: rows * columns })
      .map((data) => ({ data: Float32Array.from(data), rows, columns })),
  );

/** What `of` makes of all values within `radius` of each pixel, as plainly as possible. */
function around(plane: Plane, radius: number, of: (values: number[]) => number): Float32Array {
  const { data, rows, columns } = plane;
  return Float32Array.from(data, (_, i) => {
    const [row, column] = [Math.floor(i / columns), i % columns];
    return of(
      [...data].filter((__, k) => {
        const [y, x] = [Math.floor(k / columns), k % columns];
        return y < rows && Math.abs(y - row) <= radius && Math.abs(x - column) <= radius;
      }),
    );
  });
}

test('blurred: the mean around each pixel within 1e-4', () => {
  fc.assert(
    fc.property(planes, fc.integer({ min: 0, max: 14 }), (plane, radius) => {
      const expected = around(plane, radius, (values) => values.reduce((a, b) => a + b) / values.length);
      const { data } = blurred(plane, radius);
      data.forEach((value, i) => {
        expect(Math.abs(value - expected[i])).toBeLessThan(1e-4);
      });
    }),
    { numRuns: 50 },
  );
});

test('closed: the least of the largest values around each pixel', () => {
  fc.assert(
    fc.property(planes, fc.integer({ min: 0, max: 14 }), (plane, radius) => {
      const dilated = { ...plane, data: around(plane, radius, (values) => Math.max(...values)) };
      expect(closed(plane, radius).data).toEqual(around(dilated, radius, (values) => Math.min(...values)));
    }),
    { numRuns: 50 },
  );
});

test('reduced by hand: blocks of 2 × 2, at the edges of what is left', () => {
  const plane = { data: Float32Array.of(0, 4, 10, 8, 4, 20, 1, 3, 5), rows: 3, columns: 3 };
  expect(reduced(plane, 2)).toEqual({ data: Float32Array.of(4, 15, 2, 5), rows: 2, columns: 2 });
});
