import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { DactylError } from '../util/errors.ts';
import { lockFolder } from './lock.ts';

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'dactyl-test-'));
  onTestFinished(() => {
    rmSync(path, { recursive: true, force: true });
  });
  return path;
}

function refusal(path: string): DactylError {
  try {
    lockFolder(path)();
  } catch (error) {
    if (error instanceof DactylError) return error;
    throw error;
  }
  throw new Error('not refused');
}

/** The number of a process that has ended. */
function deadPid(): number {
  return spawnSync(process.execPath, ['--version']).pid;
}

test('a lock names its holder, keeps a second one out, and is gone once given back', () => {
  const path = folder();
  const unlock = lockFolder(path);
  expect(JSON.parse(readFileSync(join(path, 'lock.json'), 'utf8'))).toMatchObject({
    pid: process.pid,
    host: hostname(),
  });
  const error = refusal(path);
  expect(error.code).toBe('E_LOCKED');
  expect(error.message).toContain(`process ${process.pid} on ${hostname()}`);
  expect(readdirSync(path)).toEqual(['lock.json']);
  unlock();
  expect(readdirSync(path)).toEqual([]);
  lockFolder(path)();
});

test('the folder is made where it is missing', () => {
  const path = join(folder(), 'a', 'b');
  const unlock = lockFolder(path);
  expect(readdirSync(path)).toEqual(['lock.json']);
  unlock();
});

const token = '0123456789abcdef';

test.each([
  ['a dead process', () => JSON.stringify({ pid: deadPid(), host: hostname(), token })],
  [
    'an earlier process that had our number',
    () => JSON.stringify({ pid: process.pid, host: hostname(), token }),
  ],
  ['nobody: empty', () => ''],
  ['nobody: torn', () => '{"pid": 12'],
  ['nobody: null', () => 'null'],
  ['nobody: no number', () => JSON.stringify({ pid: 'x', host: hostname(), token })],
  ['nobody: the group of processes 0', () => JSON.stringify({ pid: 0, host: hostname(), token })],
])('the lock of %s is taken over', (_, content) => {
  const path = folder();
  writeFileSync(join(path, 'lock.json'), content());
  const unlock = lockFolder(path);
  expect(JSON.parse(readFileSync(join(path, 'lock.json'), 'utf8'))).toMatchObject({ pid: process.pid });
  expect(readdirSync(path)).toEqual(['lock.json']);
  unlock();
});

test.each([
  ['a living process', { pid: process.ppid, host: hostname(), token }],
  ['a process of another machine', { pid: 1, host: 'elsewhere', token }],
])('the lock of %s is not', (_, holder) => {
  const path = folder();
  writeFileSync(join(path, 'lock.json'), JSON.stringify(holder));
  expect(refusal(path).message).toContain(`process ${holder.pid} on ${holder.host}`);
  expect(JSON.parse(readFileSync(join(path, 'lock.json'), 'utf8'))).toEqual(holder);
});

test('a lock that another process has taken over meanwhile is not given back for it', () => {
  const path = folder();
  const unlock = lockFolder(path);
  const others = JSON.stringify({ pid: process.ppid, host: hostname(), token });
  writeFileSync(join(path, 'lock.json'), others);
  unlock();
  expect(readFileSync(join(path, 'lock.json'), 'utf8')).toBe(others);
});
