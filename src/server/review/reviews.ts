import { DactylError } from '../../util/errors.ts';
import type { Clock } from '../clock.ts';
import type { Appending } from '../consents/erasing.ts';
import type { Consents } from '../consents/consents.ts';
import type { Monitor } from '../monitor/monitor.ts';
import type { ConsentGiven } from '../consents/given.ts';
import { type Item, NO_DIGIT, suggestionOf } from '../consents/items.ts';
import { unlessAltered } from '../consents/altered.ts';
import { USABLE } from '../consents/record.ts';
import { HttpError, notFound } from '../errors.ts';
import { opaqueId } from '../ids.ts';
import type { Database, Row } from '../store/database.ts';

/** The image cannot be told; it gets no label. */
const CANNOT_TELL = 'cannot tell';

/** What a reviewer is given to look at. The network's answer is not in it: who sees it first tends to agree. */
export interface ClaimedReview {
  readonly review: string;
  /** Shows that it is this reviewer's; needed to decide. */
  readonly claim: string;
  readonly until: number;
  readonly image: Uint8Array;
  readonly shape: readonly number[];
  /** What can be chosen, in the order of the classes. */
  readonly choices: readonly string[];
}

export interface ReviewCounts {
  /** That can be claimed. */
  readonly waiting: number;
  readonly claimed: number;
  /** When the last claim ends; null where there is none. */
  readonly claimedUntil: number | null;
  readonly decided: number;
  /** Decisions that differ from the network's answer are counted in the audit log, not here. */
  readonly oldest: number | null;
}

export interface Decided {
  readonly outcome: string;
  readonly suggestion: string;
  /** Whether the reviewer decided otherwise than the network. */
  readonly override: boolean;
}

/** Images of which the network was not sure, that people consented to have looked at (GDPR, Art. 22; AI Act, Art. 14). */
export interface Reviews {
  /** Queues what the network was not sure of, where the consent is for review. */
  offer(given: ConsentGiven, consent: string, items: readonly Item[]): Promise<void>;
  counts(): Promise<ReviewCounts>;
  /** The one that waits longest, for ten minutes this reviewer's; undefined where none waits. */
  claim(): Promise<ClaimedReview | undefined>;
  /** What the network answered, for a reviewer who asks. That it was asked for before deciding stands in the audit log. */
  suggestion(review: string, claim: string): Promise<{ label: string; confidence: number; reason: string }>;
  /** A class, `no digit` or `cannot tell`. Throws E_ARGUMENT for anything else, 404 and 409 where it is not this reviewer's (any more). */
  decide(review: string, claim: string, outcome: string): Promise<Decided>;
  /** Gives it back, to the end of the queue. */
  release(review: string, claim: string): Promise<void>;
}

const CLAIM_MS = 600_000;

interface ReviewParts {
  readonly database: Database;
  readonly audit: Appending;
  readonly clock: Pick<Clock, 'now'>;
  readonly consents: Pick<Consents, 'item' | 'labelled'>;
  /** Learns what an estimate of accuracy was worth. */
  readonly monitor?: Pick<Monitor, 'label'>;
}

/** Undecided ones whose consent may be used; one value, the time. */
const OPEN = `FROM reviews r JOIN consents c ON c.id = r.consent LEFT JOIN review_decisions d ON d.review = r.id WHERE d.review IS NULL AND c.purposes LIKE '% review %' AND ${USABLE}`;

