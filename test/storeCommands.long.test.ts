import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import { createAudit } from '../src/server/audit/audit.ts';
import { genesis, type Link, nextLink } from '../src/server/audit/chain.ts';
import { signingKey } from '../src/server/audit/keys.ts';
import { loadConfig } from '../src/server/config/load.ts';
import { openDatabase } from '../src/server/store/openDatabase.ts';
import { connectReading, STORE_FILE } from '../src/server/store/sqliteConnection.ts';
import { consentsAlone, itemOf } from './support/consents.ts';
import { dactyl, MAIN, temporaryFolder } from './support/dactyl.ts';
import { movedClock } from './support/movedClock.ts';

interface Written {
  readonly folder: string;
  /** The checkpoint that was pushed out. */
  readonly note: string;
}

/** A folder as a server leaves it: five entries, the last of them signed. */
async function written(): Promise<Written> {
  const folder = temporaryFolder();
  const database = await openDatabase(folder);
  let note = '';
  const audit = createAudit({
    ...loadConfig({}).audit,
    database,
    clock: movedClock(),
    key: signingKey(join(folder, 'keys', 'audit'), 'main'),
    publish: (one) => void (note = one),
    failed: (error) => {
      throw error;
    },
  });
  for (let i = 1; i <= 5; i++)
    await audit.append({ kind: 'decision', at: i, subject: `d${i}`, facts: { i } });
  await audit.close();
  await database.close();
  return { folder, note };
}

