import { expect, test } from 'vitest';
import { CORRUPTIONS } from '../../images/corruptions/all.ts';
import { corruptImages } from '../../images/corruptions/corruptImages.ts';
import { Dense, Flatten, Input } from '../../nn/layers.ts';
import { Sequential } from '../../nn/sequential.ts';
import { Random } from '../../util/random.ts';
import type { Subject } from '../subject.ts';
import { measureRobustness } from './measureRobustness.ts';
import { robustnessMeasures } from './measures.ts';

const CLASSES = 10;

/** Images of class k: a bright square whose place says k. */
function squares(n: number) {
  const random = new Random(5, 'squares');
  const labels = Uint8Array.from({ length: n }, (_, i) => i % CLASSES);
  const data = new Uint8Array(n * 784);
  labels.forEach((label, i) => {
    const [row, column] = [4 + 12 * Math.floor(label / 5), 3 + 5 * (label % 5)];
    for (let r = row; r < row + 6; r++)
      for (let c = column; c < column + 3; c++) data[i * 784 + r * 28 + c] = 200 + random.integer(55);
  });
  return { test: { images: { data, shape: [n, 28, 28] }, labels, classes: CLASSES } };
}

function network(arm: string, seed: number, weights?: (model: Sequential) => void): Subject {
  const model = new Sequential([Input([28, 28]), Flatten(), Dense(CLASSES, { activation: 'softmax' })], {
    seed,
  });
  weights?.(model);
  return { arm, activation: arm, seed, hash: model.weightsHash(), model };
}

/** Says `digit` whatever it sees. */
function constant(digit: number): Subject {
  return network('relu', 0, (model) => {
    const [kernel, bias] = model.getWeights();
    model.setWeights([
      { ...kernel, data: kernel.data.fill(0) },
      { ...bias, data: bias.data.map((_, k) => (k === digit ? 9 : 0)) },
    ]);
  });
}

test('a constant network is right on the images of its digit under every corruption, and on no others', async () => {
  const data = squares(27);
  const result = await measureRobustness([constant(3)], data);
  const ofDigit = data.test.labels.filter((label) => label === 3).length;
  expect(new Set(result.subjects[0].correct.flat())).toEqual(new Set([ofDigit]));
  expect(new Set(result.subjects[0].swept.flat())).toEqual(new Set([ofDigit]));
  const [measures] = robustnessMeasures(result);
  for (const share of [measures.suiteAccuracy, measures.noiseAccuracy, measures.occlusionAccuracy])
    expect(share).toBeCloseTo(ofDigit / 27, 12);
  expect(result.gallery).toMatchObject({ index: 3, label: 3, readRight: true });
});

test('counts equal those of a plain loop over corruption, level and image', async () => {
  const data = squares(12);
  const subjects = [network('relu', 1), network('tanh', 1)];
  const result = await measureRobustness(subjects, data, { seed: 4 });
  const { images, labels } = data.test;
  const indices = Array.from(labels, (_, i) => i);
  const underPublished = subjects.map(() => new Uint8Array(labels.length));
  for (const [c, corruption] of CORRUPTIONS.entries()) {
    for (let level = 0; level < corruption.settings.length; level++) {
      for (const [s, { model }] of subjects.entries()) {
        const right = indices.filter((i) => {
          const pixels = corruptImages(images.data, corruption, { level, seed: 4, indices: [i] });
          const row = [...model.predict({ data: pixels, shape: [1, 28, 28] }).data];
          return row.indexOf(Math.max(...row)) === labels[i];
        });
        expect(result.subjects[s].correct[c][level], `${corruption.name} ${level}`).toBe(right.length);
        if (level === corruption.published) for (const i of right) underPublished[s][i]++;
      }
    }
  }
  underPublished.forEach((own, s) => {
    expect(result.subjects[s].suiteSquares).toBe(own.reduce((sum, k) => sum + k * k, 0));
  });
});

test('a subset is drawn by the seed, and its images look as they do among all', async () => {
  const data = squares(60);
  const subjects = [network('relu', 1)];
  const few = await measureRobustness(subjects, data, { images: 20, seed: 9 });
  expect([few.images, few.available]).toEqual([20, 60]);
  expect(await measureRobustness(subjects, data, { images: 20, seed: 9 })).toEqual(few);
  const view = few.gallery.views.findIndex(({ corruption }) => corruption === 'shot-noise');
  const shot = corruptImages(data.test.images.data, CORRUPTIONS[0], {
    level: CORRUPTIONS[0].published!,
    seed: 9,
    indices: [few.gallery.index],
  });
  expect(few.gallery.views[view].pixels).toEqual([...shot]);
});

test('the result survives JSON; progress ends at 1; a stop is E_ABORTED', async () => {
  const data = squares(20);
  const shares: number[] = [];
  const result = await measureRobustness(
    [constant(1)],
    data,
    {},
    { onProgress: (share) => shares.push(share) },
  );
  expect(JSON.parse(JSON.stringify(result))).toEqual(result);
  expect(shares.at(-1)).toBe(1);
  expect(shares).toEqual(shares.toSorted((a, b) => a - b));
  const signal = AbortSignal.abort();
  await expect(measureRobustness([constant(1)], data, {}, { signal })).rejects.toMatchObject({
    code: 'E_ABORTED',
  });
});

test('no network, no image, other shapes and a bad number of images are refused', async () => {
  const data = squares(10);
  await expect(measureRobustness([], data)).rejects.toMatchObject({ code: 'E_ARGUMENT' });
  await expect(measureRobustness([constant(1)], data, { images: 0 })).rejects.toMatchObject({
    code: 'E_ARGUMENT',
  });
  await expect(measureRobustness([constant(1)], squares(0))).rejects.toMatchObject({ code: 'E_ARGUMENT' });
  const flat = { test: { ...data.test, images: { ...data.test.images, shape: [10, 14, 56] } } };
  await expect(measureRobustness([constant(1)], flat)).rejects.toMatchObject({ code: 'E_SHAPE' });
  const three = { test: { ...data.test, classes: 3 } };
  await expect(measureRobustness([constant(1)], three)).rejects.toMatchObject({ code: 'E_SHAPE' });
});
