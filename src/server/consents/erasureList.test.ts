import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type Erasure, openErasureList } from './erasureList.ts';

const ERASURES: Erasure[] = [
  { consent: 'one', at: 1, reason: 'request' },
  { consent: 'two', at: 2, reason: 'expiry' },
  { consent: 'three', at: 3, reason: 'request' },
];

function filled(): { folder: string; file: string } {
  const folder = mkdtempSync(join(tmpdir(), 'dactyl-erasures-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  const list = openErasureList(folder, 'a');
  list.append(ERASURES.slice(0, 2));
  list.append(ERASURES.slice(2));
  return { folder, file: join(folder, 'a.ndjson') };
}

test('what was appended is read again, in order, by any instance; each instance writes a file of its own', () => {
  const { folder } = filled();
  const other = openErasureList(folder, 'b');
  expect(other.all()).toEqual(ERASURES);
  other.append([{ consent: 'four', at: 4, reason: 'request' }]);
  const again = openErasureList(folder, 'a');
  again.append([{ consent: 'five', at: 5, reason: 'request' }]);
  expect(again.all().map(({ consent }) => consent)).toEqual(['one', 'two', 'three', 'five', 'four']);
});

test.each<[string, (lines: string[]) => string[], number]>([
  ['changed', ([a, b, c]) => [a, b.replace('"two"', '"not"'), c], 2],
  ['taken out', ([a, , c]) => [a, c], 2],
  ['moved', ([a, b, c]) => [b, a, c], 1],
  ['signed by nobody', ([a, b, c]) => [a, b.replace(/"signature":"..../, '"signature":"AAAA'), c], 2],
  ['not JSON', ([a, b]) => [a, b, 'three'], 3],
])('an entry that was %s is named by its line', (_, change, line) => {
  const { folder, file } = filled();
  const list = openErasureList(folder, 'b');
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  writeFileSync(file, `${change(lines).join('\n')}\n`);
  expect(() => list.all()).toThrow(new RegExp(`a\\.ndjson, line ${line}: `));
  expect(() => openErasureList(folder, 'a')).toThrow(expect.objectContaining({ code: 'E_CHECKSUM' }));
});

test('a line that a crash cut short is dropped, and the list goes on', () => {
  const { folder, file } = filled();
  appendFileSync(file, '{"seq":4,"cons');
  const list = openErasureList(folder, 'a');
  list.append([{ consent: 'four', at: 4, reason: 'expiry' }]);
  expect(list.all().map(({ consent }) => consent)).toEqual(['one', 'two', 'three', 'four']);
});
