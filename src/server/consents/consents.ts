import { join } from 'node:path';
import { DactylError } from '../../util/errors.ts';
import type { AuditEvent } from '../audit/event.ts';
import type { Clock } from '../clock.ts';
import type { Monitor } from '../monitor/monitor.ts';
import { HttpError, notFound } from '../errors.ts';
import type { Row, Statement } from '../store/database.ts';
import { judgedBy, mayBeMeasured } from './corrections.ts';
import { createErasing, type Erasing, type ErasingParts } from './erasing.ts';
import { type ErasureList, openErasureList } from './erasureList.ts';
import type { ConsentGiven } from './given.ts';
import {
  DAMAGED,
  type Damaged,
  isDamaged,
  type Item,
  itemStatement,
  type Label,
  labelStatement,
  NO_DIGIT,
  openedItem,
} from './items.ts';
import { type DataKey, keysInMemory, openKeyFolder } from './keyFolder.ts';
import { type Consent, consentOf, purposesText, hexOf, termsOf, type Use, usesOf } from './record.ts';
import { createStops } from './stops.ts';
import { isSecret, newToken, partsOf } from './token.ts';

export interface ConsentParts extends Pick<ErasingParts, 'database' | 'audit' | 'clock' | 'webhooks'> {
  readonly clock: Clock;
  /** Where keys and the list of erasures lie, outside of backups; null: in memory, for a store that is there too. */
  readonly keysFolder: string | null;
  /** Names the wording that people are shown when they consent; kept as a part of the proof. */
  readonly notice: string;
  /** Told of what fails by itself: the sweep. */
  readonly failed: (error: unknown) => void;
  /** Told of a consent whose terms were changed in the store, where a restriction or an objection was not there any more, or of which images do not open. */
  readonly altered: (consent: string, what: 'terms' | 'stops' | 'images') => void;
  /** Learns which answers were right, where the images may be used for that. */
  readonly monitor?: Pick<Monitor, 'correct'>;
}

export interface Change {
  /** Kept, and used for nothing (GDPR, Art. 18). */
  readonly restricted?: boolean;
  /** Used for nothing any more, and kept for its owner: a withdrawal without erasure (Art. 7(3); Art. 21 is of processing without consent). */
  readonly objection?: boolean;
  /** What images show (Art. 16); `item` counts from 1. */
  readonly labels?: readonly { readonly item: number; readonly label: string }[];
}

/** Images that were consented to, what is done with them, and their end. Every step is an event of the audit log, without pixels and without identity. */
export interface Consents extends Pick<Erasing, 'sweep' | 'replayErasures'> {
  /** Kept, sealed, when it resolves; the token is told once and never kept. */
  keep(
    given: ConsentGiven,
    items: readonly Item[],
    decision: string,
  ): Promise<{ token: string; consent: string; until: number }>;
  /** The consent of a token. Throws 404, the same for any that is not right. */
  find(token: string): Promise<Consent>;
  /** The images, in their order; those that do not open stand there as damaged. Throws E_ERASED, as 410, where they were erased. `as`: what for, in the audit log. */
  items(consent: Consent, as: 'shown' | 'exported'): Promise<(Item | Damaged)[]>;
  uses(consent: Consent): Promise<Use[]>;
  /** Throws E_ARGUMENT for a label that is no class, 410 where they were erased. */
  change(consent: Consent, change: Change): Promise<Consent>;
  /** Nothing happens where they were erased before. */
  erase(consent: Consent): Promise<Consent>;
  /**
   * One image, for whoever is allowed to see it; the caller has looked that it is `USABLE`. Throws E_MISMATCH, as 409, where the terms were changed in the store (the consent is restricted then), and E_CHECKSUM,
   * as 409, where it does not open.
   */
  item(consent: string, number: number): Promise<Item>;
  labelled(consent: string, number: number, label: Label): Statement;
  /** Notes that images have been put into a training set, or trained with. Unknown consents are passed over: a model may come from elsewhere. */
  used(consents: readonly string[], use: Omit<Use, 'at'>): Promise<void>;
  /** A new master key for all data keys. */
  rotateMasterKey(): Promise<{ master: number; rewrapped: number }>;
}

