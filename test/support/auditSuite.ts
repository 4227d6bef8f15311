import { generateKeyPairSync } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Clock } from '../../src/server/clock.ts';
import type { Database } from '../../src/server/store/database.ts';
import { type Audit, createAudit } from '../../src/server/audit/audit.ts';
import { findCheckpoints, namedKey, originOf } from '../../src/server/audit/checkpoint.ts';
import { linkHash, nextLink } from '../../src/server/audit/chain.ts';
import { type ChainReport, verifyAudit } from '../../src/server/audit/verify.ts';
import { found } from './evidence.ts';

const DAY_MS = 86_400_000;
const { privateKey } = generateKeyPairSync('ed25519');
const keys = [namedKey(originOf('main'), privateKey)];

/** What the audit log promises, tried on an empty store of each kind. */
export function auditSuite(open: () => Promise<Database>): void {
  let database: Database;
  let audit: Audit;
  let now: number;
  let appended: number;
  let published: string[];
  let failures: unknown[];

  const clock: Clock = { now: () => now, every: () => () => undefined };

  beforeEach(async () => {
    now = 1_000 * DAY_MS;
    appended = 0;
    published = [];
    failures = [];
    database = await open();
    audit = createAudit({
      database,
      clock,
      key: privateKey,
      checkpointEvents: 10,
      checkpointSeconds: 60,
      keepDays: 183,
      publish: (note) => void published.push(note),
      failed: (error) => void failures.push(error),
    });
  });
  afterEach(async () => {
    await database.close();
    expect(failures).toEqual([]);
  });

  async function append(count: number): Promise<void> {
    for (let i = 0; i < count; i++) {
      await audit.append({ kind: 'decision', at: now, subject: `d${i}`, facts: { i } });
      // One that is due comes before the next event.
      if (++appended % 10 === 0) await audit.checkpoint();
    }
  }

  async function verify(outside = ''): Promise<ChainReport> {
    const [report] = await verifyAudit(database, { keys, outside: findCheckpoints(outside) });
    return report;
  }

  /** What somebody does who has the database in his hands: the triggers go first. */
  async function tamper(...statements: string[]): Promise<void> {
    const drops =
      database.kind === 'sqlite'
        ? (await database.query("SELECT name FROM sqlite_master WHERE type = 'trigger'")).map(
            ({ name }) => `DROP TRIGGER ${String(name)}`,
          )
        : ['events', 'checkpoints', 'retained'].map(
            (name) => `ALTER TABLE audit_${name} DISABLE TRIGGER USER`,
          );
    for (const sql of [...drops, ...statements]) await database.write([{ sql, values: [] }]);
  }

  const kinds = ({ findings }: ChainReport): string[] => findings.map(({ kind }) => kind);

  describe('checkpoints', () => {
    it('come after so many events, once, and when the log is closed', async () => {
      await append(9);
      expect(published).toEqual([]);
      await append(3);
      await audit.checkpoint();
      await audit.checkpoint();
      expect(findCheckpoints(published.join('\n')).map(({ size }) => size)).toEqual([10, 12]);
      await append(1);
      await audit.close();
      expect(findCheckpoints(published.at(-1)!)[0].size).toBe(13);
    });
  });

  describe('verify', () => {
    it('finds nothing where nothing was done, and says up to where it is signed', async () => {
      await append(25);
      await audit.checkpoint();
      await append(2);
      expect(await verify(published.join('\n'))).toMatchObject({
        first: 1,
        last: 27,
        signed: 25,
        findings: [],
      });
    });

    it('finds an entry that was edited', async () => {
      await append(12);
      await tamper(`UPDATE audit_events SET facts = '{"i":99}' WHERE seq = 5`);
      const report = await verify();
      expect(kinds(report)).toEqual(['edit']);
      expect(report.findings[0].text).toBe('Entry 5 was changed: its content has another hash.');
    });

    it.each(['at', 'kind', 'subject', 'facts', 'previous', 'hash', 'seq'])(
      'finds an edit of %s',
      async (column) => {
        await append(4);
        const value = { at: '7', kind: "'other'", facts: "'{}'", seq: '70' }[column] ?? "'other'";
        await tamper(`UPDATE audit_events SET ${column} = ${value} WHERE seq = 2`);
        expect((await verify()).findings).not.toEqual([]);
      },
    );

    it('finds an entry that was edited with its hash', async () => {
      await append(12);
      const { link, hash } = await forged(5);
      await tamper(`UPDATE audit_events SET facts = '${link.facts}', hash = '${hash}' WHERE seq = 5`);
      const report = await verify();
      expect(report.findings[0].text).toBe(
        'Entry 6 does not follow entry 5 as it is: one of the two was replaced.',
      );
    });

    it('finds entries that were taken out of the middle', async () => {
      await append(12);
      await tamper('DELETE FROM audit_events WHERE seq IN (6, 7)');
      const report = await verify();
      expect(kinds(report)).toEqual(['gap']);
      expect(report.findings[0].text).toBe('Entries 6 to 7 are missing.');
    });

    it('finds a tail that was cut, by the checkpoints of the store, and without those by the one outside', async () => {
      await append(20);
      await tamper('DELETE FROM audit_events WHERE seq > 15');
      expect((await verify()).findings).toEqual([
        {
          kind: 'cut tail',
          text: 'The log ends with entry 15, but 20 were signed (checkpoint from the store): Entries 16 to 20 are missing.',
        },
      ]);
      await tamper('DELETE FROM audit_checkpoints');
      expect((await verify()).findings).toEqual([]);
      expect(kinds(await verify(published.join('\n')))).toEqual(['cut tail']);
      await tamper('DELETE FROM audit_events');
      expect(kinds(await verify(published.at(-1)))).toEqual(['cut tail']);
    });

    it('finds a chain that was rewritten whole, by a checkpoint, and says after which entry', async () => {
      await append(30);
      const rows = await database.query('SELECT * FROM audit_events WHERE seq > 13 ORDER BY seq');
      await tamper(
        'DELETE FROM audit_events WHERE seq > 13',
        'DELETE FROM audit_checkpoints WHERE size > 10',
      );
      // The database's own chain goes on in another connection's sight: it is made anew by hand.
      let [head] = (await database.query('SELECT seq, hash FROM audit_events WHERE seq = 13')) as unknown as {
        seq: number;
        hash: string;
      }[];
      for (const row of rows) {
        const { kind, at, subject } = row as unknown as { kind: string; at: number; subject: string };
        const link = nextLink('main', head, { kind, at, subject, facts: '{"i":"forged"}' });
        await database.write([
          {
            sql: 'INSERT INTO audit_events (chain, seq, at, kind, subject, facts, previous, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
            values: ['main', link.seq, at, kind, subject, link.facts, link.previous, link.hash],
          },
        ]);
        head = link;
      }
      expect((await verify()).findings).toEqual([]);
      const report = await verify(published.join('\n'));
      expect(report.signed).toBe(10);
      expect(report.findings).toEqual([
        {
          kind: 'rewritten',
          text: 'The chain was rewritten between entry 11 and entry 20: the checkpoint of size 20 from outside was signed over another one.',
        },
      ]);
      found({
        id: 'audit',
        points: ['E7', 'E9', 'E11'],
        articles: ['GDPR 5(2)', 'AI Act 12', 'AI Act 19'],
        says: 'In the log of answers an edited entry, entries taken out, a tail that was cut and a chain that was rewritten whole were found, the last two by signed checkpoints outside of the store.',
      });
    });

    it('finds a checkpoint that another key signed, and one that was changed', async () => {
      await append(10);
      await audit.checkpoint();
      const other = [namedKey(originOf('main'), generateKeyPairSync('ed25519').privateKey)];
      const [byOther] = await verifyAudit(database, { keys: other, outside: [] });
      expect(kinds(byOther)).toEqual(['signature']);
      await tamper("UPDATE audit_checkpoints SET note = replace(note, '10', '11'), size = 11");
      expect(kinds(await verify())).toEqual(['signature']);
    });

    async function forged(seq: number): Promise<{ link: Parameters<typeof linkHash>[1]; hash: string }> {
      const [row] = await database.query('SELECT * FROM audit_events WHERE seq = ?', [seq]);
      const link = { ...(row as unknown as Parameters<typeof linkHash>[1]), facts: '{"i":"forged"}' };
      return { link, hash: linkHash('main', link) };
    }
  });

  describe('retention', () => {
    it('removes what is older than 183 days, behind a checkpoint only; verify still works', async () => {
      await append(15);
      now += 184 * DAY_MS;
      await append(7);
      // Entries 11 to 15 are old enough, but no checkpoint has size 15.
      expect(await audit.retain()).toBe(10);
      expect(await audit.retain()).toBe(0);
      const report = await verify(published.join('\n'));
      expect(report).toMatchObject({ first: 11, last: 23, findings: [] });
      const [event] = await database.query("SELECT facts FROM audit_events WHERE kind = 'audit.retained'");
      expect(event.facts).toBe(`{"before":${now - 183 * DAY_MS},"keys":[],"size":10}`);
    });

    it('keeps entries of just 183 days, and never empties a chain', async () => {
      await append(10);
      await audit.checkpoint();
      now += 183 * DAY_MS;
      expect(await audit.retain()).toBe(0);
      now += 1;
      expect(await audit.retain()).toBe(0);
      await append(1);
      expect(await audit.retain()).toBe(10);
    });

    it('cannot be imitated: a beginning that is cut is found', async () => {
      await append(25);
      await audit.checkpoint();
      await tamper('DELETE FROM audit_events WHERE seq <= 10');
      expect(kinds(await verify())).toEqual(['cut beginning']);
      await tamper('DELETE FROM audit_events WHERE seq <= 12');
      expect(kinds(await verify())).toEqual(['cut beginning']);
    });
  });
}
