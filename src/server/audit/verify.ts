import type { Queries } from '../store/database.ts';
import { consentRows } from './verifyConsents.ts';
import { keyRows } from './verifyKeys.ts';
import { factsOf, genesis, type Head, type Link, linkHash } from './chain.ts';
import { chainOf, type Checkpoint, findCheckpoints, isSignedBy, type NamedKey } from './checkpoint.ts';

/** What is wrong with a chain. */
export interface Finding {
  readonly kind:
    | 'edit'
    | 'gap'
    | 'cut beginning'
    | 'cut tail'
    | 'rewritten'
    | 'signature'
    | 'consent'
    | 'key'
    | 'image'
    | 'empty';
  readonly text: string;
}

export interface ChainReport {
  readonly chain: string;
  /** Of the entries that are there. */
  readonly first: number;
  readonly last: number;
  /** Checkpoints that were held against it, of the store and from outside. */
  readonly checkpoints: number;
  /** The longest that is signed and fits: up to there it is as it was when that was signed. */
  readonly signed: number;
  readonly findings: readonly Finding[];
  /** What is to be known of it, and is not wrong. */
  readonly remarks: readonly string[];
}

export interface VerifyOptions {
  /** Public keys of the instances. */
  readonly keys: readonly NamedKey[];
  /** Notes that were kept elsewhere. */
  readonly outside: readonly Checkpoint[];
  /** Milliseconds since 1970, by which API keys have expired. */
  readonly now?: number;
  /** Where the keys of consents lie, where it is at hand. */
  readonly keysFolder?: string;
}

const PAGE = 5000;

/** The kind of the entry from which on another key signs. */
export const KEY_REPLACED = 'audit.key-replaced';

/** Holds every chain of a store against itself, its checkpoints, and those from outside, which alone show a log that was cut or rewritten together with its checkpoints. */
export async function verifyAudit(store: Queries, options: VerifyOptions): Promise<ChainReport[]> {
  const names = await store.query(
    'SELECT DISTINCT chain FROM audit_events UNION SELECT DISTINCT chain FROM audit_checkpoints',
  );
  const chains = new Set([
    ...names.map(({ chain }) => String(chain)),
    ...options.outside.map(({ chain }) => chain),
    ...options.keys.map(({ name }) => chainOf(name)),
  ]);
  const consents = await consentRows(store, options.keysFolder);
  const apiKeys = await keyRows(store, options.now ?? Date.now());
  const meet = (link: Link): void => {
    consents.meet(link);
    apiKeys.meet(link);
  };
  if (chains.size === 0 && (consents.count > 0 || apiKeys.count > 0)) chains.add('main');
  const reports: ChainReport[] = [];
  let removedBefore = -Infinity;
  for (const chain of [...chains].sort()) {
    const { report, removed } = await verifyChain(store, chain, options, meet);
    reports.push(report);
    removedBefore = Math.max(removedBefore, removed);
  }
  const told = [
    ...(await consents.differences(removedBefore)).map((text) => ({ kind: 'consent', text }) as const),
    ...(await apiKeys.differences()).map((text) => ({ kind: 'key', text }) as const),
  ];
  if (reports.length === 0) return reports;
  const [{ findings, remarks, ...report }, ...others] = reports;
  const first = {
    ...report,
    findings: [...findings, ...told],
    remarks: [...remarks, ...consents.remarks()],
  };
  return [first, ...others];
}

interface Noted extends Checkpoint {
  readonly from: string;
}

