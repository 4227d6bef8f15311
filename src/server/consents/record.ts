import type { Queries, Row } from '../store/database.ts';
import type { ErasureReason } from './erasureList.ts';
import type { Purpose } from './given.ts';

/** A consent without its images: what stays, as a proof, when they are erased. Times in milliseconds since 1970. */
export interface Consent {
  readonly id: string;
  readonly purposes: readonly Purpose[];
  readonly days: number;
  readonly underAge: boolean;
  /** Which wording was consented to. */
  readonly notice: string;
  /** The decision in whose request it was given. */
  readonly decision: string;
  readonly items: number;
  readonly givenAt: number;
  readonly untilAt: number;
  readonly restrictedAt: number | null;
  readonly objectedAt: number | null;
  readonly erasedAt: number | null;
  readonly erasedFor: ErasureReason | null;
  /** What stands in the store is not what was consented to: somebody changed it there. */
  readonly altered?: true;
}

/** What has been done with the images: put into a set for training, or trained with; `what` is the set's or the model's name and version. */
export interface Use {
  readonly kind: 'training set' | 'model';
  readonly what: string;
  readonly at: number;
}

export function consentOf(row: Row): Consent {
  const time = (name: string): number | null => (row[name] === null ? null : Number(row[name]));
  return {
    id: String(row.id),
    purposes: purposesIn(String(row.purposes)),
    days: Number(row.days),
    underAge: Number(row.under_age) === 1,
    notice: String(row.notice),
    decision: String(row.decision),
    items: Number(row.items),
    givenAt: Number(row.given_at),
    untilAt: Number(row.until_at),
    restrictedAt: time('restricted_at'),
    objectedAt: time('objected_at'),
    erasedAt: time('erased_at'),
    erasedFor: row.erased_for as ErasureReason | null,
  };
}

/** The SHA-256 of a token's secret, as a row has it, in hexadecimal digits. */
export function hexOf(secret: unknown): string {
  return secret instanceof Uint8Array ? Buffer.from(secret).toString('hex') : '';
}

/** What was consented to, and whose token opens it, as it is sealed with every image, so that the row cannot be changed without the key. */
export function termsOf(
  terms: Pick<
    Consent,
    'purposes' | 'days' | 'underAge' | 'notice' | 'decision' | 'items' | 'givenAt' | 'untilAt'
  >,
  secret: unknown,
): string {
  const { purposes, days, underAge, notice, decision, items, givenAt, untilAt } = terms;
  return JSON.stringify([purposes, days, underAge, notice, decision, items, givenAt, untilAt, hexOf(secret)]);
}

/** In SQL: the images of the consent `c` may be used for something at the time that is the one value; its purposes stand between spaces. */
export const USABLE =
  'c.erased_at IS NULL AND c.restricted_at IS NULL AND c.objected_at IS NULL AND c.until_at > ?';

export function purposesText(purposes: readonly Purpose[]): string {
  return ` ${purposes.join(' ')} `;
}

function purposesIn(text: string): Purpose[] {
  return text.trim().split(' ') as Purpose[];
}

export async function usesOf(queries: Queries, consent: string): Promise<Use[]> {
  const rows = await queries.query(
    'SELECT kind, what, at FROM consent_uses WHERE consent = ? ORDER BY at, what',
    [consent],
  );
  return rows.map(({ kind, what, at }) => ({
    kind: kind as Use['kind'],
    what: String(what),
    at: Number(at),
  }));
}
