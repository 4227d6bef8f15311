import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { earlierFile, earlierRuns } from '../../test/support/earlier.ts';
import { MNIST_IDENTITY } from '../data/identity.ts';
import { parseStudy } from '../study/studyFile.ts';
import { requireOwnFolder } from './trainingFolder.ts';

const study = (change: object = {}) =>
  parseStudy(JSON.stringify({ ...(JSON.parse(earlierFile('tiny')) as object), ...change }), 'tiny.json');

test('a finished training of other images, other test labels, another recipe is not written over: what differs and what to do; its own is taken', () => {
  const folder = join(earlierRuns(), 'tiny');
  writeFileSync(join(folder, 'model.safetensors'), '');
  const own = (data = MNIST_IDENTITY, change = {}) => {
    requireOwnFolder(folder, study(change), data);
  };
  own();
  const all = MNIST_IDENTITY.map(() => '0'.repeat(64));
  expect(() => {
    own(all);
  }).toThrow(
    /^.*tiny holds a finished training of other images or labels \(SHA-256 [0-9a-f]{12}…, now 000000000000…\), which would be replaced: keep this one elsewhere with another --out, or remove the folder\.$/,
  );
  expect(() => {
    own(MNIST_IDENTITY.with(3, 'a'.repeat(64)));
  }).toThrow(`(SHA-256 ${MNIST_IDENTITY[3].slice(0, 12)}…, now aaaaaaaaaaaa…)`);
  expect(() => {
    own([...MNIST_IDENTITY, 'b'.repeat(64)]);
  }).toThrow('(SHA-256 none, now bbbbbbbbbbbb…)');
  expect(() => {
    own(MNIST_IDENTITY, { rules: { rope: 0.003 } });
  }).toThrow(/of another recipe \(hash [0-9a-f]{12}…, now [0-9a-f]{12}…\).*another --out/);
});

test('a model whose record is gone is not written over; a folder without model and results is free', () => {
  const folder = join(earlierRuns(), 'mine');
  mkdirSync(folder);
  const own = () => {
    requireOwnFolder(folder, study(), MNIST_IDENTITY);
  };
  own();
  writeFileSync(join(folder, 'model.safetensors'), '');
  expect(own).toThrow('without a study.json that says what it was trained on');
  rmSync(join(folder, 'model.safetensors'));
  own();
});
