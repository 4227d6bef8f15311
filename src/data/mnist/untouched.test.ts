import { expect, test } from 'vitest';
import { untouchedDigits } from './untouched.ts';

const N = 10_003;
const FILES = ['images', 'labels'] as const;
const images = (data: Uint8Array | Float32Array = new Uint8Array(784 * N)) => ({ data, shape: [N, 28, 28] });
const table = (change: (data: Int32Array) => void = () => undefined) => {
  const data = new Int32Array(8 * N);
  [7, 0, 3].forEach((digit, k) => {
    data.set([digit, 4, 2_100 + k, 5, 30 + digit, 99, 0, 0], 8 * (10_000 + k));
  });
  change(data);
  return { data, shape: [N, 8] };
};

test('of QMNIST’s test images those after the first 10,000, with class and writer', () => {
  const pixels = new Uint8Array(784 * N);
  pixels[784 * 10_001 + 5] = 200;
  const found = untouchedDigits(images(pixels), table(), FILES);
  expect(found.images.shape).toEqual([3, 28, 28]);
  expect(found.images.data[784 + 5]).toBe(200);
  expect([...found.labels]).toEqual([7, 0, 3]);
  expect([...found.writers]).toEqual([2_100, 2_101, 2_102]);
});

test.each([
  [() => untouchedDigits(images(new Float32Array(784 * N)), table(), FILES), /^images: expected QMNIST's/],
  [
    () => untouchedDigits({ data: new Uint8Array(7_840_000), shape: [10_000, 28, 28] }, table(), FILES),
    /^images: .* received an array of the shape \[10000, 28, 28\]/,
  ],
  [
    () => untouchedDigits(images(), { data: new Int32Array(N), shape: [N] }, FILES),
    /^labels: expected a row of 8 whole numbers for each of 10003 images, received an array of the shape \[10003\]/,
  ],
  [
    () =>
      untouchedDigits(
        images(),
        table((data) => (data[8 * 10_002] = 11)),
        FILES,
      ),
    /^labels, row 10003: expected a class from 0 to 9 .* received 11 and 2102/,
  ],
  [
    () =>
      untouchedDigits(
        images(),
        table((data) => (data[8 * 10_001 + 2] = -1)),
        FILES,
      ),
    /^labels, row 10002: .* received 0 and -1/,
  ],
])('arrays that are not QMNIST’s are E_DATA, with file and row', (refused, message) => {
  expect(refused).toThrow(expect.objectContaining({ code: 'E_DATA' }) as Error);
  expect(refused).toThrow(message);
});
