import fc from 'fast-check';
import { expect, test } from 'vitest';
import { errorOf } from '../../test/support/models.ts';
import { loadMnist } from '../store/mnist.ts';
import { sha256 } from '../store/sha256.ts';
import { sizeOf } from '../util/tensor.ts';
import type { Strata } from './dataSet.ts';
import { subset, type Examples } from './examples.ts';
import { MNIST_IDENTITY, numberNames } from './identity.ts';
import { dataSet, type DataSetParts } from './makeDataSet.ts';

function examples(labels: number[], shape: number[], classes: number): Examples {
  const data = Uint8Array.from({ length: labels.length * sizeOf(shape) }, (_, i) => i % 256);
  return { images: { data, shape: [labels.length, ...shape] }, labels: Uint8Array.from(labels), classes };
}

const COLOUR = examples([0, 1], [1, 2, 3], 2);
/** By hashlib of Python 3.13, of b'\0\0\x08\x04' + extents as big-endian uint32 + bytes(range(12)), and of b'\0\0\x08\x01\0\0\0\x02\0\x01'. */
const IMAGES = '180d0a5d070980cc979515681cd3219f8395f0e30547858dab552c09846866a9';
const LABELS = '8c50639ad7f90a8211edb1bbdfb25436fd8e2a10794b6d5e3d479d1b22c7e318';

test('images in channels are hashed as IDX files of rank 4, names of classes as a JSON array', () => {
  const parts = { name: 'two', train: COLOUR, test: COLOUR };
  const sums = [IMAGES, LABELS, IMAGES, LABELS];
  expect(dataSet({ ...parts, classes: ['Ärmel', 'b'] })).toEqual({
    ...parts,
    classes: ['Ärmel', 'b'],
    // '["Ärmel","b"]' in UTF-8, by hashlib
    identity: [...sums, '4378122eaf92f13ace7152ae1a0d37197475b24befe04f96d5ceb1e5f226437a'],
    shape: [1, 2, 3],
    facts: {},
  });
  // '["0","1"]'
  const unnamed = dataSet(parts, sha256);
  expect(unnamed.classes).toEqual(['0', '1']);
  expect(unnamed.identity).toEqual([
    ...sums,
    '53d7f4a048bd0daee134c84d46a9de1de3d4c71942f740eb4f964d3fccbeecf3',
  ]);
});

test('MNIST is known by its bytes, whatever it is called and however its one channel is said', () => {
  const mnist = loadMnist();
  const { train, test } = mnist;
  const channel = { ...train, images: { data: train.images.data, shape: [60_000, 28, 28, 1] } };
  const found = dataSet({ name: 'digits', train: channel, test }, sha256);
  expect(found.identity).toEqual(MNIST_IDENTITY);
  expect(found).toMatchObject({ name: 'MNIST', shape: [28, 28], facts: mnist.facts });
  expect(mnist.identity).toEqual(MNIST_IDENTITY);
  // 29,050 of the training images and 5,001 of the test images are by students (Yadav & Bottou 2019).
  const students = (strata?: Strata) => strata!.of.filter((s) => s === 0).length;
  expect(mnist.strata!.train!.names).toEqual(['student', 'employee']);
  expect([students(mnist.strata!.train), students(mnist.strata!.test)]).toEqual([29_050, 5_001]);
});

test('with other test images, what is known of MNIST’s training images stays known, and no label error is', () => {
  const { train, test } = loadMnist();
  const set = dataSet(
    {
      name: 'half tested',
      train,
      test: subset(
        test,
        Uint32Array.from({ length: 5_000 }, (_, i) => i),
      ),
    },
    sha256,
  );
  expect(set.name).toBe('half tested');
  expect(set.strata!.train!.of).toHaveLength(60_000);
  expect(set.strata!.test).toBeUndefined();
  expect(set.facts).toEqual({ shows: 'digits' });
});

