import { expect, test } from 'vitest';
import { untrained } from './fixtures/untrained.ts';
import { recognised } from './recognise.ts';

const image = Uint8Array.from({ length: 784 }, (_, i) => (i * 37) % 256);

test('a temperature divides the logarithms of the probabilities, within 1e-12', () => {
  const reader = untrained();
  const plain = reader.model.predict({ data: image, shape: [1, 28, 28] }).data;
  const powers = [...plain].map((p) => Math.exp(Math.log(p) / 2.5));
  const sum = powers.reduce((a, b) => a + b);
  const outputs = recognised({ ...reader, temperature: 2.5 }, [image, image]);
  outputs.forEach((value, k) => {
    expect(Math.abs(value - powers[k % 11] / sum)).toBeLessThan(1e-12);
  });
});

test('ten outputs: none has probability 0', () => {
  const outputs = recognised(untrained(10), [image]);
  expect(outputs[10]).toBe(0);
  expect(Math.abs(outputs.reduce((a, b) => a + b) - 1)).toBeLessThan(1e-6);
});

test('many images at once are read as one by one', () => {
  const reader = untrained();
  const images = Array.from({ length: 2100 }, (_, k) => image.map((byte) => (byte + k) % 256));
  const all = recognised(reader, images);
  for (const k of [0, 2047, 2048, 2099]) {
    expect(all.slice(11 * k, 11 * k + 11)).toEqual(recognised(reader, [images[k]]));
  }
});

test('a dash is no digit, whatever the network says of it, even one that knows no such class', () => {
  const dash = new Uint8Array(784).fill(255, 13 * 28 + 4, 13 * 28 + 24);
  for (const outputs of [10, 11] as const) {
    expect([...recognised(untrained(outputs), [image, dash])].slice(11)).toEqual([
      ...new Array<number>(10).fill(0),
      1,
    ]);
  }
});