/** What somebody does who can write to the file: the triggers go first. */
function tamper(folder: string, work: (sqlite: Sqlite.Database) => void): void {
  const sqlite = new Sqlite(join(folder, STORE_FILE));
  const triggers = sqlite
    .prepare<[], string>("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    .pluck()
    .all();
  for (const name of triggers) sqlite.exec(`DROP TRIGGER ${name}`);
  work(sqlite);
  sqlite.close();
}

/** Numbers are kept on a line with their words. */
function spaced(text: string): string {
  return text.replaceAll('\u00a0', ' ');
}

/** Exit code, and both outputs with the folder's name left out. */
async function verified(
  { folder }: Pick<Written, 'folder'>,
  ...more: string[]
): Promise<[exit: number | string, stdout: string, stderr: string]> {
  const { exit, stdout, stderr } = await dactyl(['audit', 'verify', '--data-dir', folder, ...more]);
  return [exit, stdout, stderr.replaceAll(folder, 'FOLDER')];
}

const wrong = (kinds: string): string =>
  `dactyl: The audit log is not as it was written (${kinds}). Keep the store as it is, and look at docs/serving.md, 'When verify finds something'. [E_MISMATCH]\n`;
const SIGNED = 'main: entries 1 to 5, 1 checkpoint, signed up to entry 5.\n';
const UNSIGNED = 'no checkpoint fits, so that a rewritten chain would not be seen.\n';

test('audit verify: a log as it was written exits with 0; an edited row with 1, and says which', async () => {
  const own = await written();
  expect(await verified(own)).toEqual([0, `${SIGNED}  As it was written.\n`, '']);
  tamper(own.folder, (sqlite) => {
    sqlite.exec(`UPDATE audit_events SET facts = '{"i":99}' WHERE seq = 3`);
  });
  expect(await verified(own)).toEqual([
    1,
    `${SIGNED}  Entry 3 was changed: its content has another hash.\n`,
    wrong('edit'),
  ]);
});

test('audit verify: a tail that was cut shows by the store’s own checkpoint; cut with it, only by --checkpoint', async () => {
  const own = await written();
  tamper(own.folder, (sqlite) => {
    sqlite.exec('DELETE FROM audit_events WHERE seq > 3');
  });
  const cut = (from: string): string =>
    `  The log ends with entry 3, but 5 were signed (checkpoint from ${from}): Entries 4 to 5 are missing.\n`;
  expect(await verified(own)).toEqual([
    1,
    `main: entries 1 to 3, 1 checkpoint, ${UNSIGNED}${cut('the store')}`,
    wrong('cut tail'),
  ]);
  tamper(own.folder, (sqlite) => {
    sqlite.exec('DELETE FROM audit_checkpoints');
  });
  expect(await verified(own)).toEqual([
    0,
    `main: entries 1 to 3, 0 checkpoints, ${UNSIGNED}  As it was written.\n`,
    '',
  ]);
  const kept = join(own.folder, 'note');
  writeFileSync(kept, own.note);
  expect(await verified(own, '--checkpoint', kept)).toEqual([
    1,
    `main: entries 1 to 3, 1 checkpoint, ${UNSIGNED}${cut('outside')}`,
    wrong('cut tail'),
  ]);
});

test('audit verify: a chain that was rewritten whole, hashes and all, shows by a checkpoint in the server’s log', async () => {
  const own = await written();
  tamper(own.folder, (sqlite) => {
    const rows = sqlite.prepare<[], Link>('SELECT * FROM audit_events ORDER BY seq').all();
    sqlite.exec('DELETE FROM audit_events; DELETE FROM audit_checkpoints');
    let head = genesis('main');
    for (const { kind, at, subject } of rows) {
      const link = nextLink('main', head, { kind, at, subject, facts: '{"i":"forged"}' });
      sqlite
        .prepare('INSERT INTO audit_events VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
        .run('main', link.seq, at, kind, subject, link.facts, link.previous, link.hash);
      head = link;
    }
  });
  expect(await verified(own)).toMatchObject([0, expect.stringContaining('As it was written'), '']);
  const log = join(own.folder, 'server.log');
  writeFileSync(log, `{"level":30}\n${JSON.stringify({ level: 30, checkpoint: own.note })}\n`);
  expect(await verified(own, '--checkpoint', log)).toEqual([
    1,
    `main: entries 1 to 5, 1 checkpoint, ${UNSIGNED}  The chain was rewritten between entry 1 and entry 5: the checkpoint of size 5 from outside was signed over another one.\n`,
    wrong('rewritten'),
  ]);
});

test('audit verify: an emptied log, another key, a file that is no key or no checkpoint, no store: each with 1 and a sentence', async () => {
  const own = await written();
  const other = await written();
  const foreign = join(other.folder, 'keys', 'audit', 'main.vkey');
  expect(await verified(own, '--key', foreign)).toEqual([
    1,
    `main: entries 1 to 5, 0 checkpoints, ${UNSIGNED}  The checkpoint of size 5 from the store is not signed by a key that is known for this chain.\n`,
    wrong('signature'),
  ]);
  const none = join(own.folder, 'none');
  writeFileSync(none, 'nothing of the kind\n');
  const [exit, , noKey] = await verified(own, '--key', none);
  expect([exit, noKey]).toEqual([
    1,
    'dactyl: FOLDER/none: expected a line NAME+ID+KEY, as the server writes it to keys/audit/*.vkey; received none. [E_FORMAT]\n',
  ]);
  expect(await verified(own, '--checkpoint', none)).toMatchObject([
    1,
    '',
    expect.stringMatching(
      /^dactyl: FOLDER\/none: expected signed checkpoints .* received none\. \[E_FORMAT\]\n$/,
    ),
  ]);
  expect(await verified(own, '--checkpoint', join(own.folder, 'absent'))).toMatchObject([
    1,
    '',
    expect.stringMatching(/^dactyl: .*FOLDER\/absent.* \[E_FILE\]\n$/),
  ]);
  tamper(own.folder, (sqlite) => {
    sqlite.exec('DELETE FROM audit_events; DELETE FROM audit_checkpoints');
  });
  expect(await verified(own)).toEqual([
    1,
    `main: no entries, 0 checkpoints, ${UNSIGNED}  The log is empty, but there is a key that signs it, or there are consents or API keys: every entry was removed.\n`,
    wrong('empty'),
  ]);
  rmSync(join(own.folder, 'keys'), { recursive: true });
  expect(await verified(own)).toEqual([
    1,
    '',
    'dactyl: FOLDER/keys/audit is not there: expected the public keys of the server. Give a copy of them: --key FILE. [E_NOT_FOUND]\n',
  ]);
  rmSync(join(own.folder, STORE_FILE));
  expect(await verified(own)).toEqual([
    1,
    '',
    'dactyl: FOLDER has no store: expected store.sqlite in it. Give the folder that the server has: --data-dir DIR. [E_NOT_FOUND]\n',
  ]);
  expect(await verified({ folder: join(own.folder, 'nowhere') })).toEqual([
    1,
    '',
    'dactyl: The folder FOLDER does not exist: expected that of a server, with store.sqlite in it. Give the folder that the server has: --data-dir DIR. [E_NOT_FOUND]\n',
  ]);
});

test('backup make and restore: a backup is verified after it was put back; one that is there, none, no backup and a store are refused', async () => {
  const own = await written();
  const file = join(own.folder, 'one.sqlite');
  const run = async (command: string, path: string, folder: string, env: NodeJS.ProcessEnv = {}) => {
    const args = ['backup', command, path, '--data-dir', folder];
    const { exit, stdout, stderr } = await dactyl(args, { env });
    return [exit, spaced(stdout + stderr).replaceAll(own.folder, 'FOLDER')];
  };
  const [made, said] = await run('make', file, own.folder);
  expect(made).toBe(0);
  expect(said).toMatch(/^FOLDER\/one\.sqlite: [\d,]+ bytes, five entries of the audit log, no consents\.\n$/);
  expect(await run('make', file, own.folder)).toEqual([
    1,
    'dactyl: FOLDER/one.sqlite exists: a backup is never written over. Choose another name. [E_FILE]\n',
  ]);
  expect(await run('make', `${file}.two`, join(own.folder, 'nowhere'))).toMatchObject([
    1,
    expect.stringMatching(/^dactyl: The folder FOLDER\/nowhere does not exist: .* \[E_NOT_FOUND\]\n$/),
  ]);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(await run('make', join(own.folder, 'mistyped', 'one.sqlite'), own.folder)).toEqual([
    1,
    'dactyl: Cannot write FOLDER/mistyped/one.sqlite: the folder FOLDER/mistyped does not exist (ENOENT). Make it first, or choose another path. [E_FILE]\n',
  ]);
  expect(existsSync(join(own.folder, 'mistyped'))).toBe(false);
  expect(await run('restore', file, own.folder)).toMatchObject([
    1,
    expect.stringMatching(
      /^dactyl: FOLDER\/store\.sqlite exists: a backup is never restored over a store\. .* \[E_FILE\]\n$/,
    ),
  ]);
  const restored = join(own.folder, 'restored');
  expect(await run('restore', join(own.folder, 'absent'), restored)).toEqual([
    1,
    'dactyl: Cannot read FOLDER/absent: it does not exist. [E_FILE]\n',
  ]);
  writeFileSync(join(own.folder, 'none'), 'no database');
  expect(await run('restore', join(own.folder, 'none'), restored)).toMatchObject([
    1,
    expect.stringMatching(
      /^dactyl: FOLDER\/none: expected a backup of a store, received something else .* \[E_FORMAT\]\n$/,
    ),
  ]);
  const address = { DACTYL_STORE: 'postgres://a/b' };
  for (const [command, program] of [
    ['make', 'pg_dump'],
    ['restore', 'pg_restore'],
  ])
    expect(await run(command, file, restored, address)).toMatchObject([
      1,
      expect.stringMatching(
        new RegExp(`^dactyl: The store is in PostgreSQL.*${program}.* \\[E_UNSUPPORTED\\]\\n$`),
      ),
    ]);
  const keys = join(restored, 'keys');
  cpSync(join(own.folder, 'keys'), keys, { recursive: true });
  expect(await run('restore', file, restored)).toEqual([
    0,
    'Restored: five entries of the audit log, no consents.\nNothing of it had been erased since.\n',
  ]);
  // And the entry that says so.
  const note = join(own.folder, 'note');
  writeFileSync(note, own.note);
  expect(await verified({ folder: restored }, '--checkpoint', note)).toMatchObject([
    0,
    'main: entries 1 to 6, 3 checkpoints, signed up to entry 6.\n  As it was written.\n',
    '',
  ]);
});

test('backup restore erases what was erased since; without the keys, and with another server’s, it refuses', async () => {
  const { consents, database, folder } = await consentsAlone();
  const given = { purposes: ['training'], days: 30 } as const;
  const kept = await consents.keep(given, [itemOf(1)], 'a');
  const { token } = await consents.keep(given, [itemOf(2)], 'b');
  const file = join(folder, 'one.sqlite');
  await dactyl(['backup', 'make', file, '--data-dir', join(folder, 'store')]);
  await consents.erase(await consents.find(token));
  await database.close();
  const restore = async (name: string, env: NodeJS.ProcessEnv) =>
    dactyl(['backup', 'restore', file, '--data-dir', join(folder, name)], { env });
  const refused = await restore('without', {});
  expect([refused.exit, refused.stderr]).toMatchObject([
    1,
    expect.stringMatching(
      /without\/keys is not there: .*DACTYL_KEYS_DIR\)\. Where it is lost for good: .* \[E_NOT_FOUND\]\n$/,
    ),
  ]);
  const own = { DACTYL_KEYS_DIR: join(folder, 'keys') };
  const { exit, stdout } = await restore('restored', own);
  expect([exit, spaced(stdout)]).toEqual([
    0,
    'Restored: two entries of the audit log, two consents.\nErased from it, as since it was made: one consent.\n',
  ]);
  const restored = connectReading(join(folder, 'restored'));
  expect(restored.run({ sql: 'SELECT consent FROM consent_items', values: [] })).toEqual([
    { consent: kept.consent },
  ]);
  restored.sqlite.close();

  // Of a server that never saw these consents: they would open nothing, and sign what another has signed.
  const other = await written();
  await consentsAlone(other.folder);
  const foreign = await restore('foreign', { DACTYL_KEYS_DIR: join(other.folder, 'keys') });
  expect([foreign.exit, foreign.stdout]).toEqual([1, '']);
  expect(foreign.stderr).toMatch(/\[E_NOT_FOUND\]\n$/);
  expect(existsSync(join(folder, 'foreign', 'store.sqlite'))).toBe(false);
});

const NO_STORE = /^dactyl: The database holds no store: .* \[E_NOT_FOUND\]\n$/;

test('an empty store.sqlite, as a start that was ended leaves it: one sentence from keys, audit and backup', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'keys', 'audit'), { recursive: true });
  signingKey(join(folder, 'keys', 'audit'), 'main');
  writeFileSync(join(folder, STORE_FILE), '');
  const file = join(folder, 'backup');
  for (const args of [
    ['keys', 'list'],
    ['audit', 'verify'],
    ['backup', 'make', file],
  ]) {
    const { exit, stderr } = await dactyl([...args, '--data-dir', folder]);
    expect([args, exit, stderr]).toEqual([args, 1, expect.stringMatching(NO_STORE)]);
  }
  expect(existsSync(file)).toBe(false);
});

