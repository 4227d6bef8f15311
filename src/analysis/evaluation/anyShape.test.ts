import { expect, test } from 'vitest';
import type { Examples } from '../../data/examples.ts';
import { Dense, Flatten, Input } from '../../nn/layers.ts';
import { Sequential } from '../../nn/sequential.ts';
import { Random } from '../../util/random.ts';
import { sizeOf } from '../../util/tensor.ts';
import { blurred } from '../explanations/baselines.ts';
import { occlusion } from '../explanations/occlusion.ts';
import { strokeMeasures } from '../equity/strokeMeasures.ts';
import { squareSearch } from '../adversarial/square.ts';
import { Target } from '../adversarial/target.ts';
import { unmetNeed } from './needs.ts';

function examples(n: number, shape: readonly number[], classes: number, seed: number): Examples {
  const random = new Random(seed, 'examples');
  const data = Uint8Array.from({ length: n * sizeOf(shape) }, () => random.integer(256));
  const labels = Uint8Array.from({ length: n }, (_, k) => k % classes);
  return { images: { data, shape: [n, ...shape] }, labels, classes };
}

test('needs: rows of numbers have no pictures, other test images no membership, other data no populations', () => {
  const flat = { train: examples(4, [6], 2, 1), test: examples(4, [6], 2, 2), facts: {} };
  expect(unmetNeed(['images'], { data: flat, name: 'Rows', givenTest: false })).toMatch(/rows of numbers/);
  const data = { train: examples(4, [6, 5], 2, 1), test: examples(4, [6, 5], 2, 2), facts: {} };
  const of = (needs: Parameters<typeof unmetNeed>[0], givenTest: boolean) =>
    unmetNeed(needs, { data, name: 'Scans', givenTest });
  expect(of(['images', 'ownTest'], false)).toBeNull();
  expect(of(['ownTest'], true)).toBe("it is about Scans's own test images");
  expect(of(['hundred'], false)).toMatch(/at least 100 .* there are 4/);
  expect(of(['population'], false)).toMatch(/nobody has told them of Scans/);
});

test('the random search stays within ε and finds the one pixel of a 3 × 5 × 2 image that decides in nine of ten, 200 images', async () => {
  const shape = [3, 5, 2];
  const model = new Sequential([Input(shape), Flatten(), Dense(2, { activation: 'softmax' })]);
  const kernel = new Float32Array(60);
  // Class 1 where the value at row 1, column 4, channel 1 is above 100.
  kernel[2 * ((1 * 5 + 4) * 2 + 1) + 1] = 1;
  model.setWeights([
    { data: kernel, shape: [30, 2] },
    { data: Float32Array.of(100, 0), shape: [2] },
  ]);
  const images = new Float32Array(200 * 30).fill(90);
  const labels = new Uint8Array(200);
  const search = (epsilon: number) =>
    squareSearch(new Target(model), images, labels, { epsilon, queries: 60, extents: [3, 5, 2], seed: 0 });
  expect((await search(9 / 255)).includes(1)).toBe(false);
  expect((await search(11 / 255)).filter((flag) => flag === 1).length).toBeGreaterThan(180);
});

test('occlusion of a 3 × 4 × 2 image whose sides are no multiples, by hand', () => {
  // F = the sum of all values: wiping a square costs what is in it.
  const model = new Sequential([Input([3, 4, 2]), Flatten(), Dense(2)]);
  model.setWeights([
    { data: Float32Array.from({ length: 48 }, (_, k) => (k % 2 === 0 ? 1 : 0)), shape: [24, 2] },
    { data: new Float32Array(2), shape: [2] },
  ]);
  const data = Float32Array.from({ length: 24 }, (_, k) => k + 1);
  const map = occlusion(model, { data, shape: [1, 3, 4, 2] }, { classes: [0] }, { side: 2, stride: 2 });
  // Squares start at rows 0 and 1, columns 0 and 2; a pixel of row 1 is covered twice. Two channels share a drop.
  const sum = (top: number, left: number) =>
    [0, 1].flatMap((r) => [0, 1].map((c) => 4 * ((top + r) * 4 + left + c) + 3)).reduce((a, b) => a + b);
  expect(map[0]).toBeCloseTo(sum(0, 0) / 2, 4);
  expect(map[(1 * 4 + 3) * 2 + 1]).toBeCloseTo((sum(0, 2) + sum(1, 2)) / 2 / 2, 4);
  expect(map[(2 * 4 + 1) * 2]).toBeCloseTo(sum(1, 0) / 2, 4);
});

test('blurring colours blurs each channel like a grey image, to the bit', () => {
  const { images } = examples(2, [7, 9, 3], 2, 5);
  const whole = blurred(images);
  for (const channel of [0, 1, 2]) {
    const grey = images.data.filter((_, i) => i % 3 === channel);
    const own = blurred({ data: grey, shape: [2, 7, 9] });
    expect(whole.filter((_, i) => i % 3 === channel)).toEqual(own);
  }
});

test('stroke measures of a 6 × 10 image, by hand', () => {
  const image = new Uint8Array(60);
  for (const r of [2, 3, 4]) image[r * 10 + 7] = 255;
  const { ink, thickness, size, offCentre, slant } = strokeMeasures(image, { rows: 6, columns: 10 });
  expect(ink[0]).toBeCloseTo(3 / 60, 12);
  expect(size[0]).toBe(3);
  // The box's centre is (7, 3), the picture's (4.5, 2.5).
  expect(offCentre[0]).toBeCloseTo(Math.sqrt(2.5 * 2.5 + 0.5 * 0.5), 12);
  expect(slant[0]).toBe(0);
  // Forward differences: 3 on the left, 3 + 1 to the right and below the bar with √2 at its foot, 1 above.
  expect(thickness[0]).toBeCloseTo(6 / (3 + 2 + Math.SQRT2 + 1), 12);
});
