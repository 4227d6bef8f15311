import { expect, test } from 'vitest';
import { errorOf, smallModel } from '../../test/support/models.ts';
import { Dense, Flatten, Input } from '../nn/layers.ts';
import { decodeModel, encodeModel } from '../nn/saved.ts';
import { Sequential } from '../nn/sequential.ts';
import { sha256 } from '../store/sha256.ts';
import { untrained } from './fixtures/untrained.ts';
import { encodeReader, readerOf } from './reader.ts';

const { model } = untrained();

test('a reader’s file holds name, temperature and threshold, and is a model file too', async () => {
  const bytes = encodeReader(model, { name: 'mine', temperature: 1.5, sureFrom: 0.97 });
  const reader = await readerOf(bytes);
  expect(reader).toMatchObject({ name: 'mine', temperature: 1.5, sureFrom: 0.97, hash: sha256(bytes) });
  expect(reader.model.weightsHash()).toBe(model.weightsHash());
  expect(decodeModel(bytes).weightsHash()).toBe(model.weightsHash());
  expect(await readerOf(bytes, { name: 'other', sureFrom: 0.5 })).toMatchObject({
    name: 'other',
    sureFrom: 0.5,
    temperature: 1.5,
  });
});

test('ten thresholds, one for each digit, stand in the file as one does', async () => {
  const sureFrom = [0.9, 0.8, 0.7, 0.6, 0.5, 0.95, 0.85, 0.75, 0.65, 1];
  const facts = { name: 'mine', temperature: 1.5, sureFrom };
  expect(await readerOf(encodeReader(model, facts))).toMatchObject(facts);
});

test('conformal sets stand in the file, too, where they were calibrated', async () => {
  const sets = { on: '500 drawings', images: 500, least: { '0.9': 0.7, '0.99': 0.05 } };
  const facts = { name: 'mine', temperature: 1.5, sureFrom: 0.97 };
  expect(await readerOf(encodeReader(model, { ...facts, sets }))).toMatchObject({ ...facts, sets });
  expect(await readerOf(encodeReader(model, facts))).not.toHaveProperty('sets');
});

test('any model of 28 × 28 values to 10 or 11 reads: temperature 1, sure from .99', async () => {
  expect(await readerOf(encodeModel(untrained(10).model))).toMatchObject({ temperature: 1, sureFrom: 0.99 });
});

test('other networks, other bytes, other numbers: the code and what was received', async () => {
  const linear = new Sequential([Input([28, 28]), Flatten(), Dense(10)]);
  const seven = new Sequential([Input([784]), Dense(7, { activation: 'softmax' })]);
  for (const [use, code, message] of [
    [() => readerOf(encodeModel(smallModel())), 'E_SHAPE', /28 × 28 values/],
    [() => readerOf(encodeModel(seven)), 'E_SHAPE', /received 7/],
    [() => readerOf(encodeModel(linear)), 'E_ARGUMENT', /softmax/],
    [() => readerOf(new Uint8Array(10)), 'E_FORMAT', /./],
    [() => readerOf(encodeModel(model), { sureFrom: 2 }), 'E_ARGUMENT', /sureFrom: a number from 0 to 1/],
    [() => readerOf(encodeModel(model), { sureFrom: [0.9, 0.8] }), 'E_ARGUMENT', /or ten of them, by digit/],
    [
      () =>
        encodeReader(model, { name: 'a', temperature: 1, sureFrom: [...new Array<number>(9).fill(1), 2] }),
      'E_ARGUMENT',
      /or ten of them, by digit/,
    ],
    [() => encodeReader(model, { name: 'a', temperature: 0, sureFrom: 1 }), 'E_ARGUMENT', /temperature/],
  ] as const) {
    const error = await errorOf(use);
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
  }
});
