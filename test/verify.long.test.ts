import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CONTROL_CODES, dactyl, TINY, TINY_NAME } from './support/dactyl.ts';
import { copyOf, expectOneLine, resultsIn } from './support/studies.ts';

let out: string;
let folder: string;

/** One tiny comparison that is verified, or damaged before. */
beforeAll(async () => {
  out = mkdtempSync(join(tmpdir(), 'dactyl-test-'));
  folder = join(out, TINY_NAME);
  await dactyl([...TINY, '--out', out, '--quiet']);
});
afterAll(() => {
  rmSync(out, { recursive: true, force: true });
});

test('trains every trial again and finds the same bits', async () => {
  const { exit, stdout, stderr } = await dactyl(['verify', folder]);
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
  expect(stdout.match(/identical/g)).toHaveLength(4);
  expect(stdout).not.toMatch(CONTROL_CODES);
});

test('an unknown trial: the known ones are named', async () => {
  expectOneLine(
    await dactyl(['verify', folder, 'gelu/1']),
    /No trial gelu\/1 .*relu\/1.*tanh\/2.*E_NOT_FOUND/,
  );
});

test.each([
  ['the weights hash in results.json', 'results.json', 'weightsHash'],
  ['a loss in results.json', 'results.json', 'testLoss'],
])('%s was changed: E_MISMATCH', async (_, file, measure) => {
  const folder = join(copyOf(out), TINY_NAME);
  const [{ weightsHash, testLoss }] = resultsIn(folder).trials;
  const path = join(folder, file);
  const [from, to] =
    measure === 'testLoss'
      ? [String(testLoss), String(testLoss + 1e-9)]
      : [weightsHash[0], weightsHash[0].replace(/^./, (digit) => (digit === '0' ? '1' : '0'))];
  const text = readFileSync(path, 'utf8');
  expect(text).toContain(from);
  writeFileSync(path, text.replace(from, to));
  const { exit, stdout, stderr } = await dactyl(['verify', folder, 'relu/1']);
  expect(stdout).toContain('DIFFERENT');
  expect(stderr).toMatch(/^dactyl: .*otherwise than recorded.*E_MISMATCH.*\n$/);
  expect(exit).toBe(1);
});

test.each([
  [
    '"numerics": 1',
    '"numerics": 2',
    /is of numerics version 2, this is version 1: verify it with Dactyl .*E_MISMATCH/,
  ],
  [
    '"numerics": 1',
    '"numerics": 1, "convolution": 3',
    /is of version 3 of the numerics of convolution, this is version 2: verify it with Dactyl .*E_MISMATCH/,
  ],
])(
  'a record with %s made to %s is of another arithmetic: one line, E_MISMATCH',
  async (from, to, message) => {
    const folder = join(copyOf(out), TINY_NAME);
    const path = join(folder, 'results.json');
    const text = readFileSync(path, 'utf8');
    expect(text).toContain(from);
    writeFileSync(path, text.replace(from, to));
    expectOneLine(await dactyl(['verify', folder]), message);
  },
);

test('the weights hash in the kept record was changed: E_CHECKSUM', async () => {
  const place = copyOf(out);
  const folder = join(place, TINY_NAME);
  const [{ key, weightsHash }] = resultsIn(folder).trials;
  const path = join(place, 'trials', key, 'record.json');
  const changed = weightsHash[0].replace(/^./, (digit) => (digit === '0' ? '1' : '0'));
  writeFileSync(path, readFileSync(path, 'utf8').replace(weightsHash[0], changed));
  expectOneLine(await dactyl(['verify', folder, 'relu/1']), /record\.json.*E_CHECKSUM/);
});

test('another configuration than the one that was run: E_CHECKSUM', async () => {
  const folder = join(copyOf(out), TINY_NAME);
  const path = join(folder, 'results.json');
  writeFileSync(path, readFileSync(path, 'utf8').replace('"dropout": 0', '"dropout": 0.1'));
  expectOneLine(
    await dactyl(['verify', folder]),
    /results\.json: expected the hash .* of its question, arms, split and rules.*E_CHECKSUM/,
  );
});
