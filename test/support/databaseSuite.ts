import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Database } from '../../src/server/store/database.ts';

/** What both databases promise, tried on an empty one of each. */
export function databaseSuite(open: () => Promise<Database>): void {
  let database: Database;
  beforeEach(async () => {
    database = await open();
    await database.write([{ sql: 'CREATE TABLE things (name TEXT PRIMARY KEY, size REAL)', values: [] }]);
  });
  afterEach(() => database.close());

  const put = (name: string, size = 1): Promise<void> =>
    database.write([{ sql: 'INSERT INTO things (name, size) VALUES (?, ?)', values: [name, size] }]);
  const names = async (): Promise<unknown[]> =>
    (await database.query('SELECT name FROM things ORDER BY name')).map(({ name }) => name);

  it('gives back what was written: text, numbers, bytes, null', async () => {
    await database.write([
      { sql: `CREATE TABLE kinds (a TEXT, b ${integer()}, c ${blob()}, d REAL, e TEXT)`, values: [] },
    ]);
    const bytes = Uint8Array.of(0, 255, 7);
    await database.write([
      {
        sql: 'INSERT INTO kinds VALUES (?, ?, ?, ?, ?)',
        values: ["it's — 3?", 2 ** 52 + 1, bytes, 0.25, null],
      },
    ]);
    const [row] = await database.query("SELECT *, 'a?b' AS f FROM kinds WHERE a = ?", ["it's — 3?"]);
    expect({ ...row, c: [...(row.c as Uint8Array)] }).toEqual({
      a: "it's — 3?",
      b: 4503599627370497,
      c: [0, 255, 7],
      d: 0.25,
      e: null,
      f: 'a?b',
    });
  });

  it('writes all statements of a caller or none, and one that fails harms no other', async () => {
    const doubled = (): Promise<void> =>
      database.write([
        { sql: 'INSERT INTO things (name) VALUES (?)', values: ['half'] },
        { sql: 'INSERT INTO things (name) VALUES (?)', values: ['a'] },
      ]);
    const outcomes = await Promise.allSettled([put('a'), put('b'), doubled(), put('b'), put('c')]);
    expect(outcomes.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      // 'a' is there, so its fellow must not be.
      'rejected',
      'rejected',
      'fulfilled',
    ]);
    expect(await names()).toEqual(['a', 'b', 'c']);
  });

  it('shows a write as soon as it has resolved, and answers RETURNING', async () => {
    for (let i = 0; i < 20; i++) {
      await put(`n${i}`, i);
      expect(await database.query('SELECT size FROM things WHERE name = ?', [`n${i}`])).toEqual([
        { size: i },
      ]);
    }
    expect(await database.query('UPDATE things SET size = ? WHERE size > ? RETURNING name', [0, 18])).toEqual(
      [{ name: 'n19' }],
    );
  });

  it('keeps transactions apart from writes and undoes them where the work throws', async () => {
    await put('counter', 0);
    const count = (): Promise<unknown> =>
      database.transaction(async ({ query }) => {
        const [{ size }] = await query('SELECT size FROM things WHERE name = ? ', ['counter']);
        await query('UPDATE things SET size = ? WHERE name = ?', [Number(size) + 1, 'counter']);
      });
    await Promise.all([count(), put('x'), count(), count(), put('y')]);
    const undone = database.transaction(async ({ query }) => {
      await query('DELETE FROM things');
      throw new Error('no');
    });
    await expect(undone).rejects.toThrow('no');
    expect(await database.query('SELECT size FROM things WHERE name = ?', ['counter'])).toEqual([
      { size: 3 },
    ]);
    expect(await names()).toEqual(['counter', 'x', 'y']);
  });

  it('refuses a wrong statement by an error of its caller only, within a transaction too', async () => {
    await expect(database.query('SELECT name FROM nowhere')).rejects.toThrow(/nowhere/);
    await expect(database.write([{ sql: 'INSERT INTO nowhere VALUES (1)', values: [] }])).rejects.toThrow(
      /nowhere/,
    );
    await expect(database.transaction(({ query }) => query('SELECT name FROM nowhere'))).rejects.toThrow(
      /nowhere/,
    );
    await put('after');
    expect(await names()).toEqual(['after']);
  });

  it('writes what is under way before it closes, then refuses with E_STATE', async () => {
    const under = Array.from({ length: 3000 }, (_, i) => put(`k${i}`));
    const closed = database.close();
    await Promise.all(under);
    await closed;
    await expect(put('late')).rejects.toMatchObject({ code: 'E_STATE' });
    await expect(database.transaction(() => Promise.resolve())).rejects.toMatchObject({ code: 'E_STATE' });
  });

  it('chains an event in the commit of its statements, and not where they fail', async () => {
    const event = (kind: string): Parameters<Database['write']>[1] => ({
      kind,
      at: 5,
      facts: { b: 1, a: [null, 'é'] },
    });
    const insert = { sql: 'INSERT INTO things (name) VALUES (?)', values: ['once'] };
    const outcomes = await Promise.allSettled([
      database.write([], event('first')),
      database.write([insert], event('second')),
      database.write([insert], event('undone')),
      database.write([], event('third')),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    const links = await database.query('SELECT * FROM audit_events WHERE chain = ? ORDER BY seq', [
      database.chain,
    ]);
    expect(links.map(({ seq, kind }) => [seq, kind])).toEqual([
      [1, 'first'],
      [2, 'second'],
      [3, 'third'],
    ]);
    expect(links[0].facts).toBe('{"a":[null,"é"],"b":1}');
    expect(links[2].previous).toBe(links[1].hash);
  });

  it('refuses to change or delete entries of the log, in any way', async () => {
    await database.write([], { kind: 'first', at: 5, facts: {} });
    for (const sql of [
      "UPDATE audit_events SET facts = '{}'",
      'DELETE FROM audit_events',
      database.kind === 'sqlite'
        ? 'INSERT OR REPLACE INTO audit_events SELECT * FROM audit_events'
        : 'TRUNCATE audit_events',
    ])
      await expect(database.write([{ sql, values: [] }])).rejects.toThrow(
        'The audit log is only ever added to',
      );
    expect(await database.query('SELECT seq FROM audit_events')).toEqual([{ seq: 1 }]);
  });

  const integer = (): string => (database.kind === 'sqlite' ? 'INTEGER' : 'BIGINT');
  const blob = (): string => (database.kind === 'sqlite' ? 'BLOB' : 'BYTEA');
}
