import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createConsents } from '../../src/server/consents/consents.ts';
import type { Appending } from '../../src/server/consents/erasing.ts';
import { type Damaged, isDamaged, type Item, type KeptAnswer } from '../../src/server/consents/items.ts';
import { createReviews, type Reviews } from '../../src/server/review/reviews.ts';
import type { Database } from '../../src/server/store/database.ts';
import { openDatabase } from '../../src/server/store/openDatabase.ts';
import { type MovedClock, movedClock } from './movedClock.ts';

export interface ConsentsAlone {
  readonly clock: MovedClock;
  readonly database: Database;
  readonly audit: Appending;
  readonly consents: ReturnType<typeof createConsents>;
  readonly reviews: Reviews;
  readonly folder: string;
  /** What recipients were told. */
  readonly told: Record<string, unknown>[];
  /** What the monitor was told of labels that people gave. */
  readonly corrected: unknown[][];
  /** What the log was told of consents that were changed in the store. */
  readonly altered: [consent: string, what: string][];
  /** Kinds of the audit log's events, in order. */
  readonly kinds: () => Promise<string[]>;
  /** The database is closed, `meanwhile` works on the folder, and it is opened again. */
  reopen(meanwhile?: () => void): Promise<ConsentsAlone>;
}

/** Consents and reviews with a store of their own and a clock that stands, without a server. */
export async function consentsAlone(
  folder = ownFolder(),
  clock = movedClock(),
  told: Record<string, unknown>[] = [],
  { place = join(folder, 'store'), instance = 'main' } = {},
): Promise<ConsentsAlone> {
  const database = await openDatabase(place, { instance });
  const audit: Appending = { append: (event, statements = []) => database.write(statements, event) };
  const corrected: unknown[][] = [];
  const altered: [consent: string, what: string][] = [];
  const consents = createConsents({
    monitor: { correct: (...facts) => void corrected.push(facts) },
    database,
    audit,
    clock,
    keysFolder: join(folder, 'keys'),
    notice: 'notice-1',
    altered: (...facts) => void altered.push(facts),
    failed: (error) => {
      throw error;
    },
    webhooks: {
      statements: (_, facts) => {
        told.push(facts as Record<string, unknown>);
        return [];
      },
      wake: () => undefined,
    },
  });
  onTestFinished(() => database.close());
  return {
    clock,
    database,
    audit,
    consents,
    reviews: createReviews({ database, audit, clock, consents }),
    folder,
    told,
    corrected,
    altered,
    kinds: async () =>
      (await database.query('SELECT kind FROM audit_events ORDER BY seq')).map(({ kind }) => String(kind)),
    async reopen(meanwhile) {
      await consents.close();
      await database.close();
      meanwhile?.();
      return consentsAlone(folder, clock, told, { place, instance });
    },
  };
}

function ownFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'dactyl-consents-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** Of images none of which is damaged. Throws where one is. */
export function wholeItems(items: readonly (Item | Damaged)[]): Item[] {
  return items.map((item) => {
    if (isDamaged(item)) throw new Error(item.damaged);
    return item;
  });
}

/** An image that is easily found in other bytes. */
export function itemOf(seed: number, answer: Partial<KeptAnswer> = {}): Item {
  const image = Uint8Array.from({ length: 784 }, (_, k) => (k * 7 + seed * 31 + (k >> 3)) & 255);
  return {
    image,
    shape: [28, 28],
    answer: {
      model: 'reader',
      version: '0123456789ab',
      classes: [...'0123456789'],
      label: '4',
      confidence: 0.61,
      probabilities: Array.from({ length: 10 }, (_, k) => (k === 4 ? 0.61 : 0.39 / 9)),
      ...answer,
    },
  };
}
