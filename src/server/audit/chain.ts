import { sha256 } from '../../store/sha256.ts';
import { canonicalJson } from '../../util/canonicalJson.ts';
import { DactylError } from '../../util/errors.ts';
import type { AuditEvent } from './event.ts';

/** An event on its way into the chain: its facts as JSON, which is cheaper to send to a thread than an object. */
export interface ChainEvent {
  readonly kind: string;
  readonly at: number;
  readonly subject: string | null;
  readonly facts: string;
}

/** One entry of a chain, as it is kept. */
export interface Link extends ChainEvent {
  /** From 1, without a gap; so also the size of the chain that ends with it. */
  readonly seq: number;
  /** SHA-256 in hexadecimal digits: `hash` of the entry before, or `genesis` of the chain. */
  readonly previous: string;
  readonly hash: string;
}

/** The last entry of a chain, or where it begins. */
export type Head = Pick<Link, 'seq' | 'hash'>;

const KIND = /^[a-z][a-z0-9]*([.-][a-z0-9]+)*$/;
const LINE = /^[^\p{Cc}\u2028\u2029]{1,200}$/u;

/** What stands before the first entry: no chain's beginning fits another's. */
export function genesis(chain: string): Head {
  return { seq: 0, hash: sha256(`dactyl-audit/1\n${chain}\n`) };
}

/**
 * SHA-256 of the UTF-8 of eight lines joined by line feeds, the last without one: `dactyl-audit/1`, chain, seq, at, kind, subject (empty where
 * there is none), hash of the entry before, facts as canonical JSON. None of them can contain a line feed, so no two entries have the same bytes.
 */
export function linkHash(
  chain: string,
  { seq, at, kind, subject, previous, facts }: Omit<Link, 'hash'>,
): string {
  return sha256(['dactyl-audit/1', chain, seq, at, kind, subject ?? '', previous, facts].join('\n'));
}

/** The entry that follows `head`; `facts` in any spelling of JSON. */
export function nextLink(chain: string, head: Head, event: ChainEvent): Link {
  const link = {
    seq: head.seq + 1,
    at: event.at,
    kind: event.kind,
    subject: event.subject,
    facts: canonicalJson(JSON.parse(event.facts)),
    previous: head.hash,
  };
  return { ...link, hash: linkHash(chain, link) };
}

/** Throws E_ARGUMENT where a field would not be one line, or the time no whole number. */
export function chainEvent({ kind, at, subject, facts }: AuditEvent): ChainEvent {
  if (!KIND.test(kind)) refuse('kind', "lower-case words joined by points, such as 'consent.given'", kind);
  if (!Number.isSafeInteger(at)) refuse('at', 'whole milliseconds', at);
  if (subject !== undefined && !LINE.test(subject))
    refuse('subject', 'one line of 1 to 200 characters', subject);
  return { kind, at, subject: subject ?? null, facts: JSON.stringify(facts) };
}

/** The facts of an entry; none where they are no object, as in one that was edited. */
export function factsOf(facts: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(facts);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** A name for a chain: of an instance of the server. Throws E_ARGUMENT. */
export function requireChain(name: string): string {
  if (!/^[\w.-]{1,64}$/.test(name))
    refuse('instance', 'up to 64 letters, digits, points, hyphens and underscores', name);
  return name;
}

function refuse(field: string, expected: string, received: unknown): never {
  throw new DactylError(
    'E_ARGUMENT',
    `Audit: ${field}: expected ${expected}, received ${JSON.stringify(received)}.`,
  );
}
