import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DactylError } from '../../util/errors.ts';
import { readIdx, readIdxImages, readIdxLabels } from './idx.ts';

/** Two images of 1 × 3 pixels, written out by hand. */
const IMAGES = Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6);
/** Four labels. */
const LABELS = Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 4, 7, 2, 1, 0);

function messageOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof DactylError && error.code === 'E_IDX') return error.message;
    throw error;
  }
  throw new Error('nothing was thrown');
}

test('images and labels by hand', () => {
  expect(readIdxImages(IMAGES, 'x')).toEqual({ data: Uint8Array.of(1, 2, 3, 4, 5, 6), shape: [2, 1, 3] });
  expect(readIdxLabels(LABELS, 'x')).toEqual({ data: Uint8Array.of(7, 2, 1, 0), shape: [4] });
});

test('the values are a view, also of bytes that are a view themselves', () => {
  const room = new Uint8Array(40);
  room.set(LABELS, 5);
  const { data } = readIdx(room.subarray(5, 5 + LABELS.length), 'x');
  expect(data.buffer).toBe(room.buffer);
  expect(data.byteOffset).toBe(13);
  room[13] = 9;
  expect(data[0]).toBe(9);
});

test('every fault names the file, the byte offset, what was expected and what was received', () => {
  const changed = (offset: number, value: number): Uint8Array => IMAGES.with(offset, value);
  const cases: [Uint8Array, string][] = [
    [new Uint8Array(0), 'f, byte 0: expected the 4 bytes of the magic number, received the end of the file.'],
    [changed(0, 31), 'f, byte 0: expected two zero bytes at the start, received 0x1f 0x00.'],
    [changed(1, 1), 'f, byte 1: expected two zero bytes at the start, received 0x00 0x01.'],
    [
      changed(2, 0x0a),
      'f, byte 2: expected a type of 0x08 (unsigned byte), 0x09 (signed byte), 0x0b (int16), 0x0c (int32), 0x0d (float32), 0x0e (float64), received 0x0a.',
    ],
    [changed(3, 0), 'f, byte 3: expected a rank of at least 1, received 0.'],
    [
      IMAGES.subarray(0, 10),
      'f, byte 10: expected a header of 16 bytes for rank 3, received the end of the file.',
    ],
    [changed(11, 0), 'f, byte 8: expected dimension 1 to be at least 1, received 0.'],
    [
      changed(7, 3),
      'f, byte 22: expected at least 9 values for dimensions 3 × 1 × 3, received 6 and the end of the file.',
    ],
    [
      changed(7, 1),
      'f, byte 19: expected the end of the file after 3 values (1 × 1 × 3), received 3 more bytes.',
    ],
  ];
  for (const [bytes, message] of cases) expect(messageOf(() => readIdx(bytes, 'f'))).toBe(message);
});

test('every element type, by hand: two values each', () => {
  const cases: [number, number[], number[]][] = [
    [0x09, [0xff, 0x80], [-1, -128]],
    [0x0b, [0xff, 0xfe, 1, 2], [-2, 258]],
    [0x0c, [0xff, 0xff, 0xff, 0xfd, 0, 1, 0, 0], [-3, 65536]],
    [0x0d, [0x3f, 0x80, 0, 0, 0xc0, 0x20, 0, 0], [1, -2.5]],
    [0x0e, [0x3f, 0xf0, 0, 0, 0, 0, 0, 0, 0xc0, 4, 0, 0, 0, 0, 0, 0], [1, -2.5]],
  ];
  for (const [type, values, expected] of cases) {
    const bytes = Uint8Array.from([0, 0, type, 1, 0, 0, 0, 2, ...values]);
    expect([...readIdx(bytes, 'f').data]).toEqual(expected);
    expect(messageOf(() => readIdx(bytes.subarray(0, -1), 'f'))).toMatch(
      /received 1 and the end of the file/,
    );
    expect(messageOf(() => readIdxLabels(bytes, 'f'))).toMatch(/^f, byte 2: expected type 0x08/);
  }
});

test('images must have rank 3, labels rank 1', () => {
  expect(messageOf(() => readIdxImages(LABELS, 'f'))).toBe(
    'f, byte 3: expected rank 3 (images × rows × columns), received 1.',
  );
  expect(messageOf(() => readIdxLabels(IMAGES, 'f'))).toBe(
    'f, byte 3: expected rank 1 (labels), received 3.',
  );
});

test('dimensions whose product is beyond every number allocate nothing', () => {
  const bytes = new Uint8Array(4 + 4 * 255).fill(0xff);
  bytes.set([0, 0, 8, 255]);
  expect(messageOf(() => readIdx(bytes, 'f'))).toMatch(/at least 4294967295 values/);
});

const idx = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 }).chain((shape) => {
  const count = shape.reduce((product, extent) => product * extent, 1);
  return fc.uint8Array({ minLength: count, maxLength: count }).map((values) => {
    const header = [0, 0, 8, shape.length, ...shape.flatMap((extent) => [0, 0, 0, extent])];
    return { shape, values, bytes: Uint8Array.from([...header, ...values]), headerLength: header.length };
  });
});

test('any well-formed file is read back', () => {
  fc.assert(
    fc.property(idx, ({ bytes, shape, values }) => {
      expect(readIdx(bytes, 'f')).toEqual({ data: values, shape });
    }),
  );
});

test('any truncation and any extension is refused', () => {
  fc.assert(
    fc.property(idx, fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 9 }), ({ bytes }, cut, tail) => {
      messageOf(() => readIdx(bytes.subarray(0, cut % bytes.length), 'f'));
      messageOf(() => readIdx(Uint8Array.from([...bytes, ...tail]), 'f'));
    }),
  );
});

test('any flipped header byte is refused by the reader of images', () => {
  const bytes = Uint8Array.from([
    0,
    0,
    8,
    3,
    0,
    0,
    0,
    3,
    0,
    0,
    0,
    5,
    0,
    0,
    0,
    7,
    ...new Array<number>(105).fill(1),
  ]);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 15 }), fc.integer({ min: 1, max: 255 }), (offset, flip) => {
      messageOf(() => readIdxImages(bytes.with(offset, bytes[offset] ^ flip), 'f'));
    }),
  );
});

test('bytes at random are refused as E_IDX or read, never anything else', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (tail) => {
      const bytes = Uint8Array.from([0, 0, 8, ...tail]);
      try {
        readIdx(bytes, 'f');
      } catch (error) {
        expect(error).toBeInstanceOf(DactylError);
      }
    }),
  );
});
