import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { earlierRuns } from '../../../test/support/earlier.ts';
import { loadMnist } from '../../store/mnist.ts';
import { openTarget } from './target.ts';

test('results that are written again keep how many trials ran at a time; 0 where that is not known', async () => {
  const folder = join(earlierRuns(), 'tiny');
  const path = join(folder, 'results.json');
  const written = JSON.parse(readFileSync(path, 'utf8')) as { environment: object };
  writeFileSync(path, JSON.stringify({ ...written, environment: { ...written.environment, workers: 7 } }));
  const workersOf = async () =>
    (await openTarget(folder, { data: loadMnist(), warn: () => undefined })).results?.environment.workers;
  expect(await workersOf()).toBe(7);
  rmSync(path);
  expect(await workersOf()).toBe(0);
});
