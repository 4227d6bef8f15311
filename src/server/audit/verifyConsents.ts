import type { Queries, Row } from '../store/database.ts';
import { dataKeysIn } from '../consents/keyFolder.ts';
import { factsOf, type Link } from './chain.ts';

/** The consents of a store, held against the entries that say how they were given, changed and erased. */
export interface ConsentRows {
  readonly count: number;
  /** Takes note of one entry. */
  meet(link: Link): void;
  /** What the store says otherwise than the entries of all chains, of which those before `removedBefore` may have been removed for their age. */
  differences(removedBefore: number): Promise<string[]>;
  /** Of keys in the keys folder that no consent explains; to be asked for after `differences`. */
  remarks(): string[];
}

interface Given {
  readonly purposes: readonly string[];
  readonly days: number;
  readonly underAge: boolean;
  readonly restrict: boolean;
  readonly notice: string;
  readonly decision: string;
  readonly items: number;
  readonly until?: number;
}

const DAY = 86_400_000;
/** What an entry makes of the two flags. */
const FLAGS: Readonly<Record<string, readonly ['restricted_at' | 'objected_at', boolean]>> = {
  'consent.restricted': ['restricted_at', true],
  'consent.altered': ['restricted_at', true],
  'consent.released': ['restricted_at', false],
  'consent.objected': ['objected_at', true],
  'consent.objection-withdrawn': ['objected_at', false],
};

interface Erased {
  readonly at: number;
  readonly reason: unknown;
}

