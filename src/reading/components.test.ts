import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Component, componentsOf, weightedMedian } from './components.ts';

/** By flooding from every pixel that has no component yet. */
function flooded(data: readonly number[], rows: number, columns: number): Omit<Component, 'label'>[] {
  const seen = new Set<number>();
  const found: Omit<Component, 'label'>[] = [];
  const isInk = (row: number, column: number): boolean =>
    row >= 0 && column >= 0 && row < rows && column < columns && data[row * columns + column] > 0.5;
  for (let start = 0; start < data.length; start++) {
    if (seen.has(start) || !isInk(Math.floor(start / columns), start % columns)) continue;
    const pixels = [start];
    seen.add(start);
    for (let k = 0; k < pixels.length; k++) {
      const [row, column] = [Math.floor(pixels[k] / columns), pixels[k] % columns];
      for (const y of [row - 1, row, row + 1]) {
        for (const x of [column - 1, column, column + 1]) {
          const at = y * columns + x;
          if (!isInk(y, x) || seen.has(at)) continue;
          seen.add(at);
          pixels.push(at);
        }
      }
    }
    const ys = pixels.map((at) => Math.floor(at / columns));
    const xs = pixels.map((at) => at % columns);
    const sides = pixels.flatMap((at) => {
      const [row, column] = [Math.floor(at / columns), at % columns];
      return [isInk(row - 1, column), isInk(row + 1, column), isInk(row, column - 1), isInk(row, column + 1)];
    });
    found.push({
      ...{ left: Math.min(...xs), right: Math.max(...xs) + 1 },
      ...{ top: Math.min(...ys), bottom: Math.max(...ys) + 1 },
      ...{ area: pixels.length, edge: sides.filter((ink) => !ink).length },
    });
  }
  return found;
}

test('components are those that flooding finds, but for specks of less than three pixels', () => {
  const masks = fc
    .tuple(
      fc.integer({ min: 1, max: 16 }),
      fc.integer({ min: 1, max: 16 }),
      fc.double({ min: 0.2, max: 0.8 }),
    )
    .chain(([rows, columns, share]) =>
      fc
        .array(fc.double({ min: 0, max: 1, noNaN: true }), {
          minLength: rows * columns,
          maxLength: rows * columns,
        })
        .map((values) => ({ data: values.map((value) => Number(value < share)), rows, columns })),
    );
  fc.assert(
    fc.property(masks, ({ data, rows, columns }) => {
      const { components, labels } = componentsOf({ data: Float32Array.from(data), rows, columns }, 0.5);
      const expected = flooded(data, rows, columns).filter(
        ({ left, right, top, bottom }) => Math.max(right - left, bottom - top) >= 3,
      );
      expect(components.map(({ label: _, ...rest }) => rest)).toEqual(expected);
      for (const { label, area } of components) {
        expect(labels.filter((own) => own === label).length).toBe(area);
      }
      expect([...labels].map((label) => label > 0)).toEqual(data.map((value) => value > 0.5));
    }),
    { numRuns: 200 },
  );
});

test('weighted median by hand', () => {
  expect(weightedMedian([])).toBe(0);
  expect(
    weightedMedian([
      { value: 9, weight: 1 },
      { value: 2, weight: 2 },
      { value: 4, weight: 2 },
    ]),
  ).toBe(4);
});
