import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { notFound } from '../errors.ts';
import type { Database, Row } from '../store/database.ts';
import { DactylError } from '../../util/errors.ts';
import { type Scope, SCOPES } from './scopes.ts';

/** What is known of a key; the key itself is known to who holds it alone. */
export interface ApiKey {
  /** The part that is no secret; the key begins with it. */
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** Milliseconds since 1970. */
  readonly created: number;
  readonly expires: number | null;
  readonly revoked: number | null;
}

export interface NewKey {
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly days?: number;
}

export interface ApiKeys {
  /** The key as text, which is told once and kept nowhere. */
  create(key: NewKey): Promise<{ readonly text: string; readonly key: ApiKey }>;
  /** All of them, the revoked and expired ones too. */
  list(): Promise<ApiKey[]>;
  /** Counts from now on. Throws E_NOT_FOUND. */
  revoke(id: string): Promise<void>;
  /** Removes those that ended before `time`, with their names, which may be somebody's. How many. */
  forget(time: number): Promise<number>;
  /** The key that a text is, where it is valid. What another process created or revoked counts within `REFRESH_MS`. */
  identify(text: string): Promise<ApiKey | undefined>;
}

const PREFIX = 'dactyl';
const ID_BYTES = 9;
const SECRET_BYTES = 32;
const FORM = /^dactyl_([A-Za-z0-9]{12})_[A-Za-z0-9]{43}$/;
const DAY_MS = 86_400_000;
const MOST_DAYS = 3650;
/** For how long what was read of the database is taken to be true. */
export const REFRESH_MS = 1000;

interface Kept extends ApiKey {
  /** SHA-256 of the whole text. A secret of 256 random bits needs no slower function: there is nothing to guess. */
  readonly hash: Uint8Array;
}

/** Of the table `api_keys`. */
export function createApiKeys(database: Database, clock: Clock): ApiKeys {
  let kept = new Map<string, Kept>();
  let readAt = -Infinity;
  let reading: Promise<void> | undefined;

  const read = async (): Promise<void> => {
    const rows = await database.query('SELECT * FROM api_keys ORDER BY created, id');
    kept = new Map(rows.map((row) => [String(row.id), keptOf(row)]));
    readAt = clock.now();
  };
  // One reading for all who ask at the same time.
  const refresh = (): Promise<void> => {
    reading ??= read().finally(() => {
      reading = undefined;
    });
    return reading;
  };
  return {
    async create({ name, scopes, days }) {
      requireNew(name, scopes, days);
      const id = textOf(ID_BYTES);
      const text = `${PREFIX}_${id}_${textOf(SECRET_BYTES)}`;
      const created = clock.now();
      const expires = days === undefined ? null : created + days * DAY_MS;
      const hash = hashOf(text);
      const key: ApiKey = { id, name, scopes, created, expires, revoked: null };
      await database.write(
        [
          {
            sql: 'INSERT INTO api_keys (id, name, scopes, hash, created, expires, revoked) VALUES (?, ?, ?, ?, ?, ?, NULL)',
            values: [id, name, scopes.join(' '), hash, created, expires],
          },
        ],
        // The name may be somebody's: it is not written down for good.
        {
          kind: 'key.created',
          at: created,
          subject: id,
          facts: { scopes, expires, hash: Buffer.from(hash).toString('hex') },
        },
      );
      await refresh();
      return { text, key };
    },
    async list() {
      await refresh();
      return Array.from(kept.values(), ({ hash: _, ...key }) => key);
    },
    async revoke(id) {
      await refresh();
      const key = kept.get(id);
      if (key === undefined) {
        throw notFound(`No key has the id ${JSON.stringify(id)}. dactyl keys list prints them.`);
      }
      if (key.revoked !== null) return;
      const at = clock.now();
      await database.write([{ sql: 'UPDATE api_keys SET revoked = ? WHERE id = ?', values: [at, id] }], {
        kind: 'key.revoked',
        at,
        subject: id,
        facts: {},
      });
      await refresh();
    },
    async forget(time) {
      const gone = await database.query(
        'DELETE FROM api_keys WHERE COALESCE(revoked, expires) < ? RETURNING id',
        [time],
      );
      return gone.length;
    },
    async identify(text) {
      const id = FORM.exec(text)?.[1];
      if (id === undefined) return undefined;
      // Also where the clock was put back.
      if (Math.abs(clock.now() - readAt) >= REFRESH_MS) await refresh();
      const key = kept.get(id);
      // The comparison takes the same time for every secret; that an id exists is no secret.
      if (key === undefined || !timingSafeEqual(hashOf(text), key.hash)) return undefined;
      return isValid(key, clock.now()) ? key : undefined;
    },
  };
}

/** Whether a key counts now. */
export function isValid({ revoked, expires }: ApiKey, now: number): boolean {
  return revoked === null && (expires === null || now < expires);
}

function hashOf(text: string): Uint8Array {
  return createHash('sha256').update(text).digest();
}

/** Letters and digits: the underscore parts a key, and an id that begins with a hyphen would be an option of a command. */
function textOf(bytes: number): string {
  let text: string;
  do text = randomBytes(bytes).toString('base64url');
  while (/[_-]/.test(text));
  return text;
}

function keptOf(row: Row): Kept {
  return { ...keyOf(row), hash: row.hash as Uint8Array };
}

/** What a row of the table says of a key. */
export function keyOf({ id, name, scopes, created, expires, revoked }: Row): ApiKey {
  return {
    id: String(id),
    name: String(name),
    scopes: String(scopes).split(' ') as Scope[],
    created: Number(created),
    expires: expires === null ? null : Number(expires),
    revoked: revoked === null ? null : Number(revoked),
  };
}

function requireNew(name: string, scopes: readonly Scope[], days: number | undefined): void {
  const fail = (expected: string, received: string): never => {
    throw new DactylError('E_ARGUMENT', `A key: expected ${expected}, received ${received}.`);
  };
  if (!/^[\w .@-]{1,80}$/.test(name)) {
    fail('a name of 1 to 80 letters, digits, spaces and . _ @ -', JSON.stringify(name));
  }
  const strange = scopes.find((scope) => !SCOPES.includes(scope));
  if (scopes.length === 0 || strange !== undefined) {
    fail(
      `one or more of the scopes ${SCOPES.join(', ')}`,
      strange === undefined ? 'none' : JSON.stringify(strange),
    );
  }
  if (days !== undefined && !(Number.isFinite(days) && days > 0 && days <= MOST_DAYS)) {
    fail(`days above 0, up to ${MOST_DAYS}`, String(days));
  }
}
