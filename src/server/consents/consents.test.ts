import { cpSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { verifyAudit } from '../audit/verify.ts';
import { consentsAlone, itemOf } from '../../../test/support/consents.ts';
import { consentsSuite } from '../../../test/support/consentsSuite.ts';

consentsSuite(() => consentsAlone());

const GIVEN = { purposes: ['training', 'review'], days: 30 } as const;

/** Whether the bytes stand, as they are, in any file below the folder. */
function holds(folder: string, bytes: Buffer): boolean {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .some((entry) => readFileSync(join(entry.parentPath, entry.name)).includes(bytes));
}

test('what is kept is the same when it is opened, and stands in no file as it was', async () => {
  const { consents, folder, kinds } = await consentsAlone();
  const items = [
    { ...itemOf(1), original: { bytes: Buffer.from('a picture that was sent'), type: 'image/png' } },
    { ...itemOf(2), label: { value: '9', by: 'person' } as const },
  ];
  const { token, consent, until } = await consents.keep(GIVEN, items, 'decision-1');
  const found = await consents.find(token);
  expect(found).toEqual({
    id: consent,
    purposes: ['training', 'review'],
    days: 30,
    underAge: false,
    notice: 'notice-1',
    decision: 'decision-1',
    items: 2,
    givenAt: Date.UTC(2026, 10, 29),
    untilAt: until,
    restrictedAt: null,
    objectedAt: null,
    erasedAt: null,
    erasedFor: null,
  });
  expect(until).toBe(Date.UTC(2026, 11, 29));
  const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
  expect(plain(await consents.items(found, 'shown'))).toEqual(
    plain(
      items.map((item) => ({
        ...item,
        image: Buffer.from(item.image),
        ...('original' in item && {
          original: { ...item.original, bytes: Buffer.from(item.original.bytes) },
        }),
      })),
    ),
  );
  const secret = token.split('.')[1];
  for (const trace of [
    Buffer.from(items[0].image.subarray(0, 24)),
    Buffer.from('a picture that'),
    Buffer.from(secret),
  ]) {
    expect(holds(folder, trace)).toBe(false);
  }
  expect(await kinds()).toEqual(['consent.given', 'consent.shown']);
});

test('erased: key, rows and every trace in the files are gone, the proof stays, recipients are told, once', async () => {
  const { consents, database, folder, told, kinds } = await consentsAlone();
  const { token, consent } = await consents.keep(GIVEN, [itemOf(1)], 'd');
  const kept = await consents.keep(GIVEN, [itemOf(2)], 'e');
  const [{ image }] = await database.query('SELECT image FROM consent_items WHERE consent = ?', [consent]);
  const sealed = Buffer.from(image as Uint8Array).subarray(40, 80);
  expect(holds(folder, sealed)).toBe(true);
  const erased = await consents.erase(await consents.find(token));
  expect(erased).toMatchObject({ id: consent, purposes: ['training', 'review'], erasedFor: 'request' });
  expect(holds(folder, sealed)).toBe(false);
  expect(readdirSync(join(folder, 'keys', 'consents'), { recursive: true }).join()).not.toContain(consent);
  await consents.erase(await consents.find(token));
  await expect(consents.items(erased, 'shown')).rejects.toMatchObject({ status: 410, code: 'E_ERASED' });
  await expect(consents.change(erased, { restricted: true })).rejects.toMatchObject({ status: 410 });
  expect(await consents.items(await consents.find(kept.token), 'shown')).toHaveLength(1);
  expect(told).toEqual([{ consent, at: '2026-11-29T00:00:00.000Z', reason: 'request', uses: [] }]);
  expect(await kinds()).toEqual(['consent.given', 'consent.given', 'consent.erased', 'consent.shown']);
});

test('a store that is put back to before an erasure opens nothing, and is freed of it when it starts', async () => {
  const first = await consentsAlone();
  const { token } = await first.consents.keep(GIVEN, [itemOf(1)], 'd');
  const other = await first.consents.keep(GIVEN, [itemOf(2)], 'e');
  const store = join(first.folder, 'store');
  const backup = join(first.folder, 'backup');
  const second = await first.reopen(() => {
    cpSync(store, backup, { recursive: true });
  });
  await second.consents.erase(await second.consents.find(token));
  const restored = await second.reopen(() => {
    rmSync(store, { recursive: true });
    cpSync(backup, store, { recursive: true });
  });
  const back = await restored.consents.find(token);
  expect(back.erasedAt).toBeNull();
  await expect(restored.consents.items(back, 'shown')).rejects.toMatchObject({ status: 410 });
  expect(await restored.consents.replayErasures()).toBe(1);
  expect(await restored.consents.replayErasures()).toBe(0);
  expect(await restored.consents.find(token)).toMatchObject({
    erasedAt: Date.UTC(2026, 10, 29),
    erasedFor: 'request',
  });
  expect(await restored.database.query('SELECT consent FROM consent_items')).toEqual([
    { consent: other.consent },
  ]);
});

test('a restriction or an objection that was taken out of the store is found by the log; a log that was emptied beside consents, too', async () => {
  const { consents, database } = await consentsAlone();
  const { token } = await consents.keep(GIVEN, [itemOf(1)], 'd');
  await consents.change(await consents.find(token), { restricted: true, objection: true });
  const check = async () => (await verifyAudit(database, { keys: [], outside: [] }))[0].findings;
  expect(await check()).toEqual([]);
  await database.write([{ sql: 'UPDATE consents SET restricted_at = NULL, objected_at = NULL', values: [] }]);
  expect(await check()).toMatchObject([
    { kind: 'consent', text: expect.stringContaining('restricted_at') as unknown },
    { kind: 'consent', text: expect.stringContaining('objected_at') as unknown },
  ]);
  const triggers = await database.query("SELECT name FROM sqlite_master WHERE type = 'trigger'");
  await database.write([
    ...triggers.map(({ name }) => ({ sql: `DROP TRIGGER ${String(name)}`, values: [] })),
    { sql: 'DELETE FROM audit_events', values: [] },
  ]);
  expect((await check()).map(({ kind }) => kind)).toEqual(['empty', 'consent']);
});