/** As a user who owns nothing of the test: root may all. */
function asOther(args: readonly string[]): { status: number | null; stderr: string } {
  const other = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  return spawnSync(process.execPath, [MAIN, ...args], { encoding: 'utf8', cwd: '/', ...other });
}

test.skipIf(process.platform === 'win32')(
  'a folder or a store without permission: each command says so in one line, and none that there is no store',
  async () => {
    const { folder } = await written();
    const store = join(folder, STORE_FILE);
    const at = ['--data-dir', folder];
    chmodSync(folder, 0o000);
    for (const args of [
      ['keys', 'list'],
      ['keys', 'revoke', 'x'],
      ['audit', 'verify'],
      ['backup', 'make', join(folder, 'x')],
    ]) {
      const { status, stderr } = asOther([...args, ...at]);
      expect([args, status, stderr]).toEqual([
        args,
        1,
        expect.stringMatching(/^dactyl: Cannot read \S+: permission is denied.* \(EACCES\)\. \[E_FILE\]\n$/),
      ]);
    }
    chmodSync(folder, 0o777);
    for (const name of ['lock.sqlite', 'holder'])
      if (existsSync(join(folder, name))) chmodSync(join(folder, name), 0o666);
    chmodSync(join(folder, 'keys'), 0o777);
    chmodSync(store, 0o444);
    const { status, stderr } = asOther(['keys', 'create', 'x', '--scopes', 'read', ...at]);
    chmodSync(store, 0o644);
    expect([status, stderr]).toEqual([
      1,
      `dactyl: Cannot write to ${store}: permission is denied. Choose another place or change its permissions (EACCES). [E_FILE]\n`,
    ]);
  },
);

test('keys create says that it made a store, and where; not where there was one', async () => {
  const folder = join(temporaryFolder(), 'mistyped');
  const create = () => dactyl(['keys', 'create', 'x', '--scopes', 'read', '--data-dir', folder]);
  const made = `There was no store in ${folder}: a new one was made.`;
  expect((await create()).stderr).toContain(made);
  const { exit, stderr } = await create();
  expect([exit, stderr.includes(made)]).toEqual([0, false]);
});
