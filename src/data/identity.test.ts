import { expect, test } from 'vitest';
import { loadMnist } from '../store/mnist.ts';
import { sha256 } from '../store/sha256.ts';
import { dataIdentity, isMnist, MNIST_IDENTITY } from './identity.ts';
import type { Dataset } from './examples.ts';

const PART: Dataset = {
  images: { data: Uint8Array.of(1, 2, 3, 4, 5, 6), shape: [3, 1, 2] },
  labels: Uint8Array.of(7, 0, 7),
  classes: 10,
};
/** `printf '\0\0\10\3\0\0\0\3\0\0\0\1\0\0\0\2\1\2\3\4\5\6' | sha256sum`, and of the labels likewise. */
const IMAGES = 'd0b84243d680f892241d09ba09617701edaf5937a66688b399b263616c20c6f0';
const LABELS = '37a105c288fd0214558739da8731b104c9c7c508d50b2cc20abefad904cad963';

test('MNIST has the four known sums of its files, also when its arrays are copies', () => {
  const { train, test } = loadMnist();
  const copy = { ...train, images: { data: train.images.data.slice(), shape: [60_000, 28, 28, 1] } };
  expect(MNIST_IDENTITY[3]).toBe('ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2');
  expect(dataIdentity({ train: copy, test }, sha256)).toEqual(MNIST_IDENTITY);
  expect(isMnist(dataIdentity({ train, test }, sha256))).toBe(true);
});

test('images are MNIST only where all four sums are', () => {
  expect(isMnist(MNIST_IDENTITY)).toBe(true);
  MNIST_IDENTITY.forEach((_, k) => {
    expect(isMnist(MNIST_IDENTITY.with(k, IMAGES))).toBe(false);
  });
  expect(isMnist([])).toBe(false);
});

test('each array is hashed as the IDX file of its bytes; one pixel or label more changes its sum alone', () => {
  const other = { ...PART, labels: Uint8Array.of(7, 0, 8) };
  expect(dataIdentity({ train: PART, test: PART })).toEqual([IMAGES, LABELS, IMAGES, LABELS]);
  expect(dataIdentity({ train: PART, test: PART }, sha256)).toEqual([IMAGES, LABELS, IMAGES, LABELS]);
  const changed = dataIdentity({ train: PART, test: other });
  expect(changed.slice(0, 3)).toEqual([IMAGES, LABELS, IMAGES]);
  expect(changed[3]).not.toBe(LABELS);
  const turned = { ...PART, images: { ...PART.images, shape: [3, 2, 1] } };
  expect(dataIdentity({ train: turned, test: PART })[0]).not.toBe(IMAGES);
});

test.each([
  [
    { ...PART, labels: Uint8Array.of(7, 0) },
    /training labels: expected .* each of the 3 images, received 2 labels/,
  ],
  [{ ...PART, labels: [7, 0, 7] as never }, /training labels: .*received object/],
  [
    { ...PART, images: { ...PART.images, shape: [3, 2] } },
    /training images: .*received 6 bytes of the shape \(3, 2\)/,
  ],
  [{ ...PART, images: { data: new Float32Array(6) as never, shape: [3, 1, 2] } }, /received object/],
])('what is no data set is refused (%#)', (train, message) => {
  expect(() => dataIdentity({ train, test: PART })).toThrow(message);
});
