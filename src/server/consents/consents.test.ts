import { cpSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { unzipSync } from 'fflate';
import { verifyAudit } from '../audit/verify.ts';
import { newToken } from './token.ts';
import { shownConsent } from './shown.ts';
import { trainingSet } from './trainingSet.ts';
import { consentsAlone, itemOf } from '../../../test/support/consents.ts';

const DAY = 86_400_000;
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

test('no token, another consent or another secret: 404, with the same words', async () => {
  const { consents } = await consentsAlone();
  const { token } = await consents.keep(GIVEN, [itemOf(1)], 'd');
  const other = token.slice(0, -4) + (token.endsWith('AAAA') ? 'BBBB' : 'AAAA');
  const wrong = ['', 'nothing', `${'0'.repeat(20)}.${'A'.repeat(43)}`, other];
  const refused = await Promise.all(wrong.map((one) => consents.find(one).catch((error: unknown) => error)));
  expect(refused[0]).toMatchObject({ status: 404, code: 'E_NOT_FOUND' });
  expect(new Set(refused.map(String)).size).toBe(1);
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

test('the sweep erases what is past its time to the millisecond, by the clock, and nothing else', async () => {
  const { consents, clock, told } = await consentsAlone();
  const short = await consents.keep({ purposes: ['review'], days: 1 }, [itemOf(1)], 'd');
  const long = await consents.keep({ purposes: ['review'], days: 2 }, [itemOf(2)], 'e');
  clock.forward(DAY - 1);
  expect(await consents.sweep()).toBe(0);
  clock.forward(1);
  expect(await consents.sweep()).toBe(1);
  expect(await consents.find(short.token)).toMatchObject({ erasedFor: 'expiry' });
  expect((await consents.find(long.token)).erasedAt).toBeNull();
  expect(told).toMatchObject([{ consent: short.consent, reason: 'expiry' }]);
  // From here on by itself, every minute.
  clock.forward(DAY);
  await expect.poll(async () => (await consents.find(long.token)).erasedFor).toBe('expiry');
});

test('restriction, objection and labels are changed alone, each an event; what is no label is refused', async () => {
  const { consents, kinds } = await consentsAlone();
  const { token } = await consents.keep({ ...GIVEN, restrict: true }, [itemOf(1), itemOf(2)], 'd');
  let consent = await consents.find(token);
  expect(consent.restrictedAt).not.toBeNull();
  consent = await consents.change(consent, { restricted: false });
  expect(consent.restrictedAt).toBeNull();
  consent = await consents.change(consent, { restricted: false, objection: true });
  expect(consent).toMatchObject({ restrictedAt: null, objectedAt: Date.UTC(2026, 10, 29) });
  consent = await consents.change(consent, { labels: [{ item: 2, label: '9' }] });
  expect((await consents.items(consent, 'exported')).map(({ label }) => label)).toEqual([
    undefined,
    { value: '9', by: 'person' },
  ]);
  for (const [item, label, message] of [
    [1, 'ten', /one of 0, 1, .*, no digit; received "ten"/],
    [3, '9', /counted from 1; received 3/],
  ] as const) {
    await expect(consents.change(consent, { labels: [{ item, label }] })).rejects.toThrow(message);
  }
  expect(await kinds()).toEqual([
    'consent.given',
    'consent.released',
    'consent.objected',
    'consent.corrected',
    'consent.exported',
  ]);
});

test('sealed fields that were changed or moved between images in the store are refused', async () => {
  const { consents, database } = await consentsAlone();
  const { token } = await consents.keep(GIVEN, [itemOf(1), itemOf(2)], 'd');
  const consent = await consents.find(token);
  await database.query(
    'UPDATE consent_items SET image = (SELECT image FROM consent_items WHERE item = 2) WHERE item = 1',
  );
  await expect(consents.items(consent, 'shown')).rejects.toMatchObject({ code: 'E_CHECKSUM' });
});

test('uses are noted once, for the consents that are known', async () => {
  const { consents } = await consentsAlone();
  const { token, consent } = await consents.keep(GIVEN, [itemOf(1)], 'd');
  const use = { kind: 'model', what: 'reader 0123' } as const;
  await consents.used([consent, '0'.repeat(20)], use);
  await consents.used([consent], use);
  expect(await consents.uses(await consents.find(token))).toEqual([{ ...use, at: Date.UTC(2026, 10, 29) }]);
});

test('no image, or more than 256 under one consent: refused before anything is kept', async () => {
  const { consents, database } = await consentsAlone();
  await expect(consents.keep(GIVEN, [], 'd')).rejects.toThrow(/1 to 256 images .* received 0/);
  const many = Array.from({ length: 257 }, () => itemOf(1));
  await expect(consents.keep(GIVEN, many, 'd')).rejects.toThrow(/received 257/);
  expect(await database.query('SELECT id FROM consents')).toEqual([]);
});

test.each([
  ["purposes = ' training review research '"],
  ['until_at = until_at + 86400000'],
  ['under_age = 1 - under_age'],
  ["notice = 'notice-2'"],
  ['days = days + 1'],
])(
  'a consent’s row that was changed in the store (%s) is used for nothing, said, and a finding of its own',
  async (change) => {
    const { consents, reviews, database, audit, clock, kinds } = await consentsAlone();
    const given = { ...GIVEN, underAge: false };
    const item = { ...itemOf(1, { notSure: 'close' }), label: { value: '9', by: 'person' } as const };
    const { token, consent } = await consents.keep(given, [item], 'd');
    await reviews.offer(given, consent, [item]);
    const check = async () =>
      (await verifyAudit(database, { keys: [], outside: [] })).flatMap(({ findings }) => findings);
    expect(await check()).toEqual([]);
    await database.write([{ sql: `UPDATE consents SET ${change}`, values: [] }]);
    const column = change.split(' ')[0];
    expect((await check()).map(({ kind, text }) => [kind, text.includes(column)])).toEqual([
      ['consent', true],
    ]);
    const form = { shape: [28, 28], classes: [...'0123456789'] };
    const set = unzipSync(await trainingSet({ database, audit, clock, consents }, form));
    expect(Object.keys(set)).toHaveLength(1);
    expect(await reviews.claim()).toBeUndefined();
    const found = await consents.find(token);
    expect(found).toMatchObject({ altered: true });
    expect(found.restrictedAt).not.toBeNull();
    expect(await kinds()).toContain('consent.altered');
    expect(shownConsent(found, [], '/x').says).toMatch(/was changed in the store/);
    expect((await consents.erase(found)).erasedAt).not.toBeNull();
  },
);

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

test('an end that was moved in the store keeps nothing for longer than was consented to', async () => {
  const { consents, clock, database } = await consentsAlone();
  await consents.keep(GIVEN, [itemOf(1)], 'd');
  await database.write([{ sql: 'UPDATE consents SET until_at = until_at + 864000000', values: [] }]);
  clock.forward(30 * DAY - 1);
  expect(await consents.sweep()).toBe(0);
  clock.forward(1);
  await consents.sweep();
  expect(await database.query('SELECT consent FROM consent_items')).toEqual([]);
});

test('a token that was put into the store in the place of the one that was given out opens nothing', async () => {
  const { consents, database } = await consentsAlone();
  const { token, consent } = await consents.keep(GIVEN, [itemOf(1)], 'd');
  const forged = newToken();
  await database.write([{ sql: 'UPDATE consents SET secret = ?', values: [forged.digest] }]);
  const secret = forged.token.split('.')[1];
  for (const one of [`${consent}.${secret}`, token])
    await expect(consents.find(one)).rejects.toMatchObject({ status: 404 });
  await expect(consents.item(consent, 1)).rejects.toMatchObject({ code: 'E_MISMATCH' });
});
