import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { earlierFile, earlierRuns } from '../../test/support/earlier.ts';
import { MNIST_IDENTITY } from '../data/identity.ts';
import { JUDGEMENT_VERSION, type Study, studyHash } from '../study/configuration.ts';
import { parseStudy } from '../study/studyFile.ts';
import { MNIST_DATA } from '../study/dataAbout.ts';
import { TrialStore } from './runs.ts';
import { fixStudy, readResults, readStudy, seedsBefore, type StudyRecord } from './studyRecord.ts';

const OTHER = MNIST_IDENTITY.map(() => '0'.repeat(64));

function tiny(change: object = {}): Study {
  return parseStudy(
    JSON.stringify({ ...(JSON.parse(earlierFile('tiny')) as object), ...change }),
    'tiny.json',
  );
}

function fix(root: string, study: Study, data: readonly string[] = MNIST_IDENTITY): Promise<StudyRecord> {
  return fixStudy(join(root, 'tiny'), study, { writers: null, data, store: new TrialStore(root) });
}

test('a study of version 0.1.0 goes on: same hash, no earlier one, judged under version 1 when it was fixed', async () => {
  const root = earlierRuns();
  const record = await fix(root, tiny());
  expect(record).toMatchObject({ studyHash: studyHash(tiny()), judgement: 1, data: MNIST_IDENTITY });
  expect(record.earlier).toEqual([]);
  expect(readStudy(join(root, 'tiny'))).toEqual(record);
});

test('without results it is fixed under the version of now', async () => {
  const root = earlierRuns();
  const study = tiny({ firstSeed: 50 });
  const record = await fixStudy(join(root, 'new'), study, {
    writers: null,
    data: MNIST_IDENTITY,
    store: new TrialStore(root),
  });
  expect(record.judgement).toBe(JUDGEMENT_VERSION);
});

test('more seeds are said, another stated rule is refused unless the seeds are fresh', async () => {
  const root = earlierRuns();
  const more = await fix(root, tiny({ seeds: 3 }));
  expect(more.judgement).toBe(1);
  expect(seedsBefore(join(root, 'tiny'))).toEqual([[1, 2]]);
  await expect(fix(root, tiny({ rules: { rope: 0.003 } }))).rejects.toThrow(
    /another question.*take fresh seeds \("firstSeed": 4\)/,
  );
  expect((await fix(root, tiny({ rules: { rope: 0.003 }, firstSeed: 4 }))).earlier).toHaveLength(2);
});

test('other images under the same rules are taken; their seeds were not seen before', async () => {
  const root = earlierRuns();
  expect((await fix(root, tiny(), OTHER)).earlier.map(({ data }) => data)).toEqual([MNIST_IDENTITY]);
  expect(seedsBefore(join(root, 'tiny'))).toEqual([]);
});

test('a rule changed in the record is not taken for the study', async () => {
  const root = earlierRuns();
  await fix(root, tiny());
  const path = join(root, 'tiny', 'study.json');
  writeFileSync(path, readFileSync(path, 'utf8').replaceAll('"rope": 0.002', '"rope": 0.003'));
  expect(() => readStudy(join(root, 'tiny'))).toThrow(
    /study\.json: expected the hash [0-9a-f]{64} of its question/,
  );
});

test('results of version 0.1.0 are read, with the hash of today and judgement version 1', () => {
  const results = readResults(join(earlierRuns(), 'tiny'));
  expect(results.studyHash).toBe(studyHash(tiny()));
  expect(results.judgement).toBe(1);
  expect(results.trials).toHaveLength(4);
  // They named four files with their sums.
  expect(results.format).toBe('dactyl-results/2');
  expect(results.data).toEqual(MNIST_DATA);
});

test('the folder of a search is not taken for a study', async () => {
  const root = earlierRuns();
  const study = tiny({ name: 'tiny-search' });
  const fixing = fixStudy(join(root, 'tiny-search'), study, {
    writers: null,
    data: MNIST_IDENTITY,
    store: new TrialStore(root),
  });
  await expect(fixing).rejects.toThrow(/holds a search of this name/);
});

test('results that are not written yet: which command writes them', () => {
  const root = earlierRuns();
  const folder = join(root, 'tiny-folds');
  expect(() => readResults(folder)).toThrow(`write it first: dactyl study report ${folder}`);
});

test('a torn study.json is refused with what to do, which helps', async () => {
  const root = earlierRuns();
  const path = join(root, 'tiny', 'study.json');
  writeFileSync(path, readFileSync(path).subarray(0, 100));
  await expect(fix(root, tiny())).rejects.toThrow(
    /study\.json: not JSON.* Remove it and run the file of the study again \(dactyl study run FILE\)/,
  );
  rmSync(path);
  const record = await fix(root, tiny());
  expect(record.studyHash).toBe(studyHash(tiny()));
});
