import { expect, test } from 'vitest';
import fixture from '../../../test/fixtures/equity.json' with { type: 'json' };
import { midranks } from '../../stats/midranks.ts';
import { loadMnist } from '../../store/mnist.ts';
import { MEASURES, strokeMeasures } from './strokeMeasures.ts';

const count = fixture.strokes.ink.length;
const images = loadMnist().test.images.data.subarray(0, count * 784);
const measured = strokeMeasures(images);

test.each(MEASURES)('%s of 150 test images is within 1e-9 of NumPy, SciPy and scikit-image', (name) => {
  expect(measured[name]).toHaveLength(count);
  measured[name].forEach((value, i) => {
    expect(Math.abs(value - fixture.strokes[name][i])).toBeLessThan(1e-9);
  });
});

test('thickness orders images as the depth of their skeleton does: rank correlation above .9', () => {
  const ranks = [measured.thickness, fixture.strokes.skeleton].map(
    (values) => midranks(Float64Array.from(values)).ranks,
  );
  const centre = (count + 1) / 2;
  const sum = (term: (i: number) => number) =>
    Array.from({ length: count }, (_, i) => term(i)).reduce((a, b) => a + b);
  const [a, b] = ranks;
  const covariance = sum((i) => (a[i] - centre) * (b[i] - centre));
  const spread = (one: ArrayLike<number>) => Math.sqrt(sum((i) => (one[i] - centre) * (one[i] - centre)));
  expect(covariance / (spread(a) * spread(b))).toBeGreaterThan(0.9);
});

/** Ink on rows × columns, both ends included. */
function bar(top: number, bottom: number, left: number, right: number): Uint8Array {
  const image = new Uint8Array(784);
  for (let r = top; r <= bottom; r++) image.fill(255, r * 28 + left, r * 28 + right + 1);
  return image;
}

test('a bar of 20 × 3 pixels, and an empty picture (worked by hand, 1e-12)', () => {
  const upright = strokeMeasures(bar(4, 23, 12, 14));
  expect(upright.ink[0]).toBeCloseTo(60 / 784, 12);
  // Of the 46 units of the perimeter two at the lower right corner are one step of √2.
  expect(upright.thickness[0]).toBeCloseTo(120 / (44 + Math.SQRT2), 12);
  expect(upright.slant[0]).toBe(0);
  expect(upright.size[0]).toBe(60);
  expect(upright.offCentre[0]).toBe(0.5);
  const empty = strokeMeasures(new Uint8Array(784));
  for (const name of MEASURES) expect([...empty[name]]).toEqual([0]);
});

test('a diagonal up to the right leans right by 1 column a row, its mirror left (1e-12)', () => {
  const image = new Uint8Array(784);
  for (let k = 0; k < 10; k++) image[(20 - k) * 28 + 5 + k] = 200;
  const mirrored = Uint8Array.from(image, (_, at) => image[Math.floor(at / 28) * 28 + 27 - (at % 28)]);
  expect(strokeMeasures(image).slant[0]).toBeCloseTo(1, 12);
  expect(strokeMeasures(mirrored).slant[0]).toBeCloseTo(-1, 12);
});