test('any size, channels and number of classes: the identity is that of the content, and of nothing else', () => {
  const extent = fc.integer({ min: 1, max: 5 });
  const made = fc.record({
    shape: fc.oneof(fc.tuple(extent, extent), fc.tuple(extent, extent, fc.integer({ min: 2, max: 4 }))),
    classes: fc.integer({ min: 2, max: 256 }),
    extra: fc.nat({ max: 9 }),
  });
  fc.assert(
    fc.property(made, ({ shape, classes, extra }) => {
      const labels = Array.from({ length: classes + extra }, (_, i) => i % classes);
      const part = examples(labels, shape, classes);
      const set = dataSet({ name: 'made up', train: part, test: part }, sha256);
      expect(set.shape).toEqual(shape);
      expect(set.classes).toEqual(numberNames(classes));
      expect(set.identity).toHaveLength(classes === 10 ? 4 : 5);
      expect(dataSet({ name: 'other', train: part, test: part, facts: {} }).identity).toEqual(set.identity);
      const pixels = part.images.data.with(0, part.images.data[0] ^ 1);
      const changed = { ...part, images: { ...part.images, data: pixels } };
      const other = dataSet({ name: 'made up', train: part, test: changed }, sha256).identity;
      expect(other.map((sum, k) => sum === set.identity[k])).toEqual(other.map((_, k) => k !== 2));
      const named = set.classes.with(0, 'none');
      const renamed = dataSet({ name: 'made up', train: part, test: part, classes: named }, sha256).identity;
      expect(renamed.slice(0, 4)).toEqual(set.identity.slice(0, 4));
      expect(renamed).not.toEqual(set.identity);
    }),
    { numRuns: 50 },
  );
});

const GOOD: DataSetParts = {
  name: 'clothes',
  train: examples([0, 1, 2], [2, 2], 3),
  test: examples([2, 1, 0], [2, 2], 3),
  classes: ['shirt', 'coat', 'bag'],
};

test.each<[string, Partial<DataSetParts>, string, RegExp]>([
  [
    'test images of another size',
    { test: examples([0, 1, 2], [2, 3], 3) },
    'E_SHAPE',
    /^clothes: expected test images of 2 × 2 pixels, as the training images are, received 2 × 3 pixels\./,
  ],
  [
    'test images of other channels',
    { test: examples([0, 1, 2], [2, 2, 3], 3) },
    'E_SHAPE',
    /received 2 × 2 pixels in 3 channels/,
  ],
  [
    'test examples of other classes',
    { test: examples([0, 1, 2], [2, 2], 4) },
    'E_ARGUMENT',
    /^clothes: expected test examples of 3 classes, received the number 4\.$/,
  ],
  [
    'a label beyond the classes',
    { train: examples([0, 1, 2, 7], [2, 2], 3) },
    'E_LABEL',
    /^clothes: expected labels from 0 to 2, for it has 3 classes; received 7 for training image 3\.$/,
  ],
  [
    'a class without training images',
    { train: examples([0, 2], [2, 2], 3) },
    'E_ARGUMENT',
    /^clothes: expected training images of every class, received none of class 'coat', so that a network cannot/,
  ],
  [
    'a class without test images',
    { test: examples([0, 1], [2, 2], 3) },
    'E_ARGUMENT',
    /test images of every class, received none of class 'bag'/,
  ],
  [
    'no images',
    { test: examples([], [2, 2], 3) },
    'E_SHAPE',
    /expected test images, received none \(0, 2, 2\)/,
  ],
  ['images without pixels', { train: examples([0, 1, 2], [0, 2], 3) }, 'E_SHAPE', /0 × 2 pixels/],
  [
    'images of rank 2',
    { train: { ...examples([0, 1, 2], [4], 3) } },
    'E_SHAPE',
    /training images: expected .*\[n, rows, columns\] or \[n, rows, columns, channels\]/,
  ],
  [
    'a name twice',
    { classes: ['a', 'b', 'a'] },
    'E_ARGUMENT',
    /names of classes that differ, received 'a' for 0 and 2/,
  ],
  ['an empty name', { classes: ['a', '', 'b'] }, 'E_ARGUMENT', /1 to 120 characters for class 1/],
  ['too few names', { classes: ['a', 'b'] }, 'E_ARGUMENT', /training examples of 2 classes/],
  ['one class', { classes: ['a'] }, 'E_ARGUMENT', /from 2 to 256 classes, received the number 1/],
  [
    'a name of lines',
    { name: 'a\nb' },
    'E_ARGUMENT',
    /dataSet: name: expected a text of 1 to 120 characters/,
  ],
])('%s: one clear sentence', async (_, change, code, message) => {
  const error = await errorOf(() => dataSet({ ...GOOD, ...change }));
  expect(error).toMatchObject({ code, message: expect.stringMatching(message) as string });
});
