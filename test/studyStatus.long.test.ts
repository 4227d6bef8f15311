import { rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { planTrials } from '../src/study/study.ts';
import { readStudy } from '../src/store/studyRecord.ts';
import { dactyl } from './support/dactyl.ts';
import { earlierRuns } from './support/earlier.ts';

test('status: a trial that lost its model, and one with a torn record, are damaged; evaluate refuses the study', async () => {
  const runs = earlierRuns();
  const folder = join(runs, 'tiny');
  const { study, data, writers } = readStudy(folder);
  const keys = (await planTrials(study, { data, writers })).map(({ key }) => join(runs, 'trials', key));
  expect((await dactyl(['study', 'status', folder])).stdout).not.toContain('damaged');
  rmSync(join(keys[0], 'model.safetensors'));
  truncateSync(join(keys[1], 'record.json'), 100);
  const { stdout } = await dactyl(['study', 'status', folder]);
  const [heads, ...rows] = stdout
    .split('\n')
    .slice(1, 2 + study.arms.length)
    .map((line) => line.trim().split(/ {2,}/));
  expect(heads).toEqual(['arm', 'finished', 'failed', 'damaged', 'missing']);
  expect(rows.reduce((sum, row) => sum + Number(row[3]), 0)).toBe(2);
  expect(stdout).toContain(`What is damaged is computed again by dactyl study resume ${folder}.`);
  const { exit, stderr } = await dactyl(['evaluate', folder, '--only', 'answers', '--quick']);
  expect(exit).toBe(1);
  expect(stderr).toContain('A kept trial is damaged: ');
  expect(stderr).toContain(`What to do: dactyl study resume ${folder} computes it again.`);
});