async function verifyChain(
  store: Queries,
  chain: string,
  { keys, outside }: VerifyOptions,
  meetLink: (link: Link) => void,
): Promise<{ report: ChainReport; removed: number }> {
  const findings: Finding[] = [];
  const find = (kind: Finding['kind'], text: string): void => void findings.push({ kind, text });
  // Before the entries: those that come meanwhile have their checkpoints later.
  const own = await store.query('SELECT size, note FROM audit_checkpoints WHERE chain = ? ORDER BY size', [
    chain,
  ]);
  const kept = own.flatMap(({ size, note }): Noted[] => {
    const [checkpoint] = findCheckpoints(String(note));
    if (checkpoint?.chain === chain && checkpoint.size === Number(size))
      return [{ ...checkpoint, from: 'the store' }];
    find('signature', `The checkpoint of size ${Number(size)} in the store is not one: it was changed.`);
    return [];
  });
  const given = outside
    .filter((note) => note.chain === chain)
    .map((note): Noted => ({ ...note, from: 'outside' }));
  const replaced = await replacementsIn(store, chain);
  let unchecked = 0;
  const notes = [...kept, ...given].filter((note) => {
    if (isSignedBy(note, keys)) return true;
    // Signed by a key that is lost: its public half may be, too.
    if (replaced.some(({ seq }) => note.size < seq)) {
      unchecked++;
      return true;
    }
    const since = replaced.at(-1);
    find(
      'signature',
      `The checkpoint of size ${note.size} from ${note.from} is not signed by a key that is known for this chain.${since && note.size >= since.seq ? ` Entry ${since.seq} says that the signing key was replaced: ask whoever runs the server for the new public key.` : ''}`,
    );
    return false;
  });
  const sizes = Map.groupBy(notes, ({ size }) => size);

  let first: number | undefined;
  let last: Head = genesis(chain);
  let signed = 0;
  /** Up to where entries were removed for their age, as entries of the chain say, and before when those were written. */
  const declared = new Map<number, number>();
  const meet = ({ seq, hash }: Head): void => {
    for (const note of sizes.get(seq) ?? []) {
      if (note.hash === hash) {
        if (isSignedBy(note, keys) && !findings.some(({ kind }) => kind === 'rewritten')) signed = seq;
      } else if (!findings.some(({ kind }) => kind === 'rewritten')) {
        find(
          'rewritten',
          `The chain was rewritten between entry ${signed + 1} and entry ${seq}: the checkpoint of size ${seq} from ${note.from} was signed over another one.`,
        );
      }
    }
  };
  for await (const link of linksOf(store, chain)) {
    if (first === undefined) {
      first = link.seq;
      if (link.seq > 1) last = { seq: link.seq - 1, hash: link.previous };
      meet(last);
    }
    if (link.seq !== last.seq + 1) {
      find('gap', `${range(last.seq + 1, link.seq - 1)} missing.`);
    } else if (link.previous !== last.hash) {
      find(
        'edit',
        `Entry ${link.seq} does not follow entry ${last.seq} as it is: one of the two was replaced.`,
      );
    }
    if (linkHash(chain, link) !== link.hash)
      find('edit', `Entry ${link.seq} was changed: its content has another hash.`);
    else if (link.kind === 'audit.retained') {
      const { size, before } = factsOf(link.facts);
      declared.set(Number(size), Number(before));
    }
    meetLink(link);
    last = link;
    meet(last);
  }
  const removed = (first ?? 1) - 1;
  const isRetained = declared.has(removed) && (sizes.get(removed) ?? []).length > 0;
  if (removed > 0 && !isRetained) {
    find(
      'cut beginning',
      `${range(1, removed)} missing, and no signed checkpoint of size ${removed} with an entry 'audit.retained' says that they were removed for their age.`,
    );
  }
  const longest = notes.reduce<Noted | undefined>(
    (best, note) => (note.size > (best?.size ?? 0) ? note : best),
    undefined,
  );
  if (longest && longest.size > last.seq) {
    find(
      'cut tail',
      `The log ends with entry ${last.seq}, but ${longest.size} were signed (checkpoint from ${longest.from}): ${range(last.seq + 1, longest.size)} missing.`,
    );
  }
  if (first === undefined && longest === undefined) {
    find(
      'empty',
      'The log is empty, but there is a key that signs it, or there are consents or API keys: every entry was removed.',
    );
  }
  const remarks = replaced.map(
    ({ seq, at, reason, key }) =>
      `The signing key was replaced with entry ${seq}, ${new Date(at).toISOString().slice(0, 10)} (“${reason}”). Since then ${key} signs.`,
  );
  if (unchecked > 0) {
    remarks.push(
      `${unchecked === 1 ? 'A checkpoint' : `${unchecked} checkpoints`} of before cannot be checked: the public key of then is not known here (--key FILE).`,
    );
  }
  const report = {
    chain,
    first: first ?? 0,
    last: last.seq,
    checkpoints: notes.length - unchecked,
    signed,
    findings,
    remarks,
  };
  return { report, removed: (isRetained && declared.get(removed)) || -Infinity };
}

interface Replacement {
  readonly seq: number;
  readonly at: number;
  readonly reason: string;
  /** Name, identifier and public half of the new key. */
  readonly key: string;
}

async function replacementsIn(store: Queries, chain: string): Promise<Replacement[]> {
  const rows = await store.query(
    'SELECT seq, at, facts FROM audit_events WHERE chain = ? AND kind = ? ORDER BY seq',
    [chain, KEY_REPLACED],
  );
  return rows.map(({ seq, at, facts }) => {
    const { reason, key } = JSON.parse(String(facts)) as { reason: unknown; key: unknown };
    return { seq: Number(seq), at: Number(at), reason: String(reason), key: String(key) };
  });
}

function range(from: number, to: number): string {
  return from === to ? `Entry ${from} is` : `Entries ${from} to ${to} are`;
}

async function* linksOf(store: Queries, chain: string): AsyncGenerator<Link> {
  for (let after = 0; ;) {
    const rows = await store.query(
      'SELECT seq, at, kind, subject, facts, previous, hash FROM audit_events WHERE chain = ? AND seq > ? ORDER BY seq LIMIT ?',
      [chain, after, PAGE],
    );
    for (const row of rows) yield row as unknown as Link;
    if (rows.length < PAGE) return;
    after = Number(rows.at(-1)!.seq);
  }
}
