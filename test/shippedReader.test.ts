import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import results from '../scripts/train-reader/results.json' with { type: 'json' };
import { cardOf } from '../scripts/train-reader/card.ts';
import type { Results } from '../scripts/train-reader/results.ts';
import { rasterizeStrokes } from '../src/images/rasterize.ts';
import { readDigits } from '../src/reading/readDigits.ts';
import { readStrokes } from '../src/reading/readStrokes.ts';
import { recognised } from '../src/reading/recognise.ts';
import { shippedReader } from '../src/store/reader.ts';
import { sha256 } from '../src/store/sha256.ts';

const FILE = new URL('../data/reader.safetensors', import.meta.url);

test('the file is the one whose numbers are recorded, and small', async () => {
  const bytes = readFileSync(FILE);
  expect({ bytes: bytes.length, sha256: sha256(bytes) }).toEqual(results.file);
  expect(bytes.length).toBeLessThan(350_000);
  const reader = await shippedReader();
  expect(reader.hash).toBe(results.file.sha256);
  expect(reader.model.weightsHash()).toBe(results.made.weights.all);
  const { temperature, sureFrom } = results.calibration;
  expect(reader).toMatchObject({ temperature, sureFrom });
});

test('the card says the recorded numbers', () => {
  const card = readFileSync(new URL('../data/reader.md', import.meta.url), 'utf8');
  expect(card).toBe(cardOf(results as unknown as Parameters<typeof cardOf>[0] & Results));
});

test('what was promised was measured: ≥ .96 of the drawings, ≥ .990 of the test images, ≤ .5 % of sure answers wrong', () => {
  expect(results.drawings.error.rate).toBeLessThanOrEqual(0.04);
  expect(results.test.error.count).toBeLessThanOrEqual(100);
  expect(results.nested.sureWrong.rate).toBeLessThanOrEqual(0.005);
});

test('no digit is doubted far more than others: at most 10 % of each of MNIST’s test images are not sure', () => {
  for (const { n, count } of results.test.notSureByDigit) expect(count / n).toBeLessThanOrEqual(0.1);
});

/** Drawn for this test, x₀, y₀, x₁, y₁, …: none of them is in the data. */
const DRAWN: Readonly<Record<string, { read: number; strokes: number[][] }>> = {
  'a plain 1': { read: 1, strokes: [[0, 0, 0, 100]] },
  'a 7': { read: 7, strokes: [[0, 0, 60, 0, 20, 100]] },
  'a crossed 7': {
    read: 7,
    strokes: [
      [0, 0, 60, 0, 20, 100],
      [10, 50, 60, 50],
    ],
  },
  'an open 4': {
    read: 4,
    strokes: [
      [10, 0, 0, 55, 60, 55],
      [45, 10, 45, 100],
    ],
  },
  'a 0': { read: 0, strokes: [[30, 0, 8, 15, 0, 50, 8, 85, 30, 100, 52, 85, 60, 50, 52, 15, 30, 0]] },
  'a 2': { read: 2, strokes: [[0, 20, 15, 3, 35, 0, 55, 12, 55, 35, 30, 65, 0, 100, 62, 100]] },
  'a 3': { read: 3, strokes: [[0, 8, 30, 0, 50, 18, 40, 40, 20, 46, 45, 55, 55, 75, 40, 96, 0, 95]] },
  'a cross': {
    read: 10,
    strokes: [
      [0, 0, 100, 100],
      [0, 100, 100, 0],
    ],
  },
  'a level line': { read: 10, strokes: [[0, 0, 100, 5]] },
};

test.each(Object.entries(DRAWN))('%s is read', async (_, { read, strokes }) => {
  const outputs = recognised(await shippedReader(), [rasterizeStrokes(strokes)]);
  expect(outputs.indexOf(Math.max(...outputs))).toBe(read);
});

test('a level line is no number, drawn or photographed', async () => {
  const reader = await shippedReader();
  const picture = { data: new Uint8Array(100 * 200).fill(230), rows: 100, columns: 200, channels: 1 };
  for (let row = 48; row < 54; row++) picture.data.fill(40, row * 200 + 60, row * 200 + 140);
  for (const { numbers } of [readStrokes([[0, 0, 100, 5]], reader), readDigits(picture, reader)]) {
    expect(numbers.every(({ text }) => text === '?')).toBe(true);
  }
});
