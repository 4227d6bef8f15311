import { readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
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
    (await openTarget(folder, { data: loadMnist() })).results?.environment.workers;
  expect(await workersOf()).toBe(7);
  rmSync(path);
  expect(await workersOf()).toBe(0);
});

test('a study of which a kept trial is damaged or has lost its model is refused, with what to do, and nothing is said to be computed', async () => {
  for (const name of ['model.safetensors', 'record.json']) {
    const runs = earlierRuns();
    const folder = join(runs, 'tiny');
    const { networks } = await openTarget(folder, { data: loadMnist() });
    const path = join(runs, 'trials', networks[1].trial!, name);
    if (name === 'model.safetensors') rmSync(path);
    else truncateSync(path, 100);
    const opened = openTarget(folder, { data: loadMnist() });
    await expect(opened).rejects.toThrow(
      new RegExp(
        `^A kept trial is damaged: .*${name}.* What to do: dactyl study resume .*tiny computes it again\\.$`,
      ),
    );
  }
});
