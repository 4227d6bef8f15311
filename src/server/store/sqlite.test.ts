import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { databaseSuite } from '../../../test/support/databaseSuite.ts';
import { migrate } from './migrate.ts';
import { openDatabase } from './openDatabase.ts';
import { openReading } from './openReading.ts';
import { openSqlite } from './sqlite.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dactyl-store-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('SQLite in a folder', () => {
  databaseSuite(() => openDatabase(folder));
});

describe('SQLite in memory', () => {
  databaseSuite(() => openDatabase(':memory:'));
});

it('shares commits: 2,000 writes at once take at most 20', async () => {
  const database = await openDatabase(folder);
  await database.write([{ sql: 'CREATE TABLE things (n INTEGER)', values: [] }]);
  const before = commitsInLog();
  await Promise.all(
    Array.from({ length: 2000 }, (_, n) =>
      database.write([{ sql: 'INSERT INTO things VALUES (?)', values: [n] }]),
    ),
  );
  expect(commitsInLog() - before).toBeGreaterThan(0);
  expect(commitsInLog() - before).toBeLessThanOrEqual(20);
  expect(await database.query('SELECT count(*) AS n FROM things')).toEqual([{ n: 2000 }]);
  await database.close();
});

/** Frames of the write-ahead log that end a transaction: the second word of their header is not 0 (sqlite.org/fileformat2.html, section 4.1). */
function commitsInLog(): number {
  const log = readFileSync(join(folder, 'store.sqlite-wal'));
  const frame = 24 + log.readUInt32BE(8);
  let commits = 0;
  for (let at = 32; at < log.length; at += frame) if (log.readUInt32BE(at + 4) > 0) commits++;
  return commits;
}

it('refuses a second server on the folder, in this process and in another, and lets a reader in', async () => {
  const database = await openDatabase(folder);
  await expect(openDatabase(folder)).rejects.toMatchObject({
    code: 'E_LOCKED',
    message: expect.stringContaining(`process ${process.pid}`) as string,
  });
  const script = join(folder, 'other.mjs');
  writeFileSync(
    script,
    `import { openDatabase } from ${JSON.stringify(join(import.meta.dirname, 'openDatabase.ts'))};
     await openDatabase(${JSON.stringify(folder)}).catch((error) => console.log(error.code));`,
  );
  const other = spawnSync(process.execPath, [script], { encoding: 'utf8' });
  expect(other.stdout.trim()).toBe('E_LOCKED');
  const reader = await openSqlite({ folder, chain: 'main', readOnly: true });
  expect(await reader.query('SELECT count(*) AS n FROM audit_events')).toEqual([{ n: 0 }]);
  await reader.close();
  await database.close();
  await (await openDatabase(folder)).close();
});

it('goes on with the chain where it ended, after it was closed', async () => {
  for (const kind of ['one', 'two', 'three']) {
    const database = await openDatabase(folder);
    await database.write([], { kind, at: 1, facts: {} });
    await database.close();
  }
  const database = await openDatabase(folder);
  const links = await database.query('SELECT seq, kind, previous, hash FROM audit_events ORDER BY seq');
  expect(links.map(({ kind }) => kind)).toEqual(['one', 'two', 'three']);
  expect(links.slice(1).map(({ previous }) => previous)).toEqual(links.slice(0, 2).map(({ hash }) => hash));
  await database.close();
});

it('overwrites what was deleted, in its log too', async () => {
  const database = await openDatabase(folder);
  await database.write([{ sql: 'CREATE TABLE secrets (text TEXT)', values: [] }]);
  await database.write([{ sql: 'INSERT INTO secrets VALUES (?)', values: ['a face nobody should see'] }]);
  await database.write([{ sql: 'DELETE FROM secrets', values: [] }]);
  await database.scrub();
  const found = spawnSync('grep', ['-r', '-l', 'a face nobody should see', folder], { encoding: 'utf8' });
  expect(found.stdout).toBe('');
  await database.close();
});

describe('migrations', () => {
  it('are made once, in their order, and all or none', async () => {
    const database = await openSqlite({ folder, chain: 'main', readOnly: false });
    const made: string[] = [];
    const step = (id: string, sql: string): Parameters<typeof migrate>[1][number] => ({
      id,
      statements() {
        made.push(id);
        return [sql];
      },
    });
    const one = step('0001-one', 'CREATE TABLE one (n INTEGER)');
    const two = step('0002-two', 'CREATE TABLE two (n INTEGER)');
    const wrong = step('0003-wrong', 'CREATE TABLE two (n INTEGER)');
    await migrate(database, [one]);
    await expect(migrate(database, [one, two, wrong])).rejects.toThrow(/two already exists/);
    await expect(database.query('SELECT * FROM two')).rejects.toThrow(/two/);
    await migrate(database, [one, two]);
    expect(made).toEqual(['0001-one', '0002-two', '0003-wrong', '0002-two']);
    await expect(migrate(database, [one])).rejects.toMatchObject({
      code: 'E_FORMAT',
      message: expect.stringContaining('0002-two') as string,
    });
    await database.close();
  });
});

it('says that a file is no store, with E_FORMAT, and gives the folder back', async () => {
  const path = join(folder, 'store.sqlite');
  writeFileSync(path, 'no database at all, but long enough to have a header of a hundred bytes'.repeat(40));
  await expect(openDatabase(folder)).rejects.toMatchObject({ code: 'E_FORMAT' });
  rmSync(path);
  await (await openDatabase(folder)).close();
});

it.each([
  [
    'below a file',
    () => join(folder, 'file', 'store'),
    /Cannot write to the folder .*a part of the path is a file/,
  ],
  ['where a file is', () => join(folder, 'file'), /a file of that name is in the way/],
  ['whose lock is a folder', () => join(folder, 'locked'), /Cannot open the store .*lock\.sqlite/],
  ...(existsSync('/proc/self')
    ? [
        [
          'that cannot be made, without endless trying',
          () => '/proc/q',
          /^Cannot .*\/proc\/q: nothing can be made there/,
        ] as const,
      ]
    : []),
] as const)('a folder %s is E_FILE in one line', async (_, place, message) => {
  writeFileSync(join(folder, 'file'), '');
  mkdirSync(join(folder, 'locked', 'lock.sqlite'), { recursive: true });
  await expect(openDatabase(place())).rejects.toMatchObject({
    code: 'E_FILE',
    message: expect.stringMatching(message) as string,
  });
});

it('a reader of what is no store says so with E_FORMAT', async () => {
  writeFileSync(join(folder, 'store.sqlite'), 'no database at all, but long enough'.repeat(40));
  await expect(openReading(folder)).rejects.toMatchObject({ code: 'E_FORMAT' });
});

it('has the settings that keep what was acknowledged: WAL, FULL, overwriting', async () => {
  const database = await openDatabase(folder);
  const sqlite = new Sqlite(join(folder, 'store.sqlite'), { readonly: true });
  expect(sqlite.pragma('journal_mode', { simple: true })).toBe('wal');
  sqlite.close();
  await database.close();
});
