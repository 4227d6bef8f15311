import { expect, test } from 'vitest';
import { classCounts, subset, type Examples } from '../examples.ts';
import { examplesFromIdx } from './idxExamples.ts';

const IMAGES = Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 1, 0, 0, 0, 2, 1, 2, 3, 4, 5, 6);
const LABELS = Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 3, 7, 0, 7);

test('examples of an image file and a label file, by hand; both are views', () => {
  const dataset = examplesFromIdx(IMAGES, 'i', LABELS, 'l', 10);
  expect(dataset).toEqual({
    images: { data: Uint8Array.of(1, 2, 3, 4, 5, 6), shape: [3, 1, 2] },
    labels: Uint8Array.of(7, 0, 7),
    classes: 10,
  });
  expect(dataset.images.data.buffer).toBe(IMAGES.buffer);
  expect(dataset.labels.buffer).toBe(LABELS.buffer);
  expect(classCounts(dataset)).toEqual([1, 0, 0, 0, 0, 0, 0, 2, 0, 0]);
});

test('counts that differ and labels above 9 are refused with file and offset', () => {
  const two = Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 7, 0);
  expect(() => examplesFromIdx(IMAGES, 'i', two, 'l', 10)).toThrow(
    /^l, byte 4: expected as many labels as i has images/,
  );
  expect(() => examplesFromIdx(IMAGES, 'i', LABELS.with(9, 10), 'l', 10)).toThrow(
    /^l, byte 9: expected a label from 0 to 9, received 10/,
  );
});

test('subset copies the rows asked for, in that order, repeats included', () => {
  const dataset: Examples = examplesFromIdx(IMAGES, 'i', LABELS, 'l', 10);
  const part = subset(dataset, [2, 0, 2]);
  expect(part).toEqual({
    images: { data: Uint8Array.of(5, 6, 1, 2, 5, 6), shape: [3, 1, 2] },
    labels: Uint8Array.of(7, 7, 7),
    classes: 10,
  });
  expect(part.images.data.buffer).not.toBe(IMAGES.buffer);
  for (const index of [3, -1, 0.5, NaN])
    expect(() => subset(dataset, [0, index])).toThrow(/index 1 .* 0 to 2/);
});

test('without a number of classes the largest label decides', () => {
  expect(examplesFromIdx(IMAGES, 'i', LABELS, 'l').classes).toBe(8);
});
