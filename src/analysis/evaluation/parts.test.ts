import { expect, test } from 'vitest';
import type { Dataset } from '../../data/examples.ts';
import { Dense, Flatten, Input } from '../../nn/layers.ts';
import { Sequential } from '../../nn/sequential.ts';
import type { PartInput } from './part.ts';
import { PART_NAMES, PARTS } from './parts.ts';

/** Weights that are numbers, and answers that are none: +∞ − ∞. */
function diverged(): PartInput['subjects'][number] {
  const hidden = Dense(4, { activation: 'relu' });
  const model = new Sequential([Input([28, 28]), Flatten(), hidden, Dense(10, { activation: 'softmax' })]);
  model.setWeights(model.getWeights().map(({ data, shape }) => ({ data: data.fill(3e38), shape })));
  return { arm: 'relu', activation: 'relu', seed: 0, hash: 'a'.repeat(64), model };
}

function images(n: number): Dataset {
  const data = Uint8Array.from({ length: 784 * n }, (_, i) => (i % 7 === 0 ? 200 : 0));
  return {
    images: { data, shape: [n, 28, 28] },
    labels: Uint8Array.from({ length: n }, (_, k) => k % 10),
    classes: 10,
  };
}

test.each(PART_NAMES)('%s: a network that answers NaN is E_NUMERIC, never a number', async (name) => {
  const data = { train: images(400), test: images(200) };
  const trainedOn = () => Uint32Array.from({ length: 200 }, (_, k) => 2 * k);
  const drawn = {
    ...data.test,
    writers: new Uint16Array(200),
    sources: new Uint8Array(200),
    sourceNames: [''],
  };
  const untouched = { ...data.test, writers: new Uint16Array(200) };
  const input = { subjects: [diverged()], data, quick: true, trainedOn, drawn, untouched };
  const measuring = PARTS[name].measure(input, {});
  await expect(measuring).rejects.toMatchObject({ code: 'E_NUMERIC' });
});
