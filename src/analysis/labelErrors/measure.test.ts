import { expect, test } from 'vitest';
import { fromBase64 } from '../../util/base64.ts';
import { madeUpImages, madeUpReader } from '../calibration/fixtures/madeUp.ts';
import { measureLabelErrors } from './measure.ts';

/** The bright images 3 and 15 get a wrong label. */
const clean = madeUpImages(200);
const bright = [...clean.labels.keys()].filter((i) => clean.images.data[i * 784 + clean.labels[i]] >= 180);
const wrong = [bright[3], bright[15]];
const labels = clean.labels.slice();
for (const i of wrong) labels[i] = (labels[i] + 5) % 10;
const data = { train: { ...clean, labels }, test: { ...clean, labels } };

test('two planted wrong labels come first, with the true digit suggested and their image', async () => {
  const { test: found, train, known, networks } = await measureLabelErrors([madeUpReader()], data, {}, {});
  const [first, second] = found.ranked;
  expect([first.index, second.index].sort((a, b) => a - b)).toEqual(wrong);
  expect([first.suggested, first.suspect]).toEqual([clean.labels[first.index], true]);
  expect(fromBase64(first.image)).toEqual(
    clean.images.data.slice(784 * first.index, 784 * (first.index + 1)),
  );
  expect([train, known, networks]).toEqual([null, null, 1]);
  expect(found.confidentJoint.flat().reduce((a, b) => a + b)).toBeGreaterThan(100);
});

test('several networks judge by their mean probabilities, 1e-7', async () => {
  const readers = [madeUpReader({ seed: 1 }), madeUpReader({ seed: 2, scale: 3 })];
  const { test: found } = await measureLabelErrors(readers, data, {}, {});
  const each = readers.map(({ model }) => model.predict(clean.images).data);
  const { index, given, ofGiven } = found.ranked[0];
  const [a, b] = each.map((probabilities) => probabilities[10 * index + given]);
  expect(ofGiven).toBeCloseTo((a + b) / 2, 7);
});

test('training labels are judged by the given probabilities', async () => {
  const reader = madeUpReader();
  const trainProbabilities = reader.model.predict(clean.images).data;
  const { train, test: found } = await measureLabelErrors([reader], data, { trainProbabilities }, {});
  expect(train!.ranked.map(({ index }) => index)).toEqual(found.ranked.map(({ index }) => index));
  const short = trainProbabilities.slice(10);
  await expect(measureLabelErrors([reader], data, { trainProbabilities: short }, {})).rejects.toMatchObject({
    code: 'E_SHAPE',
  });
});

test('no networks, and an abort, are errors', async () => {
  await expect(measureLabelErrors([], data, {}, {})).rejects.toMatchObject({ code: 'E_ARGUMENT' });
  await expect(
    measureLabelErrors([madeUpReader()], data, {}, { signal: AbortSignal.abort() }),
  ).rejects.toMatchObject({ code: 'E_ABORTED' });
});
