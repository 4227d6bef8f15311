import type { Queries, Row } from '../store/database.ts';
import type { Link } from './chain.ts';

/** The consents of a store, held against the entries that say how they were given and changed. */
export interface ConsentRows {
  readonly count: number;
  /** Takes note of one entry. */
  meet(link: Link): void;
  /** What rows say otherwise than the entries of all chains. */
  differences(): Promise<string[]>;
  /** Of consents that no entry says were given. */
  withoutEntry(): string[];
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

/** The rows as they are now. What is changed while entries are read is looked at again. */
export async function consentRows(store: Queries): Promise<ConsentRows> {
  const read = async (): Promise<Map<string, Row>> => {
    const all = await store.query('SELECT * FROM consents ORDER BY id');
    return new Map(all.map((row) => [String(row.id), row]));
  };
  const rows = await read();
  const given = new Set<string>();
  const texts: string[] = [];
  /** By consent and column, the last that an entry of any chain says. */
  const flags = new Map<string, { id: string; name: string; on: boolean; at: number }>();
  const flag = (id: string, name: string, on: boolean, at: number): void => {
    const key = `${id} ${name}`;
    if ((flags.get(key)?.at ?? -Infinity) <= at) flags.set(key, { id, name, on, at });
  };
  return {
    count: rows.size,
    meet({ kind, at, subject, facts }) {
      const row = rows.get(String(subject));
      if (row === undefined) return;
      const id = String(row.id);
      if (kind === 'consent.given') {
        given.add(id);
        const terms = JSON.parse(facts) as Given;
        const wrong = differing(row, terms);
        if (wrong.length > 0) texts.push(changed(id, wrong));
        if (terms.restrict) flag(id, 'restricted_at', true, at);
      } else if (Object.hasOwn(FLAGS, kind)) {
        flag(id, ...FLAGS[kind], at);
      }
    },
    async differences() {
      const now = await read();
      for (const { id, name, on } of flags.values()) {
        if (on && rows.get(id)![name] === null && now.get(id)?.[name] === null)
          texts.push(changed(id, [name]));
      }
      return texts;
    },
    withoutEntry: () =>
      [...rows.keys()]
        .filter((id) => !given.has(id))
        .map((id) => `Consent ${id} stands in the store, but no entry says that it was given.`),
  };
}

function changed(id: string, columns: readonly string[]): string {
  return `Consent ${id} was changed in the store: its ${columns.join(', ')} ${columns.length === 1 ? 'is' : 'are'} not what the log says was consented to.`;
}

function differing(row: Row, terms: Given): string[] {
  const { purposes, days, underAge, notice, decision, items, until } = terms;
  const same: Record<string, boolean> = {
    purposes: String(row.purposes).trim() === purposes.join(' '),
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
