import { execFileSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ensureWritableFolder, tryWritableFolder, writeFileAtomic } from './atomic.ts';
import { fileError } from './fileError.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dactyl-test-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

test('text and bytes are written, an old file is replaced, and nothing else stays behind', () => {
  const path = join(folder, 'a.txt');
  writeFileAtomic(path, 'first, longer');
  writeFileAtomic(path, 'zwölf');
  expect(readFileSync(path, 'utf8')).toBe('zwölf');
  writeFileAtomic(path, Uint8Array.of(1, 2, 3, 4).subarray(1, 3));
  expect([...readFileSync(path)]).toEqual([2, 3]);
  expect(readdirSync(folder)).toEqual(['a.txt']);
});

test('a path that cannot be written is one clear line of E_FILE, and leaves nothing behind', () => {
  writeFileSync(join(folder, 'file'), 'kept');
  mkdirSync(join(folder, 'sub', 'inner'), { recursive: true });
  expect(() => writeFileAtomic(join(folder, 'none', 'a'), 'x')).toThrow(
    /^Cannot write .*: the folder .* does not exist \(ENOENT\)/,
  );
  expect(() => writeFileAtomic(join(folder, 'file', 'a'), 'x')).toThrow(
    /is a file, not a folder.*\(ENOTDIR\)/,
  );
  expect(() => writeFileAtomic(join(folder, 'sub'), 'x')).toThrow(
    expect.objectContaining({ code: 'E_FILE' }),
  );
  expect(() => writeFileAtomic(join(folder, 'n'.repeat(300)), 'x')).toThrow(/too long.*\(ENAMETOOLONG\)/);
  expect(readdirSync(folder).sort()).toEqual(['file', 'sub']);
  expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('kept');
});

test('a pipe stays a pipe, a device a device, whatever link leads there', () => {
  const [pipe, link] = [join(folder, 'pipe'), join(folder, 'link')];
  execFileSync('mkfifo', [pipe]);
  symlinkSync('/dev/null', link);
  for (const path of [pipe, link, '/dev/null']) {
    expect(() => writeFileAtomic(path, 'x')).toThrow(/^Cannot write .*received that of a device or a pipe/);
  }
  expect(lstatSync(pipe).isFIFO()).toBe(true);
  expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
  expect(readdirSync(folder).sort()).toEqual(['link', 'pipe']);
});

test('a writable folder is made with its parents and left empty', () => {
  const deep = join(folder, 'a', 'b');
  ensureWritableFolder(deep);
  ensureWritableFolder(deep);
  expect(readdirSync(deep)).toEqual([]);
});

test('a folder that is only tried leaves nothing behind, and what was there stays', () => {
  tryWritableFolder(join(folder, 'a', 'b'));
  expect(readdirSync(folder)).toEqual([]);
  mkdirSync(join(folder, 'a'));
  tryWritableFolder(join(folder, 'a', 'b'));
  tryWritableFolder(join(folder, 'a'));
  expect(readdirSync(folder, { recursive: true })).toEqual(['a']);
  writeFileSync(join(folder, 'file'), '');
  expect(() => tryWritableFolder(join(folder, 'file', 'sub', 'b'))).toThrow(/\(ENOTDIR\)/);
});

test('a file in a folder’s place is refused', () => {
  writeFileSync(join(folder, 'file'), '');
  expect(() => ensureWritableFolder(join(folder, 'file'))).toThrow(
    /^Cannot write to the folder .*\(EEXIST\)/,
  );
  expect(() => ensureWritableFolder(join(folder, 'file', 'sub'))).toThrow(/\(ENOTDIR\)/);
});

test.runIf(existsSync('/proc/self'))(
  'a folder that takes no new entries is refused, and without endless trying',
  () => {
    expect(() => ensureWritableFolder('/proc/dactyl/runs')).toThrow(
      /^Cannot write to the folder .*\(E[A-Z]+\)/,
    );
  },
);

test.each([
  ['ENOSPC', 'the disk is full'],
  ['EACCES', 'permission is denied'],
  ['EROFS', 'the file system is read-only'],
  ['EDQUOT', 'the disk quota is used up'],
])('%s reads “%s”', (code, words) => {
  const error = fileError(Object.assign(new Error('raw'), { code }), 'write', 'runs/a');
  expect(error.message).toMatch(new RegExp(`^Cannot write runs/a: ${words}.* \\(${code}\\)\\.$`));
  expect(error.code).toBe('E_FILE');
});

test('an unknown failure keeps the system’s own words', () => {
  expect(fileError(new Error('strange'), 'read', 'x').message).toBe('Cannot read x: strange.');
  const strange = Object.assign(new Error('stranger'), { code: 'toString' });
  expect(fileError(strange, 'read', 'x').message).toBe('Cannot read x: stranger.');
});
