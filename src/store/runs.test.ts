import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { earlierRuns } from '../../test/support/earlier.ts';
import type { TrialResult } from '../study/results.ts';
import { TrialStore } from './runs.ts';

interface TrialRecord {
  configuration: Parameters<TrialStore['write']>[0];
  result: TrialResult;
  resultHash?: string;
}

function keysIn(root: string): string[] {
  return readdirSync(join(root, 'trials')).sort();
}

/** Changes the text of a trial's record; the change must be one. */
function change(root: string, key: string, from: string | RegExp, to: string): void {
  const path = join(root, 'trials', key, 'record.json');
  const before = readFileSync(path, 'utf8');
  const after = before.replace(from, to);
  expect(after).not.toBe(before);
  writeFileSync(path, after);
}

/** The first trial kept again by this version, so that its record has a hash. */
function keptAnew(root: string): string {
  const [key] = keysIn(root);
  const store = new TrialStore(root);
  const { record, probabilities } = store.read(key);
  const { configuration, result } = record;
  store.write(configuration, { result, probabilities, model: store.readModel(key).model.slice() });
  return key;
}

test('records of version 0.1.0, which have no hash, are read: with the test set and with a fold', () => {
  const root = earlierRuns();
  const store = new TrialStore(root);
  const kinds = keysIn(root).map((key) => {
    expect(store.result(key)).toEqual(store.find(key));
    return store.read(key).record.configuration.split.kind;
  });
  expect(kinds.sort()).toEqual(['fold', 'test', 'test', 'test', 'test']);
});

test.each([
  [
    'testAccuracy',
    /"testAccuracy": 0\.\d/,
    '"testAccuracy": 0.7',
    'testAccuracy is not that of its confusion matrix',
  ],
  ['testLoss', /"testLoss": \d\.\d/, '"testLoss": 0.0', 'testLoss is not that of its predictions'],
  ['history', /"val_loss": \[\s*\d\./, '"val_loss": [7.', 'its history is not that of history.csv'],
])('a record without a hash whose %s was changed is not used', (_, from, to, message) => {
  const root = earlierRuns();
  for (const key of keysIn(root)) {
    change(root, key, from, to);
    for (const read of ['find', 'result'] as const) {
      expect(() => new TrialStore(root)[read](key)).toThrow(message);
    }
  }
});

test('a record without a hash whose confusion matrix was changed, and its accuracy with it, is not used', () => {
  const root = earlierRuns();
  for (const key of keysIn(root)) {
    const path = join(root, 'trials', key, 'record.json');
    const record = JSON.parse(readFileSync(path, 'utf8')) as TrialRecord;
    const { confusionMatrix: matrix } = record.result;
    // One image of class 0 moves to where it is right, or away from there.
    const other = matrix[0].findIndex((count, p) => p > 0 && count > 0);
    const [from, to] = other > 0 ? [other, 0] : [0, 1];
    matrix[0][from]--;
    matrix[0][to]++;
    const images = matrix.flat().reduce((a, b) => a + b);
    record.result.testAccuracy = matrix.reduce((sum, row, t) => sum + row[t], 0) / images;
    writeFileSync(path, JSON.stringify(record));
    expect(() => new TrialStore(root).result(key)).toThrow('confusionMatrix is not that of its predictions');
  }
});

test.each(['history.csv', 'predictions.safetensors'])(
  'a record without a hash is not used where %s beside it was changed',
  (file) => {
    const root = earlierRuns();
    for (const key of keysIn(root)) {
      const path = join(root, 'trials', key, file);
      const bytes = readFileSync(path);
      bytes[bytes.length - 2] ^= 1;
      writeFileSync(path, bytes);
      expect(() => new TrialStore(root).result(key)).toThrow(`${path}: expected SHA-256`);
    }
  },
);

test.each([
  ['seconds', '"seconds": ', '"seconds": 9'],
  ['weightsHash', /"weightsHash": \[\s*"[0-9a-f]{4}/, '"weightsHash": ["9999'],
  ['testAccuracy', /"testAccuracy": 0\.\d/, '"testAccuracy": 0.7'],
])('a record that covers its result is not used when its %s was changed', (_, from, to) => {
  const root = earlierRuns();
  const key = keptAnew(root);
  expect(new TrialStore(root).result(key)).toMatchObject({ kind: 'finished' });
  change(root, key, from, to);
  expect(() => new TrialStore(root).result(key)).toThrow(/expected a result with SHA-256/);
});

test('a failure whose message or configuration was changed is not used', () => {
  const root = earlierRuns();
  const [key] = keysIn(root);
  const store = new TrialStore(root);
  const { configuration } = store.read(key).record;
  store.writeFailure(configuration, 'The loss is NaN.');
  expect(store.result(key)).toEqual({ kind: 'failed', message: 'The loss is NaN.' });
  const path = join(root, 'trials', key, 'failure.json');
  const whole = readFileSync(path, 'utf8');
  for (const [from, to] of [
    ['is NaN', 'is fine'],
    ['"seed": 1', '"seed": 7'],
  ]) {
    writeFileSync(path, whole.replace(from, to));
    expect(() => store.result(key)).toThrow(/failure\.json: the content is not what its checksums promise/);
  }
});
