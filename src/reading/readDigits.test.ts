import fc from 'fast-check';
import { expect, test } from 'vitest';
import { errorOf } from '../../test/support/models.ts';
import type { Picture } from '../images/scale.ts';
import { untrained } from './fixtures/untrained.ts';
import { readDigits } from './readDigits.ts';
import type { Reader } from './reader.ts';

const reader = untrained();

function filled(rows: number, columns: number, channels: number, level: number): Picture {
  return { data: new Uint8Array(rows * columns * channels).fill(level), rows, columns, channels };
}

const pictures = fc
  .tuple(
    fc.integer({ min: 1, max: 60 }),
    fc.integer({ min: 1, max: 60 }),
    fc.integer({ min: 1, max: 4 }),
    fc.integer(),
    fc.integer({ min: 1, max: 256 }),
  )
  .map(([rows, columns, channels, seed, levels]): Picture => {
    let state = seed >>> 0;
    const data = Uint8Array.from({ length: rows * columns * channels }, () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return (state >>> 16) % levels;
    });
    return { data, rows, columns, channels };
  });

test('any bytes are a picture: boxes lie within, probabilities sum to 1 within 1e-9, texts fit the digits', () => {
  fc.assert(
    fc.property(pictures, (picture) => {
      const { numbers, width, height } = readDigits(picture, reader);
      expect([width, height]).toEqual([picture.columns, picture.rows]);
      for (const { text, digits, box } of numbers) {
        expect(text).toBe(digits.map(({ digit, notSure }) => (notSure === undefined ? digit : '?')).join(''));
        for (const own of [box, ...digits.map((digit) => digit.box)]) {
          expect(own.left).toBeGreaterThanOrEqual(0);
          expect(own.top).toBeGreaterThanOrEqual(0);
          expect(own.width).toBeGreaterThan(0);
          expect(own.height).toBeGreaterThan(0);
          expect(own.left + own.width).toBeLessThanOrEqual(width);
          expect(own.top + own.height).toBeLessThanOrEqual(height);
        }
        for (const { probabilities, none, confidence, digit, second, image, crop } of digits) {
          expect(Math.abs(probabilities.reduce((a, b) => a + b) + none - 1)).toBeLessThan(1e-9);
          expect(confidence).toBe(Math.max(...probabilities));
          expect(probabilities[digit]).toBe(confidence);
          expect(second).not.toBe(digit);
          expect(image.length).toBe(784);
          expect(crop.data.length).toBe(crop.rows * crop.columns);
        }
      }
    }),
    { numRuns: 100 },
  );
});

test.each([
  ['of one pixel', filled(1, 1, 1, 0)],
  ['blank', filled(120, 90, 3, 255)],
  ['all ink', filled(120, 90, 1, 0)],
  ['one row high', filled(1, 500, 1, 130)],
  ['transparent', filled(50, 50, 4, 0)],
])('a picture %s: no number, and a note that says so', (_, picture) => {
  const { numbers, notes } = readDigits(picture, reader);
  expect(numbers).toEqual([]);
  expect(notes).toEqual(['No digit was found.']);
});

test.each<[string, unknown, string, RegExp]>([
  ['no picture', null, 'E_ARGUMENT', /data, rows, columns, channels/],
  ['data that are no bytes', { ...filled(2, 2, 1, 0), data: [0, 0, 0, 0] }, 'E_ARGUMENT', /Uint8Array/],
  [
    'too few bytes',
    { ...filled(2, 2, 1, 0), rows: 3 },
    'E_SHAPE',
    /2 × 3 pixels of 1 channels need 6 bytes, received 4/,
  ],
  ['no rows', { ...filled(2, 2, 1, 0), rows: 0 }, 'E_ARGUMENT', /rows: a whole number from 1/],
  ['five channels', { ...filled(2, 2, 1, 0), channels: 5 }, 'E_ARGUMENT', /channels: 1 to 4/],
  [
    '50,000 × 50,000',
    { ...filled(1, 1, 1, 0), rows: 50_000, columns: 50_000 },
    'E_SHAPE',
    /at most 67108864 pixels/,
  ],
])('%s: one sentence', async (_, picture, code, message) => {
  const error = await errorOf(() => readDigits(picture as Picture, reader));
  expect(error.code).toBe(code);
  expect(error.message).toMatch(message);
});

test('no reader, a threshold that is no share, an option that is unknown: E_ARGUMENT', async () => {
  const picture = filled(5, 5, 1, 0);
  for (const use of [
    () => readDigits(picture, {} as Reader),
    () => readDigits(picture, reader, { sureFrom: 2 }),
    () => readDigits(picture, reader, { sure: 1 } as object),
  ]) {
    expect((await errorOf(use)).code).toBe('E_ARGUMENT');
  }
});

test('noise of three million pixels is read within bounds', () => {
  let state = 1;
  const data = Uint8Array.from({ length: 3_000_000 }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  });
  const { numbers } = readDigits({ data, rows: 1500, columns: 2000, channels: 1 }, reader);
  expect(numbers.flatMap(({ digits }) => digits).length).toBeLessThan(20_000);
});

test('the upright rule of a form is no one: it is passed over, and a note says so', () => {
  const picture = filled(120, 240, 1, 230);
  const ink = (left: number, top: number, width: number, height: number): void => {
    for (let row = top; row < top + height; row++) {
      picture.data.fill(30, row * 240 + left, row * 240 + left + width);
    }
  };
  for (const [left, width] of [
    [60, 5],
    [100, 20],
    [150, 5],
  ]) {
    ink(left, 45, width, 30);
  }
  const before = readDigits(picture, reader);
  ink(30, 10, 4, 95);
  const { numbers, notes } = readDigits(picture, reader);
  const lefts = numbers.flatMap(({ digits }) => digits.map(({ box }) => box.left));
  expect(lefts.length).toBe(before.numbers.flatMap(({ digits }) => digits).length);
  expect(Math.min(...lefts)).toBeGreaterThan(34);
  expect(notes).toContain(
    '1 ruled line or box was taken for paper; ink under or beside it may not have been read.',
  );
  expect(before.notes.some((note) => note.includes('ruled'))).toBe(false);
});

test('a box around three marks, nearly as wide as the picture or not, is passed over with a note, and they are found as without it', () => {
  const drawn = (box: boolean, across: number): Picture => {
    const picture = filled(140, across, 1, 230);
    const ink = (left: number, top: number, width: number, height: number): void => {
      for (let row = top; row < top + height; row++)
        picture.data.fill(30, row * across + left, row * across + left + width);
    };
    ink(60, 45, 5, 40);
    ink(100, 45, 24, 40);
    ink(150, 45, 5, 40);
    if (!box) return picture;
    ink(20, 20, 180, 3);
    ink(20, 107, 180, 3);
    ink(20, 20, 3, 90);
    ink(197, 20, 3, 90);
    return picture;
  };
  const leftsOf = ({ numbers }: ReturnType<typeof readDigits>): number[] =>
    numbers.flatMap(({ digits }) => digits.map(({ box }) => box.left));
  for (const across of [220, 400]) {
    const plain = readDigits(drawn(false, across), reader);
    const boxed = readDigits(drawn(true, across), reader);
    expect(leftsOf(boxed)).toEqual(leftsOf(plain));
    expect(boxed.notes).toContain(
      '1 ruled line or box was taken for paper; ink under or beside it may not have been read.',
    );
  }
});
