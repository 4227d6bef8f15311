import { expect, test } from 'vitest';
import { CONTACT, contactOf } from './contact.ts';

/** n images of 1 × 2 pixels that hold their own number. */
function numbered(labels: readonly number[], classes: number) {
  const data = Uint8Array.from({ length: 2 * labels.length }, (_, k) => k >> 1);
  return { images: { data, shape: [labels.length, 1, 2] }, labels: Uint8Array.from(labels), classes };
}

test('the first images of each class, class by class, at most eight', () => {
  const labels = [1, 0, 1, ...Array.from({ length: 9 }, () => 0)];
  const contact = contactOf(numbered(labels, 3));
  expect([...contact.labels]).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 1, 1]);
  expect([...contact.images]).toEqual([1, 3, 4, 5, 6, 7, 8, 9, 0, 2].flatMap((i) => [i, i]));
});

test('of many classes the first', () => {
  const labels = Array.from({ length: 100 }, (_, i) => i);
  expect(contactOf(numbered(labels, 100)).labels).toHaveLength(CONTACT.classes);
});
