import { expect, test } from 'vitest';
import { numberNames } from '../data/identity.ts';
import {
  extraCount,
  extraExamples,
  extraWords,
  requireExtraData,
  type ConsentedExamples,
} from './extraData.ts';

const ARMS = [
  { name: 'relu', recipe: {} },
  { name: 'with drawings', recipe: { extraData: ['unipen-digits' as const] } },
];
const DIGITS = { name: 'digits', shape: [28, 28], classes: numberNames(10) };

test('drawings are added to digits of 28 × 28 grey pixels, whatever their source', () => {
  requireExtraData(ARMS, DIGITS);
  requireExtraData(ARMS.slice(0, 1), { name: 'photos', shape: [32, 32, 3], classes: ['a', 'b'] });
});

test.each([
  [{ shape: [28, 28, 3] }, /received digits, 28 × 28 pixels in 3 channels in 10 classes \(0, 1/],
  [{ shape: [32, 32] }, /with drawings: extraData unipen-digits are digits.*received digits, 32 × 32 pixels/],
  [{ classes: numberNames(26) }, /28 × 28 pixels in 26 classes\. Leave it out\./],
  [{ name: 'clothes', classes: [...'abcdefghij'] }, /received clothes, 28 × 28 pixels in 10 classes \(a, b/],
])('%j: refused, naming the arm and what the images are', (change, message) => {
  const refused = (): void => {
    requireExtraData(ARMS, { ...DIGITS, ...change });
  };
  expect(refused).toThrow(message);
});

const CONSENTED = { images: 2, sha256: 'ab'.repeat(32), consents: ['aaaa'] };
const IMAGES: ConsentedExamples = {
  images: { data: new Uint8Array(2 * 784), shape: [2, 28, 28] },
  labels: new Uint8Array(2),
  classes: 10,
  names: numberNames(10),
  about: CONSENTED,
};

test('images under consent are counted, named and taken where they are those of the recipe', () => {
  const recipe = { consented: CONSENTED };
  expect(extraCount({ ...recipe, extraData: ['unipen-digits'] })).toBe(8059);
  expect(extraWords(recipe)).toEqual(['two\u00a0images under one\u00a0consent']);
  expect(extraExamples(recipe, { consented: IMAGES })).toEqual([IMAGES]);
  expect(() => extraExamples(recipe)).toThrow(
    /two\u00a0images under one\u00a0consent, SHA-256 abababababab…; received none/,
  );
  const others = { ...IMAGES, about: { ...CONSENTED, sha256: 'cd'.repeat(32) } };
  expect(() => extraExamples(recipe, { consented: others })).toThrow(
    /received others, SHA-256 cdcdcdcdcdcd…/,
  );
});

test('images under consent have the size and the classes of the training images', () => {
  const arms = [{ name: 'network', recipe: { consented: CONSENTED } }];
  requireExtraData(arms, { ...DIGITS, extra: { consented: IMAGES } });
  for (const other of [{ shape: [32, 32] }, { classes: numberNames(26) }]) {
    expect(() => {
      requireExtraData(arms, { ...DIGITS, ...other, extra: { consented: IMAGES } });
    }).toThrow(/network: expected further images as those of digits are.* or train without --extra\.$/);
  }
});
