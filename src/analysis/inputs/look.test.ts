import { expect, test } from 'vitest';
import type { Dataset } from '../../data/examples.ts';
import { Dense, Flatten, Input, Rescaling } from '../../nn/layers.ts';
import { Sequential } from '../../nn/sequential.ts';
import { Random } from '../../util/random.ts';
import { mostProbable } from '../mostProbable.ts';
import type { Subject } from '../subject.ts';
import { lookAtInputs } from './look.ts';
import { IMAGE_VARIANTS } from './variants.ts';

/** The pixels that are ink in an image of class c: two rows of its own, the left half. */
const ink = (c: number): number[] =>
  [2 * c + 4, 2 * c + 5].flatMap((row) => Array.from({ length: 14 }, (_, column) => 28 * row + column));

/** Each output is a weight times the ink in its class's rows, so that every image is read, and a blank one as 0. */
function reader(weight: number, ...before: ReturnType<typeof Rescaling>[]): Subject {
  const model = new Sequential([
    Input([28, 28]),
    ...before,
    Flatten(),
    Dense(10, { activation: 'softmax', useBias: false }),
  ]);
  const kernel = new Float32Array(7840);
  for (let c = 0; c < 10; c++) for (const pixel of ink(c)) kernel[10 * pixel + c] = weight;
  model.setWeights([{ data: kernel, shape: [784, 10] }]);
  return { arm: 'reader', activation: 'softmax', seed: 3, hash: 'a'.repeat(64), model };
}

const CLASSES = (() => {
  const classes = Array.from({ length: 200 }, (_, k) => k % 10);
  new Random(0, 'order').shuffle(classes);
  return Uint8Array.from(classes);
})();

function dataset(labels: Uint8Array, turn: (pixels: Uint8Array) => Uint8Array = (pixels) => pixels): Dataset {
  const data = new Uint8Array(CLASSES.length * 784);
  CLASSES.forEach((c, k) => {
    for (const pixel of ink(c)) data[784 * k + pixel] = 255;
  });
  return { images: { data: turn(data), shape: [CLASSES.length, 28, 28] }, labels, classes: 10 };
}

const train = dataset(CLASSES);
const scaling = reader(0.1, Rescaling(1 / 255));
const lookAt = async (test: Dataset, subject = scaling) => {
  const { subjects, ...look } = await lookAtInputs([subject], { train, test });
  return { ...look, ...subjects[0] };
};

test('images as they should be: all read, none were they meant otherwise', async () => {
  const look = await lookAt(train);
  expect(look).toMatchObject({ images: 200, sample: 200, blank: 0, largestPixel: 255, accuracy: 1 });
  // 28 of 784 pixels are 255.
  expect(look.meanPixel).toBeCloseTo((28 * 255) / 784, 10);
  expect(look.classes).toEqual(new Array<number>(10).fill(20));
  expect(look.input).toEqual([0, 255 / 255]);
  expect(look.scaled).toBeNull();
  // A logit of 28 · .1 against nine of 0.
  expect(look.logLoss).toBeCloseTo(Math.log(1 + 9 * Math.exp(-2.8)), 5);
  // Turned, rows above 13 have no ink at all, and up to 13 those of the classes 0 to 4 have as much: 0 is the first of equals.
  expect(look.variants).toMatchObject({ inverted: 0, transposed: 0.1, stretched: 1 });
  expect(look.labels.tooHigh).toBe(0);
});

test.each(['inverted', 'transposed'] as const)('%s images are read once turned back', async (name) => {
  const look = await lookAt(dataset(CLASSES, (pixels) => IMAGE_VARIANTS[name](pixels, [28, 28, 1])!));
  expect(look.accuracy).toBeLessThanOrEqual(0.1);
  expect(look.variants[name]).toBe(1);
});

test('images both inverted and transposed, and pixels of 0 and 1', async () => {
  const both = await lookAt(dataset(CLASSES, (pixels) => IMAGE_VARIANTS.both(pixels, [28, 28, 1])!));
  expect(both.variants.both).toBe(1);
  expect(both.variants.inverted).toBeLessThanOrEqual(0.1);
  const faint = await lookAt(dataset(CLASSES, (pixels) => pixels.map((value) => value / 255)));
  expect(faint).toMatchObject({ largestPixel: 1, variants: { stretched: 1 } });
  expect(faint.meanPixel).toBeCloseTo(28 / 784, 10);
  expect(faint.trainMeanPixel).toBeCloseTo((28 * 255) / 784, 10);
});

test('labels one class off or of the neighbouring image are found', async () => {
  const moved = (by: number) => Uint8Array.from(CLASSES, (_, k) => CLASSES[k + by] ?? 0);
  const shifted = (by: number) => CLASSES.map((c) => (c + by) % 10);
  expect((await lookAt(dataset(shifted(1)))).labels.tooHigh).toBe(1);
  expect((await lookAt(dataset(shifted(9)))).labels.tooLow).toBe(1);
  expect((await lookAt(dataset(moved(-1)))).labels.ofImageBefore).toBeCloseTo(199 / 200, 10);
  expect((await lookAt(dataset(moved(1)))).labels.ofImageAfter).toBeCloseTo(199 / 200, 10);
});

test('blank images are counted, of whatever shade', async () => {
  const test = dataset(CLASSES);
  test.images.data.fill(0, 0, 784);
  test.images.data.fill(200, 784, 2 * 784);
  expect((await lookAt(test)).blank).toBe(2);
});

test('a network without a Rescaling is also given scaled pixels', async () => {
  const look = await lookAt(train, reader(0.1));
  expect(look.input).toEqual([0, 255]);
  expect(look.scaled!['from 0 to 1'].accuracy).toBe(1);
  expect(look.scaled!['from 0 to 1'].logLoss).toBeCloseTo(Math.log(1 + 9 * Math.exp(-2.8)), 5);
  // ±1: 28 pixels of 1 against 28 of −1, weighted .1
  expect(look.scaled!['from −1 to 1'].logLoss).toBeCloseTo(Math.log(1 + 9 * Math.exp(-5.6)), 5);
});

test('what a network is given of black and white follows every Rescaling, offsets too', async () => {
  const halved = [Rescaling(1 / 255), Rescaling(2, -1)];
  expect((await lookAt(train, reader(0.1, ...halved))).input).toEqual([-1, 1]);
});

test('above six networks 300 images are looked at', async () => {
  const seven = Array.from({ length: 7 }, () => scaling);
  const { images, labels } = dataset(CLASSES);
  const twice = (values: Uint8Array): Uint8Array => {
    const both = new Uint8Array(2 * values.length);
    both.set(values);
    both.set(values, values.length);
    return both;
  };
  const test = {
    images: { data: twice(images.data), shape: [400, 28, 28] },
    labels: twice(labels),
    classes: 10,
  };
  expect((await lookAtInputs(seven, { train, test })).sample).toBe(300);
});

test('E_NUMERIC names the network whose answers are not finite', async () => {
  const huge = reader(1e38);
  await expect(lookAt(train, huge)).rejects.toMatchObject({ code: 'E_NUMERIC' });
  await expect(lookAt(train, huge)).rejects.toThrow(/^reader, seed 3: .*NaN/);
  expect(() => mostProbable({ data: Float32Array.of(0.5, NaN), shape: [1, 2] })).toThrow(
    'received NaN at position 1',
  );
});
