import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { formOf } from '../../data/dataSet.ts';
import { resolveData } from '../../store/data.ts';
import { TrialStore } from '../../store/runs.ts';
import { fixStudy } from '../../store/studyRecord.ts';
import { resolveStudy } from '../../study/configuration.ts';
import { findModels } from './sources.ts';

test('held-out images are called by what they are of: the data, or the test images that took their place', async () => {
  const root = mkdtempSync(join(tmpdir(), 'dactyl-sources-'));
  const table = (name: string, first: number): string => {
    const rows = ['cat', 'dog'].flatMap((label) => new Array<string>(10).fill(`${label},${first},2,3,4`));
    const path = join(root, name);
    writeFileSync(path, `label,a,b,c,d\n${rows.join('\n')}\n`);
    return path;
  };
  const data = table('own.csv', 1);
  const named = async (name: string, testData?: string) => {
    const set = await resolveData(data, testData === undefined ? {} : { test: testData });
    const given = {
      name,
      question: '?',
      arms: { network: {} },
      seeds: 1,
      data,
      ...(testData !== undefined && { testData }),
    };
    const folder = join(root, name);
    await fixStudy(folder, resolveStudy(given, undefined, formOf(set)), {
      writers: null,
      data: set.identity,
      store: new TrialStore(root),
    });
    writeFileSync(join(folder, 'model.safetensors'), 'not opened here');
    const [{ heldOut }] = await findModels([folder], (line) => expect.fail(line));
    return heldOut?.name;
  };
  expect(await named('plain')).toBe('4 test images of own.csv');
  expect(await named('other', table('elsewhere.csv', 9))).toBe('20 test images of elsewhere.csv');
});
