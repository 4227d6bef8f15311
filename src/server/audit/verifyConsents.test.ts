import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { consentsAlone, type ConsentsAlone, itemOf } from '../../../test/support/consents.ts';
import { openKeyFolder } from '../consents/keyFolder.ts';
import { type ChainReport, verifyAudit } from './verify.ts';

const GIVEN = { purposes: ['training', 'review'], days: 30 } as const;
let own: ConsentsAlone;
let kept: { token: string; consent: string };

beforeEach(async () => {
  own = await consentsAlone();
  kept = await own.consents.keep(GIVEN, [itemOf(1), itemOf(2)], 'd');
});

async function report(keysFolder?: string): Promise<ChainReport> {
  const options = { keys: [], outside: [], ...(keysFolder !== undefined && { keysFolder }) };
  const [first] = await verifyAudit(own.database, options);
  return first;
}
const findings = async (folder?: string): Promise<string[]> =>
  (await report(folder)).findings.map(({ kind, text }) => `${kind}: ${text}`);
const keysFolder = (): string => join(own.folder, 'keys');

async function deleteRows(): Promise<void> {
  for (const table of ['consent_items', 'consent_uses', 'reviews', 'consents'])
    await own.database.query(`DELETE FROM ${table}`);
}
async function erase(): Promise<void> {
  await own.consents.erase(await own.consents.find(kept.token));
}

test('a consent whose rows were deleted is a finding, which names its key where that still lies in the keys folder', async () => {
  await own.consents.used([kept.consent], { kind: 'model', what: 'reader 0123' });
  expect(await findings(keysFolder())).toEqual([]);
  await deleteRows();
  const said = `consent: Consent ${kept.consent} was given, not erased, and it is not in the store: its rows were deleted.`;
  expect(await findings()).toEqual([said]);
  expect(await findings(keysFolder())).toEqual([
    `${said} The key of its images still lies in the keys folder.`,
  ]);
  const path = join(keysFolder(), 'consents', kept.consent.slice(0, 2), `${kept.consent}.json`);
  expect(existsSync(path)).toBe(true);
});

test('images or uses that were deleted alone are findings', async () => {
  await own.consents.used([kept.consent], { kind: 'model', what: 'reader 0123' });
  await own.database.query('DELETE FROM consent_items WHERE item = 2');
  await own.database.query('DELETE FROM consent_uses');
  expect(await findings()).toEqual([
    `consent: Consent ${kept.consent} has 2 images, but 1 of them are in the store.`,
    `consent: Consent ${kept.consent} was used (model reader 0123), as the log says, but the store does not say so.`,
  ]);
});

test('an erased consent that the store calls kept, or whose proof was deleted, is a finding; as it was, none', async () => {
  await erase();
  expect(await findings(keysFolder())).toEqual([]);
  await own.database.query('UPDATE consents SET erased_at = erased_at + 1');
  expect(await findings()).toEqual([expect.stringContaining('erased_at') as string]);
  await own.database.query('UPDATE consents SET erased_at = NULL');
  expect(await findings()).toEqual([
    `consent: Consent ${kept.consent} was erased, as the log says, but the store says that it is kept.`,
  ]);
  await deleteRows();
  expect(await findings(keysFolder())).toEqual([
    `consent: Consent ${kept.consent} was given and erased, as the log says, but the proof of it is not in the store.`,
  ]);
});

test('a consent that was only called erased in the store is a finding, and so are its images and its key', async () => {
  await own.database.query("UPDATE consents SET erased_at = 7, erased_for = 'request'");
  expect(await findings(keysFolder())).toEqual([
    `consent: Consent ${kept.consent} is erased in the store, but no entry says that it was.`,
    `consent: Consent ${kept.consent} was erased, but 2 of its images are in the store.`,
    `consent: Consent ${kept.consent} was erased, but the key of its images still lies in the keys folder.`,
  ]);
});

test('entries that retention removed are missed by nobody; what later ones say of a consent that is gone is', async () => {
  const second = await own.consents.keep(GIVEN, [itemOf(3)], 'e');
  await erase();
  const now = own.clock.now();
  const [{ n }] = await own.database.query('SELECT max(seq) AS n FROM audit_events');
  await own.audit.append({
    kind: 'audit.retained',
    at: now,
    facts: { size: Number(n), before: now + 1, keys: [] },
  });
  for (const { name } of await own.database.query("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
    await own.database.query(`DROP TRIGGER ${String(name)}`);
  await own.database.query('DELETE FROM audit_events WHERE seq <= ?', [n]);
  const cut = expect.stringMatching(/^cut beginning/) as string;
  // Without a checkpoint it is no retention, and explains nothing.
  expect(await findings()).toEqual([
    cut,
    ...Array.from({ length: 3 }, () => expect.stringMatching(/no entry says/) as string),
  ]);
  await own.audit.append({ kind: 'decision', at: now, facts: {} });
  const [{ hash }] = await own.database.query(
    'SELECT previous AS hash FROM audit_events ORDER BY seq LIMIT 1',
  );
  const note = { chain: 'main', size: Number(n), hash: String(hash), text: '', signatures: [] };
  const told = async (): Promise<string[]> => {
    const [{ findings }] = await verifyAudit(own.database, { keys: [], outside: [note] });
    return findings.filter(({ kind }) => kind === 'consent').map(({ text }) => text);
  };
  await own.audit.append({ kind: 'audit.key-replaced', at: now, facts: { reason: 'r', key: 'k' } });
  expect(await told()).toEqual([]);
  await own.consents.items(await own.consents.find(second.token), 'shown');
  await deleteRows();
  expect(await told()).toEqual([
    `The log speaks of consent ${second.consent}, which was not erased, and it is not in the store: its rows were deleted.`,
  ]);
});

test('a key of which neither store nor log say anything is told as a remark, since a crash leaves one, and stays', async () => {
  const folder = openKeyFolder(keysFolder());
  folder.create('00000000000000000000');
  const { findings, remarks } = await report(keysFolder());
  expect(findings).toEqual([]);
  expect(remarks).toEqual([expect.stringContaining('00000000000000000000') as string]);
  expect(readdirSync(join(keysFolder(), 'consents', '00'))).toHaveLength(1);
});