/** Of a store that no backup is made of. */
const NO_LIST: ErasureList = { append: () => undefined, all: () => [] };

const DAY = 86_400_000;
const SWEEP_EVERY = 60_000;
/** Images under one consent. */
export const MOST_ITEMS = 256;

export function createConsents(parts: ConsentParts): Consents & { close(): Promise<void> } {
  const { database, audit, clock, keysFolder, notice, failed, altered, monitor } = parts;
  const keys = keysFolder === null ? keysInMemory() : openKeyFolder(keysFolder);
  const erasures =
    keysFolder === null ? NO_LIST : openErasureList(join(keysFolder, 'erasures'), database.chain);
  const erasing = createErasing({ ...parts, keys, erasures });
  const stops = createStops({ audit, clock, keys });
  const event = (kind: string, { id }: Pick<Consent, 'id'>, facts: AuditEvent['facts'] = {}): AuditEvent => ({
    kind: `consent.${kind}`,
    at: clock.now(),
    subject: id,
    facts,
  });
  const rowOf = async (id: string): Promise<Row | undefined> => {
    const [row] = await database.query('SELECT * FROM consents WHERE id = ?', [id]);
    return row;
  };
  const byId = async (id: string): Promise<Consent | undefined> => {
    const row = await rowOf(id);
    return row && consentOf(row);
  };
  const keyOf = (consent: string): DataKey => {
    try {
      return keys.read(consent);
    } catch (error) {
      if (error instanceof DactylError && error.code === 'E_ERASED') throw keyMissing();
      throw error;
    }
  };
  const openAll = async ({ id: consent, items }: Consent): Promise<(Item | Damaged)[]> => {
    const rows = await database.query('SELECT * FROM consent_items WHERE consent = ? ORDER BY item', [
      consent,
    ]);
    const { key } = keyOf(consent);
    const opened = new Map(rows.map((row) => [Number(row.item), openedItem(key, row)?.item]));
    const count = Math.min(Math.max(items, ...opened.keys()), MOST_ITEMS);
    const all = Array.from({ length: count }, (_, k) => opened.get(k + 1) ?? { damaged: DAMAGED });
    if (all.some(isDamaged)) altered(consent, 'images');
    return all;
  };
  /** Whether the terms in the store are those that were sealed; where they are not, its images are used for nothing from now on. */
  const isAsGiven = async (stored: Row, sealed: string | undefined): Promise<boolean> => {
    const consent = consentOf(stored);
    if (termsOf(consent, stored.secret) === sealed) return true;
    altered(consent.id, 'terms');
    if (consent.restrictedAt === null) {
      const sql = 'UPDATE consents SET restricted_at = ? WHERE id = ?';
      await audit.append(event('altered', consent), [{ sql, values: [clock.now(), consent.id] }]);
    }
    return false;
  };
  /** Whether the store has all that stops their use; what it has not (any more) holds again. */
  const isStoppedAsSaid = async (stored: Row, key: DataKey): Promise<boolean> => {
    const consent = consentOf(stored);
    const lifted = await stops.putBack(consent, key);
    if (lifted.length > 0) altered(consent.id, 'stops');
    return lifted.length === 0;
  };
  /** Every image has the terms; a damaged one must not hide that they were changed. */
  const firstThatOpens = async (id: string, key: Uint8Array): Promise<ReturnType<typeof openedItem>> => {
    for (let after = 0; ;) {
      const [row] = await database.query(
        'SELECT * FROM consent_items WHERE consent = ? AND item > ? ORDER BY item LIMIT 1',
        [id, after],
      );
      const opened = row && openedItem(key, row);
      if (row === undefined || opened !== undefined) return opened;
      after = Number(row.item);
    }
  };
  /** The consent, with `altered` where it is. */
  const checked = async (stored: Row): Promise<Consent> => {
    const consent = consentOf(stored);
    if (consent.erasedAt !== null) return consent;
    let own: DataKey;
    try {
      own = keys.read(consent.id);
    } catch {
      // Nothing opens, so nothing can be used; whoever asks for the images is told why.
      return consent;
    }
    const first = await firstThatOpens(consent.id, own.key);
    if (first === undefined) return consent;
    const { terms } = first;
    const isStopped = await isStoppedAsSaid(stored, own);
    const isGiven = await isAsGiven(stored, terms);
    if (isStopped && isGiven) return consent;
    // A token that was put in the place of the one that was given out opens nothing.
    if (terms !== undefined && !terms.includes(hexOf(stored.secret))) throw noToken();
    const now = await rowOf(consent.id);
    return { ...(now ? consentOf(now) : consent), ...(!isGiven && { altered: true }) };
  };
  let sweeping: Promise<unknown> = Promise.resolve();
  const stop = clock.every(SWEEP_EVERY, () => {
    // What a sweep cannot do now, the next one does.
    sweeping = sweeping.then(() => erasing.sweep()).catch(failed);
  });

  return {
    ...erasing,
    async keep(given, items, decision) {
      const { purposes, days, underAge = false, restrict = false } = given;
      if (items.length === 0 || items.length > MOST_ITEMS) {
        throw new DactylError(
          'E_ARGUMENT',
          `consent: expected 1 to ${MOST_ITEMS} images under one consent, received ${items.length}. Send fewer at a time. Nothing was kept.`,
        );
      }
      const { consent, token, digest } = newToken();
      const at = clock.now();
      const until = at + days * DAY;
      const key = keys.create(consent, restrict ? ['restricted'] : []);
      const terms = termsOf(
        {
          purposes,
          days,
          underAge,
          notice,
          decision,
          items: items.length,
          givenAt: at,
          untilAt: until,
        },
        digest,
      );
      const row: Statement = {
        sql: 'INSERT INTO consents (id, secret, purposes, days, under_age, notice, decision, items, given_at, until_at, restricted_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
        values: [
          consent,
          digest,
          purposesText(purposes),
          days,
          Number(underAge),
          notice,
          decision,
          items.length,
          at,
          until,
          restrict ? at : null,
        ],
      };
      const facts = { purposes, days, underAge, restrict, notice, decision, items: items.length, until };
      await audit.append(event('given', { id: consent }, facts), [
        row,
        ...items.map((item, k) => itemStatement(key, consent, k + 1, item, terms)),
      ]);
      return { token, consent, until };
    },
    async find(token) {
      const { consent, secret } = partsOf(token) ?? { consent: '', secret: '' };
      const [row] = await database.query('SELECT * FROM consents WHERE id = ?', [consent]);
      const digest = row?.secret instanceof Uint8Array ? row.secret : new Uint8Array(32);
      if (!isSecret(secret, digest) || row === undefined) {
        throw noToken();
      }
      return checked(row);
    },
    async items(consent, as) {
      requireKept(consent);
      const items = await openAll(consent);
      await audit.append(event(as, consent));
      return items;
    },
    uses: ({ id }) => usesOf(database, id),
    async change(consent, { restricted, objection, labels = [] }) {
      requireKept(consent);
      const { id } = consent;
      if (labels.length > 0) {
        const items = await openAll(consent);
        const { key } = keyOf(id);
        const statements = labels.map(({ item, label }) => {
          requireLabel(items[item - 1], item, label);
          return labelStatement(key, id, item, { value: label, by: 'person' });
        });
        await audit.append(
          event('corrected', consent, { items: labels.map(({ item }) => item) }),
          statements,
        );
        if (mayBeMeasured(consent) && !restricted && !objection) {
          for (const { model, version, right, before } of judgedBy(items, labels)) {
            monitor?.correct(model, version, right, before);
          }
        }
      }
      if (restricted !== undefined) await stops.set(consent, 'restricted', restricted);
      if (objection !== undefined) await stops.set(consent, 'objected', objection);
      const after = await rowOf(id);
      return after ? checked(after) : consent;
    },
    async erase(consent) {
      if (consent.erasedAt === null) await erasing.erase([consent.id], 'request');
      return (await byId(consent.id)) ?? consent;
    },
    async item(consent, number) {
      const [row] = await database.query('SELECT * FROM consent_items WHERE consent = ? AND item = ?', [
        consent,
        number,
      ]);
      const stored = await rowOf(consent);
      if (stored === undefined) throw notFound('There is no such consent.');
      requireKept(consentOf(stored));
      if (row === undefined) throw notFound('The store has no such image of this consent.');
      const own = keyOf(consent);
      const opened = openedItem(own.key, row);
      if (opened === undefined) {
        altered(consent, 'images');
        throw new HttpError(409, 'E_CHECKSUM', `${DAMAGED} It is used for nothing.`);
      }
      const { item, terms } = opened;
      if ((await isStoppedAsSaid(stored, own)) && (await isAsGiven(stored, terms))) return item;
      throw new HttpError(
        409,
        'E_MISMATCH',
        'This consent was changed in the store: the image is used for nothing. Look at what dactyl audit verify says.',
      );
    },
    labelled: (consent, number, label) => labelStatement(keyOf(consent).key, consent, number, label),
    async used(consents, { kind, what }) {
      if (consents.length === 0) return;
      const at = clock.now();
      const rows = await database.query(
        'SELECT id FROM consents c WHERE NOT EXISTS (SELECT 1 FROM consent_uses u WHERE u.consent = c.id AND u.kind = ? AND u.what = ?)',
        [kind, what],
      );
      const fresh = new Set(rows.map(({ id }) => String(id)));
      const sql =
        'INSERT INTO consent_uses (consent, kind, what, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING';
      await Promise.all(
        consents
          .filter((id) => fresh.delete(id))
          .map((id) =>
            audit.append(event('used', { id }, { kind, what }), [{ sql, values: [id, kind, what, at] }]),
          ),
      );
    },
    async rotateMasterKey() {
      const rotated = keys.rotate();
      await audit.append({ kind: 'master-key.rotated', at: clock.now(), facts: rotated });
      return rotated;
    },
    async close() {
      stop();
      await sweeping;
    },
  };
}

