import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { holdKeys } from './holdKeys.ts';

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'dactyl-keys-'));
  onTestFinished(() => {
    rmSync(path, { recursive: true, force: true });
  });
  return join(path, 'keys');
}

test('one server at a time has the keys; it gives them back', async () => {
  const keys = folder();
  const release = await holdKeys(keys);
  await expect(holdKeys(keys)).rejects.toMatchObject({
    code: 'E_LOCKED',
    message: expect.stringContaining(`${keys} holds the keys of another server that runs`) as string,
  });
  release();
  (await holdKeys(keys))();
});

test('instances that share a database share the keys, each under its name', async () => {
  const keys = folder();
  const [a, b] = [await holdKeys(keys, 'a'), await holdKeys(keys, 'b')];
  await expect(holdKeys(keys, 'a')).rejects.toMatchObject({ code: 'E_LOCKED' });
  a();
  b();
  expect(readdirSync(keys).sort()).toEqual(['lock-a.sqlite', 'lock-b.sqlite']);
});
