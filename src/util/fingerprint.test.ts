import { expect, test } from 'vitest';
import { fingerprint as fingerprintInSteps } from './fingerprint.ts';
import { atOnce } from './steps.ts';
import type { Tensor } from './tensor.ts';

const fingerprint = (tensor: Tensor): string => atOnce(fingerprintInSteps(tensor));

const bytes = (...values: number[]) => ({ data: Uint8Array.from(values), shape: [values.length] });

test('equal tensors have equal fingerprints, wherever they lie in memory', () => {
  const values = Uint8Array.from({ length: 41 }, (_, i) => (i * 37) % 256);
  const shifted = new Uint8Array(44);
  shifted.set(values, 3);
  const one = fingerprint({ data: values, shape: [41] });
  expect(one).toMatch(/^[0-9a-f]{32}$/);
  expect(fingerprint({ data: shifted.subarray(3), shape: [41] })).toBe(one);
});

test('every single byte, the type, the shape and the length count', () => {
  const values = Array.from({ length: 41 }, (_, i) => (i * 37) % 256);
  const all = [fingerprint(bytes(...values))];
  for (let i = 0; i < values.length; i++) all.push(fingerprint(bytes(...values.with(i, values[i] ^ 1))));
  for (let length = 0; length < values.length; length++)
    all.push(fingerprint(bytes(...values.slice(0, length))));
  all.push(fingerprint({ data: Uint8ClampedArray.from(values), shape: [41] }));
  all.push(fingerprint({ data: Float32Array.from(values), shape: [41] }));
  all.push(fingerprint({ data: Uint8Array.from(values), shape: [41, 1] }));
  all.push(fingerprint(bytes(...values.toReversed())));
  expect(new Set(all).size).toBe(all.length);
});

test('labels with any two classes exchanged are others', () => {
  const labels = Array.from({ length: 60 }, (_, i) => i % 10);
  const all = [fingerprint(bytes(...labels))];
  for (let a = 0; a < 10; a++) {
    for (let b = 0; b < a; b++) {
      all.push(fingerprint(bytes(...labels.map((label) => (label === a ? b : label === b ? a : label)))));
    }
  }
  expect(new Set(all).size).toBe(46);
});

test('2,500,002 words are gone through with a stop after every 1,048,576; the last ones count', () => {
  const data = new Float32Array(2_500_002);
  const steps = fingerprintInSteps({ data, shape: [data.length] });
  let stops = 0;
  while (!steps.next().done) stops++;
  expect(stops).toBe(2);
  const zeros = fingerprint({ data, shape: [data.length] });
  for (const place of [1_048_576, 2_499_999, 2_500_001]) {
    const other = data.slice();
    other[place] = 1;
    expect(fingerprint({ data: other, shape: [data.length] })).not.toBe(zeros);
  }
});