/** The rows as they are now, and the data keys in `keysFolder`, where it is at hand. What is changed while entries are read is looked at again. */
export async function consentRows(store: Queries, keysFolder?: string): Promise<ConsentRows> {
  const read = async (): Promise<Map<string, Row>> => {
    const all = await store.query(
      'SELECT c.*, (SELECT count(*) FROM consent_items i WHERE i.consent = c.id) AS images FROM consents c ORDER BY c.id',
    );
    return new Map(all.map((row) => [String(row.id), row]));
  };
  const keys = (): Set<string> => new Set(keysFolder === undefined ? [] : dataKeysIn(keysFolder));
  const keysBefore = keys();
  const rows = await read();
  /** Of which any entry speaks, and whether one says that it was given. */
  const met = new Map<string, boolean>();
  const erased = new Map<string, Erased[]>();
  const uses = new Map<string, { id: string; kind: string; what: string }>();
  const texts: string[] = [];
  const remarks: string[] = [];
  /** By consent and column, the last that an entry of any chain says. */
  const flags = new Map<string, { id: string; name: string; on: boolean; at: number }>();
  const flag = (id: string, name: string, on: boolean, at: number): void => {
    const key = `${id} ${name}`;
    if ((flags.get(key)?.at ?? -Infinity) <= at) flags.set(key, { id, name, on, at });
  };

  /** Of one row and its images. */
  function unlikeErased(row: Row, isKeyThere: boolean, removedBefore: number): string[] {
    const id = String(row.id);
    const ends = erased.get(id);
    const images = Number(row.images);
    if (row.erased_at === null) {
      if (ends) return [`Consent ${id} was erased, as the log says, but the store says that it is kept.`];
      const items = Number(row.items);
      if (images === items) return [];
      return [`Consent ${id} has ${items} images, but ${images} of them are in the store.`];
    }
    const at = Number(row.erased_at);
    const found: string[] = [];
    if (!ends && at >= removedBefore)
      found.push(`Consent ${id} is erased in the store, but no entry says that it was.`);
    if (ends?.every((end) => end.at !== at || end.reason !== row.erased_for))
      found.push(changed(id, ['erased_at or erased_for']));
    if (images > 0) found.push(`Consent ${id} was erased, but ${images} of its images are in the store.`);
    if (isKeyThere)
      found.push(`Consent ${id} was erased, but the key of its images still lies in the keys folder.`);
    return found;
  }

  return {
    count: rows.size,
    meet({ kind, at, subject, facts }) {
      if (!kind.startsWith('consent.')) return;
      const id = String(subject);
      const row = rows.get(id);
      const said = factsOf(facts);
      met.set(id, (met.get(id) ?? false) || kind === 'consent.given');
      if (kind === 'consent.erased') {
        erased.set(id, [...(erased.get(id) ?? []), { at, reason: said.reason }]);
      } else if (kind === 'consent.used') {
        const [use, what] = [String(said.kind), String(said.what)];
        uses.set(`${id} ${use} ${what}`, { id, kind: use, what });
      } else if (kind === 'consent.given') {
        const terms = said as unknown as Given;
        const wrong = row ? differing(row, terms) : [];
        if (wrong.length > 0) texts.push(changed(id, wrong));
        if (terms.restrict) flag(id, 'restricted_at', true, at);
      } else if (Object.hasOwn(FLAGS, kind)) {
        flag(id, ...FLAGS[kind], at);
      }
    },
    async differences(removedBefore) {
      const now = await read();
      const there = keys();
      for (const { id, name, on } of flags.values()) {
        if (on && rows.get(id)?.[name] === null && now.get(id)?.[name] === null)
          texts.push(changed(id, [name]));
      }
      for (const [id, row] of now) {
        // What came meanwhile has its entries behind those that were read.
        if (!rows.has(id)) continue;
        if (!met.get(id) && Number(row.given_at) >= removedBefore)
          texts.push(`Consent ${id} stands in the store, but no entry says that it was given.`);
        const isNew = row.erased_at !== null && rows.get(id)!.erased_at === null && !erased.has(id);
        texts.push(...unlikeErased(row, there.has(id), isNew ? Infinity : removedBefore));
      }
      for (const [id, isGiven] of met) {
        if (now.has(id)) continue;
        const key = there.has(id) ? ' The key of its images still lies in the keys folder.' : '';
        const said = isGiven ? `Consent ${id} was given` : `The log speaks of consent ${id}, which was`;
        texts.push(
          erased.has(id)
            ? `${said}${isGiven ? ' and' : ''} erased, as the log says, but the proof of it is not in the store.${key}`
            : `${said}${isGiven ? ',' : ''} not erased, and it is not in the store: its rows were deleted.${key}`,
        );
      }
      const kept = await store.query('SELECT consent, kind, what FROM consent_uses');
      for (const { consent, kind, what } of kept)
        uses.delete(`${String(consent)} ${String(kind)} ${String(what)}`);
      for (const { id, kind, what } of uses.values()) {
        if (now.has(id))
          texts.push(
            `Consent ${id} was used (${kind} ${what}), as the log says, but the store does not say so.`,
          );
      }
      const strange = [...keysBefore].filter((id) => there.has(id) && !now.has(id) && !met.has(id));
      for (const id of strange) {
        remarks.push(
          `The keys folder has a key of consent ${id}, of which neither store nor log say anything: a crash while it was given leaves one, and so does who deletes its rows once its entries are removed for their age.`,
        );
      }
      return texts;
    },
    remarks: () => remarks,
  };
}

function changed(id: string, columns: readonly string[]): string {
  return `Consent ${id} was changed in the store: its ${columns.join(', ')} ${columns.length === 1 ? 'is' : 'are'} not what the log says was consented to.`;
}

function differing(row: Row, terms: Given): string[] {
  const { purposes, days, underAge, notice, decision, items, until } = terms;
  const same: Record<string, boolean> = {
    purposes: Array.isArray(purposes) && String(row.purposes).trim() === purposes.join(' '),
    days: Number(row.days) === days,
    under_age: (Number(row.under_age) === 1) === underAge,
    notice: row.notice === notice,
    decision: row.decision === decision,
    items: Number(row.items) === items,
    until_at: until === undefined || Number(row.until_at) === until,
    given_at: until === undefined || Number(row.given_at) === until - days * DAY,
  };
  return Object.keys(same).filter((name) => !same[name]);
}
