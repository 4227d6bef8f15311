import type { KeyObject } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { Database, Statement } from '../store/database.ts';
import { genesis } from './chain.ts';
import { keysChain, signCheckpoint } from './checkpoint.ts';
import type { AuditEvent } from './event.ts';
import { removeOld } from './retention.ts';
import { HEAD, headOf } from './rows.ts';

/** What the server writes down for good. */
export interface Audit {
  /** Event and statements in one commit, on the disk when it resolves. */
  append(event: AuditEvent, statements?: readonly Statement[]): Promise<void>;
  /** Signs the chain as it is, and what `dactyl keys` wrote beside it, and pushes the notes out; undefined where nothing was added since the last one. */
  checkpoint(): Promise<string | undefined>;
  /** Removes the entries that are older than `keepDays`, as far as a checkpoint lets it; how many. */
  retain(): Promise<number>;
  /** With a last checkpoint. */
  close(): Promise<void>;
}

export interface AuditOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly key: KeyObject;
  /** A checkpoint at the latest after so many events or seconds with at least one. */
  readonly checkpointEvents: number;
  readonly checkpointSeconds: number;
  readonly keepDays: number;
  /** Brings a signed note to where whoever can change the store cannot change it. */
  readonly publish: (note: string) => void | Promise<void>;
  /** Told of what fails behind the events: a checkpoint, the removal of old entries. */
  readonly failed: (error: unknown) => void;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export function createAudit(options: AuditOptions): Audit {
  const { database, clock, key, checkpointEvents, checkpointSeconds, keepDays, publish, failed } = options;
  const { chain } = database;
  /** Events since the last checkpoint. */
  let since = 0;
  /** Entries of an earlier run may have none. */
  let unsigned = true;
  let due = false;
  let busy: Promise<unknown> = Promise.resolve();

  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const own = busy.then(work);
    busy = own.catch(() => undefined);
    return own;
  };
  const inBackground = (work: () => Promise<unknown>): void => void work().catch(failed);

  const sign = async (of: string): Promise<string | undefined> => {
    const head = headOf(await database.query(HEAD, [of])) ?? genesis(of);
    const [newest] = await database.query('SELECT max(size) AS size FROM audit_checkpoints WHERE chain = ?', [
      of,
    ]);
    if (head.seq <= Number(newest.size ?? 0)) return undefined;
    const note = signCheckpoint(of, head, key, chain);
    const values = [of, head.seq, clock.now(), note];
    await database.write([
      { sql: 'INSERT INTO audit_checkpoints (chain, size, at, note) VALUES (?, ?, ?, ?)', values },
    ]);
    await publish(note);
    return note;
  };
  const checkpoint = (): Promise<string | undefined> =>
    inTurn(async () => {
      await sign(keysChain(chain));
      if (!unsigned) return undefined;
      unsigned = false;
      since = 0;
      due = false;
      try {
        return await sign(chain);
      } catch (error) {
        unsigned = true;
        throw error;
      }
    });
  const append = async (event: AuditEvent, statements: readonly Statement[] = []): Promise<void> => {
    await database.write(statements, event);
    unsigned = true;
    since++;
    if (since < checkpointEvents || due) return;
    due = true;
    inBackground(checkpoint);
  };
  const retain = (): Promise<number> =>
    inTurn(() => removeOld(database, clock.now() - keepDays * DAY_MS, clock.now(), append));

  const ends = [
    clock.every(checkpointSeconds * 1000, () => inBackground(checkpoint)),
    clock.every(HOUR_MS, () => inBackground(retain)),
  ];
  return {
    append,
    checkpoint,
    retain,
    async close() {
      for (const end of ends) end();
      await checkpoint();
    },
  };
}
