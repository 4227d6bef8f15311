import { expect, test } from 'vitest';
import type { Picture } from '../src/images/scale.ts';
import { readDigits } from '../src/reading/readDigits.ts';
import { loadMnist } from '../src/store/mnist.ts';
import { shippedReader } from '../src/store/reader.ts';
import { Random } from '../src/util/random.ts';
import { digitsOf } from '../scripts/measure-reading/setting.ts';
import { askew, between, onPaper, photographed, rowOf } from './support/writtenPictures.ts';

const reader = await shippedReader();
const { test: digits } = loadMnist();
const WRITTEN = [2, 0, 2, 6];

/** '2026' from test images of MNIST, so by several writers, dark on textured, unevenly lit paper, seen by a camera that is turned and tilted. */
function photo(seed: number, factor: number, slope: number, tilt: number): Picture {
  const random = new Random(seed, '2026');
  const images = WRITTEN.map((digit) => {
    let index = random.integer(digits.labels.length);
    while (digits.labels[index] !== digit) index = (index + 1) % digits.labels.length;
    return digits.images.data.subarray(index * 784, (index + 1) * 784);
  });
  const sheet = rowOf(images, {
    factor,
    gap: () => between(random, 2, 5),
    jitter: () => between(random, -1, 1),
    margin: 20,
  });
  const [rows, columns] = [Math.round(1.3 * sheet.rows), Math.round(1.2 * sheet.columns)];
  const look = askew(sheet, rows, columns, { slope, tilt, scale: 1 });
  const paper = {
    ...{ paper: [200, 195, 180], ink: [60, 60, 80], texture: 3, noise: 3 },
    light: (x: number, y: number) => 1 - (0.3 * (x + y)) / (rows + columns),
  };
  return onPaper(photographed(sheet, rows, columns, look), paper, random);
}

test.each([
  [3, 0.17, 0.1],
  [4, 0.1, 0.15],
  [6, -0.15, 0.2],
  [12, 0.08, -0.2],
])(
  '2026, enlarged %s times, lines sloping by %s, tilted by %s: read in four of five writings and more',
  (factor, slope, tilt) => {
    const texts = [1, 2, 3, 4, 5].map((seed) =>
      digitsOf(readDigits(photo(seed, factor, slope, tilt), reader)),
    );
    const right = texts.filter(([text, ...others]) => text === '2026' && others.length === 0);
    expect(right.length).toBeGreaterThanOrEqual(4);
  },
);

test('the same photograph gives the same answer; 2026 is read whether all of it is sure or not, and what is sure says so', () => {
  const readings = [1, 2, 3].map((seed) => readDigits(photo(seed, 4, 0.1, 0.1), reader));
  expect(readDigits(photo(1, 4, 0.1, 0.1), reader)).toEqual(readings[0]);
  for (const reading of [...readings, readDigits(photo(1, 6, 0.1, 0.1), reader)]) {
    expect(digitsOf(reading)).toEqual(['2026']);
  }
  const sure = readings.filter(({ numbers }) => numbers.every(({ notSure }) => notSure === undefined));
  expect(sure.length).toBeGreaterThan(0);
  for (const { numbers } of sure) expect(numbers.map(({ text }) => text)).toEqual(['2026']);
});
