import { expect, test } from 'vitest';
import { itemOf } from '../../../test/support/consents.ts';
import { readPng } from '../../data/readers/pictures/png.ts';
import { notFound } from '../errors.ts';
import { Answers, BEHIND } from '../models/answers.ts';
import type { ServedModel } from '../models/model.ts';
import { occlusionOf } from './occlusion.ts';

const MODEL = {
  name: 'reader',
  version: '0123456789ab',
  classes: [...'0123456789'],
  size: 784,
} as unknown as ServedModel;

/** A model whose probability of 4 is the value of the pixel [10, 10] over 255. */
const models = {
  find(name: string, version?: string) {
    if (name === MODEL.name && version === MODEL.version) return MODEL;
    throw notFound('none');
  },
  predict(_: ServedModel, values: Uint8Array | Float32Array, count: number) {
    const width = 10 + BEHIND;
    const rows = new Float64Array(count * width);
    for (let k = 0; k < count; k++) rows[k * width + 4] = values[k * 784 + 10 * 28 + 10] / 255;
    return Promise.resolve(new Answers(MODEL, rows, 0, count, 0.99));
  },
};

test('what a pixel was worth is the mean fall over the squares that cover it: by hand, to 4 decimals', async () => {
  const image = new Uint8Array(784);
  image[10 * 28 + 10] = 204;
  const { falls, png, label } = (await occlusionOf(models, { ...itemOf(1), image }))!;
  expect(label).toBe('4');
  // Four squares hold the pixel: with corners at 8 and 10, down and across. Each takes .8 away.
  expect(falls[10][10]).toBe(0.8);
  // [8, 8] lies in the squares with corners 6 and 8: one of four holds the pixel; [12, 12] in those of 10 and 12.
  expect([falls[8][8], falls[12][12], falls[9][10]]).toEqual([0.2, 0.2, 0.4]);
  expect([falls[7][10], falls[14][10], falls[0][0]]).toEqual([0, 0, 0]);
  expect(readPng(png, 'map')).toMatchObject({ rows: 28, columns: 28 });
});

test('a model that is served no more, and what is no image, have no explanation', async () => {
  expect(await occlusionOf(models, itemOf(1, { version: 'other' }))).toBeUndefined();
  expect(await occlusionOf(models, { ...itemOf(1), shape: [784] })).toBeUndefined();
});
