import { expect, test } from 'vitest';
import { componentsOf } from './components.ts';
import { piecesOf } from './pieces.ts';

/** Two blocks of 20 × 20, joined by a bridge of two rows and eight columns. */
function joinedBlocks() {
  const [rows, columns] = [40, 70];
  const data = new Float32Array(rows * columns);
  const fill = (top: number, bottom: number, left: number, right: number): void => {
    for (let row = top; row < bottom; row++) data.fill(0.5, row * columns + left, row * columns + right);
  };
  fill(10, 30, 10, 30);
  fill(10, 30, 38, 58);
  fill(19, 21, 30, 38);
  return { data, rows, columns };
}

function pieces(isWhole: boolean) {
  const ink = joinedBlocks();
  const { labels, components } = componentsOf(ink, 0.3);
  return { ink, ...piecesOf({ height: 20, marks: components }, ink, labels, 0.1, () => isWhole) };
}

test('a component that is whole is one piece, with one image', () => {
  const { boxes, cuts, partOf, imageOf } = pieces(true);
  expect(boxes).toEqual([{ left: 10, top: 10, right: 58, bottom: 30 }]);
  expect([...cuts]).toEqual([0, 0]);
  expect(partOf(0, 0)).toEqual({ images: [imageOf(0, 0)], box: boxes[0] });
});

test('cut in pieces, the ink of all together is what there was, at its place', () => {
  const { boxes, cuts, inkOf, ink } = pieces(false);
  const last = boxes.length - 1;
  expect(last).toBeGreaterThan(0);
  expect([...cuts.subarray(1, last + 1)].every((cut) => cut > 0)).toBe(true);
  const { data, rows, columns, left, top } = inkOf(0, last);
  let count = 0;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const there = ink.data[(row + top) * ink.columns + column + left];
      expect(data[row * columns + column]).toBe(255 * there);
      count += Number(there > 0);
    }
  }
  expect(count).toBe(2 * 400 + 16);
});

test('a piece beside a cut has three images: with the ink that belongs to both sides, without, and with more', () => {
  const { partOf, imageOf, boxes } = pieces(false);
  const { images, box } = partOf(0, 0);
  expect(box).toEqual(boxes[0]);
  expect(images).toHaveLength(3);
  expect(images[0]).toEqual(imageOf(0, 0));
  expect(images[1]).not.toEqual(images[0]);
  expect(partOf(0, boxes.length - 1).images).toHaveLength(1);
});