export function createReviews({ database, audit, clock, consents, monitor }: ReviewParts): Reviews {
  /** The row of a review that this claim holds. */
  async function held(review: string, claim: string): Promise<Row> {
    const now = clock.now();
    // PostgreSQL takes no NUL in a text.
    const rows = /^[\w-]+$/.test(review)
      ? await database.query(`SELECT r.* ${OPEN} AND r.id = ?`, [now, review])
      : [];
    const row = rows.at(0);
    if (row === undefined) {
      throw notFound(
        'This review is not open: it was decided, or the image was erased, restricted or objected to meanwhile. Claim the next one.',
      );
    }
    if (row.claim !== claim || Number(row.claimed_until) <= now) {
      throw new HttpError(
        409,
        'E_LOCKED',
        'This review is not yours any more: a claim lasts ten minutes. Claim the next one.',
      );
    }
    return row;
  }

  return {
    async offer({ purposes }, consent, items) {
      if (!purposes.includes('review')) return;
      const at = clock.now();
      const statements = items.flatMap(({ answer }, k) =>
        answer.notSure === undefined
          ? []
          : [
              {
                sql: 'INSERT INTO reviews (id, consent, item, offered_at, queued_at, suggestion_seen) VALUES (?, ?, ?, ?, ?, 0)',
                values: [opaqueId(), consent, k + 1, at, at],
              },
            ],
      );
      if (statements.length === 0) return;
      const facts = { images: statements.length };
      await audit.append({ kind: 'review.offered', at, subject: consent, facts }, statements);
    },
    async counts() {
      const now = clock.now();
      const [open] = await database.query(
        `SELECT COUNT(*) AS waiting, MIN(r.offered_at) AS oldest ${OPEN} AND (r.claimed_until IS NULL OR r.claimed_until <= ?)`,
        [now, now],
      );
      const [claimed] = await database.query(
        `SELECT COUNT(*) AS n, MAX(r.claimed_until) AS until ${OPEN} AND r.claimed_until > ?`,
        [now, now],
      );
      const [decided] = await database.query('SELECT COUNT(*) AS n FROM review_decisions');
      return {
        waiting: Number(open.waiting),
        claimed: Number(claimed.n),
        claimedUntil: claimed.until === null ? null : Number(claimed.until),
        decided: Number(decided.n),
        oldest: open.oldest === null ? null : Number(open.oldest),
      };
    },
    async claim() {
      const now = clock.now();
      const claim = opaqueId();
      const until = now + CLAIM_MS;
      const row = await database.transaction(async ({ query }) => {
        const [next] = await query(
          `SELECT r.id, r.consent, r.item ${OPEN} AND (r.claimed_until IS NULL OR r.claimed_until <= ?) ORDER BY r.queued_at, r.id LIMIT 1${database.kind === 'postgres' ? ' FOR UPDATE OF r SKIP LOCKED' : ''}`,
          [now, now],
        );
        if (next === undefined) return undefined;
        await query('UPDATE reviews SET claim = ?, claimed_until = ?, suggestion_seen = 0 WHERE id = ?', [
          claim,
          until,
          next.id,
        ]);
        return next;
      });
      if (row === undefined) return undefined;
      const item = await unlessAltered(consents.item(String(row.consent), Number(row.item)));
      // It is restricted by now, or damaged and claimed, so that the next one is another.
      if (item === undefined) return this.claim();
      const { image, shape, answer } = item;
      return { review: String(row.id), claim, until, image, shape, choices: answer.classes };
    },
    async suggestion(review, claim) {
      const row = await held(review, claim);
      const { answer } = await consents.item(String(row.consent), Number(row.item));
      await database.write([
        { sql: 'UPDATE reviews SET suggestion_seen = 1 WHERE id = ?', values: [review] },
      ]);
      return { ...suggestionOf(answer), reason: answer.notSure ?? '' };
    },
    async decide(review, claim, outcome) {
      const row = await held(review, claim);
      const [consent, item] = [String(row.consent), Number(row.item)];
      const { answer } = await consents.item(consent, item);
      const choices = [...answer.classes, NO_DIGIT, CANNOT_TELL];
      if (!choices.includes(outcome)) {
        throw new DactylError(
          'E_ARGUMENT',
          `outcome: expected one of ${choices.join(', ')}; received ${JSON.stringify(outcome.slice(0, 40))}.`,
        );
      }
      const at = clock.now();
      const { model, version, label: answered, confidence } = answer;
      const suggestion = suggestionOf(answer).label;
      const override = outcome !== suggestion;
      const label =
        outcome === CANNOT_TELL ? [] : [consents.labelled(consent, item, { value: outcome, by: 'review' })];
      const decision = {
        sql: 'INSERT INTO review_decisions (review, outcome, at) VALUES (?, ?, ?)',
        values: [review, outcome === CANNOT_TELL ? outcome : 'labelled', at],
      };
      const suggestionSeen = Number(row.suggestion_seen) === 1;
      const facts = { consent, item, outcome, suggestion, override, suggestionSeen, model, version };
      await audit.append({ kind: 'review.decided', at, subject: review, facts }, [...label, decision]);
      if (outcome !== CANNOT_TELL) monitor?.label(model, version, confidence, outcome === answered);
      return { outcome, suggestion, override };
    },
    async release(review, claim) {
      await held(review, claim);
      await database.write([
        {
          sql: 'UPDATE reviews SET claim = NULL, claimed_until = NULL, queued_at = ? WHERE id = ?',
          values: [clock.now(), review],
        },
      ]);
    },
  };
}
