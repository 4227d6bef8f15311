import { expect, test } from 'vitest';
import { numberNames } from '../data/identity.ts';
import { requireExtraData } from './extraData.ts';

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