function noToken(): HttpError {
  return notFound(
    'No consent has this token. Expected the text that stood as consent.token (/v1/read) or parameters.consent_token (/v2) in the answer to the request in which you consented.',
  );
}

/** Throws E_ERASED, answered with 410. */
function requireKept({ erasedAt }: Consent): void {
  if (erasedAt !== null) throw gone(erasedAt);
}

function gone(at: number): HttpError {
  return new HttpError(
    410,
    'E_ERASED',
    `The images of this consent were erased on ${new Date(at).toISOString().slice(0, 10)}, here and in every backup that the server’s own program made. The proof that the consent was given is all that is left.`,
  );
}

/** Where no erasure is recorded: perhaps it is not the keys folder that the server had. */
function keyMissing(): HttpError {
  return new HttpError(
    410,
    'E_NOT_FOUND',
    'The images of this consent do not open: their key is missing, and no erasure of them is recorded. Whoever runs this server may have started it with another keys folder; ask there.',
  );
}

function requireLabel(item: Item | Damaged | undefined, number: number, label: string): asserts item is Item {
  if (item && isDamaged(item)) {
    throw new DactylError(
      'E_ARGUMENT',
      `labels: expected the number of an image that opens, received ${number}. ${DAMAGED} Send labels of the others.`,
    );
  }
  const allowed = item && [...item.answer.classes, NO_DIGIT];
  if (allowed?.includes(label)) return;
  throw new DactylError(
    'E_ARGUMENT',
    allowed
      ? `labels: expected for image ${number} one of ${allowed.join(', ')}; received ${JSON.stringify(label.slice(0, 40))}.`
      : `labels: expected the number of an image of this consent, counted from 1; received ${number}.`,
  );
}
