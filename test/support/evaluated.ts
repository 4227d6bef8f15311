import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { subset } from '../../src/data/examples.ts';
import { Dense, Flatten, Input, loadMnist, Rescaling, saveModel, Sequential } from '../../src/index.ts';
import type { Evaluation } from '../../src/study/evaluation/record.ts';

export const OWN_IMAGES = 200;

/** Learns 6,000 images once. */
export async function trainedModel(path: string): Promise<void> {
  const { train } = loadMnist();
  const { images, labels } = subset(
    train,
    Array.from({ length: 6_000 }, (_, i) => i),
  );
  using network = new Sequential(
    [Input([28, 28]), Rescaling(1 / 255), Flatten(), Dense(8, { activation: 'relu' }), softmaxOf(10)],
    { seed: 1 },
  );
  network.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
  await network.fit(images, { data: labels, shape: [labels.length] }, { epochs: 1, verbose: 0 });
  saveModel(network, path);
}

export const softmaxOf = (units: number) => Dense(units, { activation: 'softmax' });

/** An IDX file of bytes. */
export function idx(path: string, shape: readonly number[], data: Uint8Array): string {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header.writeUInt16BE(0x08_00 | shape.length, 2);
  shape.forEach((length, k) => header.writeUInt32BE(length, 4 + 4 * k));
  writeFileSync(path, Buffer.concat([header, data]));
  return path;
}

/** The first test images as somebody's own, and a cost for every error. */
export function ownImages(folder: string): string[] {
  const { images, labels } = loadMnist().test;
  const costs = join(folder, 'costs.json');
  const matrix = Array.from({ length: 10 }, (_, t) =>
    Array.from({ length: 10 }, (__, p) => (t === p ? 0 : 3)),
  );
  writeFileSync(costs, JSON.stringify(matrix));
  return [
    '--images',
    idx(join(folder, 'own-images'), [OWN_IMAGES, 28, 28], images.data.subarray(0, OWN_IMAGES * 784)),
    '--labels',
    idx(join(folder, 'own-labels'), [OWN_IMAGES], labels.subarray(0, OWN_IMAGES)),
    '--costs',
    costs,
  ];
}

export const textOf = (folder: string): string => readFileSync(join(folder, 'evaluation.json'), 'utf8');
export const evaluationIn = (folder: string): Evaluation => JSON.parse(textOf(folder)) as Evaluation;
export const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();

export function expectWhole(folder: string): void {
  for (const path of filesIn(folder)) expect(path).not.toMatch(/\.tmp$|\.writing/);
}
