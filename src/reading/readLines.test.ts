import { expect, test } from 'vitest';
import type { Sequential } from '../nn/sequential.ts';
import type { Reader } from './reader.ts';
import { readLines, type WrittenLine } from './readLines.ts';
import { APART } from './weights.ts';

/** Answers by an image's first byte: its probability of a 3 in hundredths, the rest a 5. */
const model = {
  inputShape: [28, 28],
  outputs: 11,
  predict: ({ data, shape }: { data: Uint8Array; shape: number[] }) => {
    const outputs = new Float32Array(shape[0] * 11);
    for (let i = 0; i < shape[0]; i++) {
      outputs[i * 11 + 3] = data[i * 784] / 100;
      outputs[i * 11 + 5] = 1 - data[i * 784] / 100;
    }
    return { data: outputs, shape: [shape[0], 11] };
  },
} as unknown as Sequential;
const reader: Reader = { name: 'made up', hash: '', model, temperature: 1, sureFrom: 0.9 };

function image(hundredths: number): Uint8Array {
  return new Uint8Array(784).fill(hundredths, 0, 1);
}

/** Digits 15 wide and 20 high, as far apart, each with these images. */
function lineOf(images: readonly (readonly Uint8Array[])[]): WrittenLine {
  const boxes = images.map((_, k) => ({ left: 20 * k, right: 20 * k + 15, top: 0, bottom: 20 }));
  return {
    boxes,
    height: 20,
    cuts: new Float64Array(images.length + 1),
    weights: APART,
    partOf: (from) => ({ images: images[from], box: boxes[from] }),
    cropOf: () => ({ data: new Uint8Array(1), rows: 1, columns: 1, channels: 1 }),
    boxIn: ({ left, top, right, bottom }) => ({ left, top, width: right - left, height: bottom - top }),
  };
}

test('probabilities of a digit with several images are their means, within 1e-7; it shows the first', () => {
  const first = image(80);
  const lines = [lineOf([[image(5)], [first, image(50)], [image(96)]])];
  const [{ digits, text }] = readLines(lines, reader, 0.9);
  expect(text).toBe('5?3');
  expect(digits.map(({ digit }) => digit)).toEqual([5, 3, 3]);
  // (.8 + .5) / 2
  expect(Math.abs(digits[1].confidence - 0.65)).toBeLessThan(1e-7);
  expect(digits[1].image).toBe(first);
  expect(Math.abs(digits[2].confidence - 0.96)).toBeLessThan(1e-7);
});

test('answers of one line do not reach another', () => {
  const lines = [lineOf([[image(100), image(100)]]), lineOf([[image(0)], [image(100)]])];
  expect(readLines(lines, reader, 0.9).map(({ text, line }) => [text, line])).toEqual([
    ['3', 0],
    ['53', 1],
  ]);
});
