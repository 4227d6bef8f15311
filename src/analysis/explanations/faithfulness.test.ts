import { expect, test } from 'vitest';
import { Sequential } from '../../nn/sequential.ts';
import { Dense, Flatten, Input, Rescaling } from '../../nn/layers.ts';
import { pairedT } from '../../stats/pairedT.ts';
import { Random } from '../../util/random.ts';
import { compareFaithfulness } from './comparison.ts';
import { faithfulness } from './faithfulness.ts';
import { type MethodName, METHOD_NAMES } from './methods.ts';
import { similarityOfMaps } from './similarity.ts';

/** Two classes; the first one's logit is `strength` × the first pixel, the other's 0. */
function onePixel(strength: number): Sequential {
  const model = new Sequential([
    Input([2, 2]),
    Rescaling(1 / 255),
    Flatten(),
    Dense(2, { activation: 'softmax' }),
  ]);
  const kernel = new Float32Array(8);
  kernel[0] = strength;
  model.setWeights([
    { data: kernel, shape: [4, 2] },
    { data: new Float32Array(2), shape: [2] },
  ]);
  return model;
}

const IMAGES = { data: Uint8Array.of(255, 255, 0, 255), shape: [1, 2, 2] };
const FULL = 1 / (1 + Math.exp(-3));

test('deletion: the curve falls when the one pixel that counts is wiped, its area by trapezoids; worked by hand, within 1e-6', () => {
  const first = faithfulness(onePixel(3), IMAGES, [0], Float32Array.of(9, 1, 1, 1), { steps: 4 });
  const last = faithfulness(onePixel(3), IMAGES, [0], Float32Array.of(0, 1, 1, 1), { steps: 4 });
  [FULL, 0.5, 0.5, 0.5, 0.5].forEach((value, k) => {
    expect(first.deletion[k]).toBeCloseTo(value, 6);
  });
  [FULL, FULL, FULL, FULL, 0.5].forEach((value, k) => {
    expect(last.deletion[k]).toBeCloseTo(value, 6);
  });
  expect(first.deletionAreas[0]).toBeCloseTo((FULL / 2 + 0.5 * 3.5) / 4, 6);
  expect(last.deletionAreas[0]).toBeCloseTo((FULL * 3.5 + 0.25) / 4, 6);
});

test('insertion ends at the image itself and rises when the pixel that counts comes back', () => {
  const first = faithfulness(onePixel(3), IMAGES, [0], Float32Array.of(9, 1, 1, 1), { steps: 4 });
  const last = faithfulness(onePixel(3), IMAGES, [0], Float32Array.of(0, 1, 1, 1), { steps: 4 });
  expect(first.insertion[0]).toBe(last.insertion[0]);
  expect(first.insertion[0]).toBeLessThan(FULL - 0.1);
  expect(first.insertion[1]).toBeCloseTo(FULL, 6);
  expect(last.insertion[3]).toBe(last.insertion[0]);
  expect(first.insertionAreas[0]).toBeGreaterThan(last.insertionAreas[0]);
});

test('of a constant network both areas are its probability, and nothing is better than anything', async () => {
  const images = { data: Uint8Array.from({ length: 12 }, (_, i) => 20 * i), shape: [3, 2, 2] };
  const maps = Object.fromEntries(
    METHOD_NAMES.map((name, k) => [name, Float32Array.from({ length: 12 }, (_, i) => (i * (k + 3)) % 7)]),
  ) as Record<MethodName, Float32Array>;
  const methods = await compareFaithfulness(onePixel(0), images, [0, 0, 0], maps, 0, {});
  for (const { deletion, insertion, advantages } of methods) {
    expect(deletion.mean).toBeCloseTo(0.5, 12);
    expect(insertion.mean).toBeCloseTo(0.5, 12);
    for (const { difference, p } of advantages) expect([difference, p]).toEqual([0, 1]);
  }
});

test('maps are alike with themselves, opposite with their reverse, and flat ones are left out', () => {
  const pixels = Uint8Array.of(9, 9, 9, 0, 9, 9, 9, 0);
  const map = Float32Array.of(1, 2, 3, 50, 3, 1, 2, 50);
  expect(similarityOfMaps(map, map, pixels, 4)).toMatchObject({ absolute: 1, signed: 1, images: 2 });
  const turned = Float32Array.of(-1, -2, -3, 7, -3, -1, -2, 9);
  expect(similarityOfMaps(map, turned, pixels, 4)).toMatchObject({ absolute: 1, signed: -1, images: 2 });
  const flat = Float32Array.of(1, 1, 1, 0, 3, 1, 2, 8);
  expect(similarityOfMaps(map, flat, pixels, 4)).toMatchObject({ absolute: 1, low: null, images: 1 });
  expect(similarityOfMaps(map, new Float32Array(8), pixels, 4).absolute).toBeNull();
});

test('p of every advantage is that of a paired t-test, corrected by Holm over methods, controls and curves, within 1e-12', async () => {
  const images = { data: Uint8Array.from({ length: 40 }, (_, i) => (i * 53) % 256), shape: [10, 2, 2] };
  const maps = Object.fromEntries(
    METHOD_NAMES.map((name, k) => [name, Float32Array.from({ length: 40 }, (_, i) => (i * (k + 3)) % 7)]),
  ) as Record<MethodName, Float32Array>;
  const classes = new Array<number>(10).fill(0);
  const methods = await compareFaithfulness(onePixel(3), images, classes, maps, 4, {});
  const random = new Random(4, 'explanations/random order');
  const chance = Float32Array.from({ length: 40 }, () => random.uniform());
  const areas = (map: Float32Array) => faithfulness(onePixel(3), images, classes, map);
  const controls = [areas(chance), areas(Float32Array.from(images.data))];
  const raw = METHOD_NAMES.flatMap((name) => {
    const own = areas(maps[name]);
    return controls.flatMap((control) => [
      pairedT(control.deletionAreas.map((area, i) => area - own.deletionAreas[i])).p,
      pairedT(own.insertionAreas.map((area, i) => area - control.insertionAreas[i])).p,
    ]);
  });
  // In order the k-th of m p-values, from 0, times m − k; never less than one before it.
  const order = [...raw.keys()].sort((a, b) => raw[a] - raw[b]);
  let least = 0;
  const adjusted = new Map(
    order.map((t, k) => [t, (least = Math.max(least, Math.min(1, (raw.length - k) * raw[t])))]),
  );
  const received = methods.flatMap(({ advantages }) => advantages.map(({ p }) => p));
  expect(received).toHaveLength(4 * METHOD_NAMES.length);
  received.forEach((p, t) => {
    expect(p).toBeCloseTo(adjusted.get(t)!, 12);
  });
  expect(received.some((p, t) => p > 1.5 * raw[t])).toBe(true);
});
