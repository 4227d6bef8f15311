import type { AuditEvent } from '../audit/event.ts';
import type { Clock } from '../clock.ts';
import type { Database, Statement } from '../store/database.ts';
import type { Webhooks } from '../webhooks/webhooks.ts';
import type { Erasure, ErasureList, ErasureReason } from './erasureList.ts';
import type { KeyFolder } from './keyFolder.ts';
import { usesOf } from './record.ts';

/** Event and statements in one commit, on the disk when it resolves. */
export interface Appending {
  append(event: AuditEvent, statements?: readonly Statement[]): Promise<void>;
}

export interface ErasingParts {
  readonly database: Database;
  readonly audit: Appending;
  readonly clock: Pick<Clock, 'now'>;
  readonly keys: KeyFolder;
  readonly erasures: ErasureList;
  /** Whoever was given images has to be told that they were erased, in the same commit. */
  readonly webhooks: Pick<Webhooks, 'statements' | 'wake'>;
}

/** Erased images are gone when it resolves: first in the list outside of backups, then their key, wherever they lie, then the rows, then what the database keeps of them. */
export interface Erasing {
  erase(consents: readonly string[], reason: ErasureReason): Promise<void>;
  /** Erases what is past its time; how many consents that were. */
  sweep(): Promise<number>;
  /** Frees a database that was restored, or left by a crash, of what the list says was erased; how many consents that were. */
  replayErasures(): Promise<number>;
}

const DAY = 86_400_000;

export function createErasing({ database, audit, clock, keys, erasures, webhooks }: ErasingParts): Erasing {
  async function finish(done: readonly Erasure[]): Promise<void> {
    for (const { consent, at, reason } of done) {
      keys.destroy(consent);
      const uses = (await usesOf(database, consent)).map(({ kind, what }) => ({ kind, what }));
      const facts = { reason, uses };
      const told = { consent, at: new Date(at).toISOString(), ...facts };
      const event: AuditEvent = { kind: 'consent.erased', at, subject: consent, facts };
      await audit.append(event, [
        ...erasingStatements(consent, at, reason),
        ...webhooks.statements('consent.erased', told),
      ]);
    }
    if (done.length === 0) return;
    webhooks.wake();
    await database.scrub();
  }

  async function erase(consents: readonly string[], reason: ErasureReason): Promise<void> {
    const at = clock.now();
    const done = consents.map((consent) => ({ consent, at, reason }));
    erasures.append(done);
    await finish(done);
  }

  return {
    erase,
    async sweep() {
      const rows = await database.query(
        // An end that was moved in the store keeps nothing for longer than the days that were consented to.
        `SELECT id FROM consents WHERE erased_at IS NULL AND (until_at <= ? OR given_at + days * ${DAY} <= ?) ORDER BY until_at LIMIT 1000`,
        [clock.now(), clock.now()],
      );
      await erase(
        rows.map(({ id }) => String(id)),
        'expiry',
      );
      return rows.length;
    },
    async replayErasures() {
      const rows = await database.query('SELECT id FROM consents WHERE erased_at IS NULL');
      const kept = new Set(rows.map(({ id }) => String(id)));
      const listed = new Map(erasures.all().map((erasure) => [erasure.consent, erasure]));
      const back = [...listed.values()].filter(({ consent }) => kept.has(consent));
      await finish(back);
      return back.length;
    },
  };
}

function erasingStatements(consent: string, at: number, reason: ErasureReason): Statement[] {
  return [
    'DELETE FROM review_decisions WHERE review IN (SELECT id FROM reviews WHERE consent = ?)',
    'DELETE FROM reviews WHERE consent = ?',
    'DELETE FROM consent_items WHERE consent = ?',
  ]
    .map((sql): Statement => ({ sql, values: [consent] }))
    .concat({
      sql: 'UPDATE consents SET erased_at = ?, erased_for = ? WHERE id = ? AND erased_at IS NULL',
      values: [at, reason, consent],
    });
}
