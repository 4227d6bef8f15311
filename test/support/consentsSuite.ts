import { unzipSync } from 'fflate';
import { expect, test } from 'vitest';
import { verifyAudit } from '../../src/server/audit/verify.ts';
import { shownConsent } from '../../src/server/consents/shown.ts';
import { newToken } from '../../src/server/consents/token.ts';
import { trainingSet } from '../../src/server/consents/trainingSet.ts';
import { type ConsentsAlone, itemOf } from './consents.ts';

const DAY = 86_400_000;
const GIVEN = { purposes: ['training', 'review'], days: 30 } as const;

/** What consents promise, tried on an empty store of each kind. */
export function consentsSuite(consentsAlone: () => Promise<ConsentsAlone>): void {
  test('no token, another consent or another secret: 404, with the same words', async () => {
    const { consents } = await consentsAlone();
    const { token } = await consents.keep(GIVEN, [itemOf(1)], 'd');
    const other = token.slice(0, -4) + (token.endsWith('AAAA') ? 'BBBB' : 'AAAA');
    const wrong = ['', 'nothing', `${'0'.repeat(20)}.${'A'.repeat(43)}`, other];
    const refused = await Promise.all(
      wrong.map((one) => consents.find(one).catch((error: unknown) => error)),
    );
    expect(refused[0]).toMatchObject({ status: 404, code: 'E_NOT_FOUND' });
    expect(new Set(refused.map(String)).size).toBe(1);
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
    expect(
      (await consents.items(consent, 'exported')).map((item) => ('label' in item ? item.label : undefined)),
    ).toEqual([undefined, { value: '9', by: 'person' }]);
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

  test('a label that corrects an answer is counted by the monitor, once each, where the images are kept to be looked at or measured', async () => {
    const own = await consentsAlone();
    const told = own.corrected;
    const answer = ['reader', '0123456789ab'];
    const { token } = await own.consents.keep(GIVEN, [itemOf(1), itemOf(2)], 'd');
    const change = async (token: string, change: Parameters<typeof own.consents.change>[1]) =>
      void (await own.consents.change(await own.consents.find(token), change));
    await change(token, {
      labels: [
        { item: 1, label: '9' },
        { item: 2, label: '7' },
        { item: 2, label: '4' },
      ],
    });
    expect(told.splice(0)).toEqual([
      [...answer, false, undefined],
      [...answer, true, undefined],
    ]);
    await change(token, { labels: [{ item: 1, label: '4' }] });
    expect(told.splice(0)).toEqual([[...answer, true, false]]);
    await change(token, { labels: [{ item: 1, label: 'no digit' }], objection: true });
    await change(token, { labels: [{ item: 1, label: '9' }] });
    for (const given of [
      { purposes: ['training'], days: 1 },
      { purposes: ['research'], days: 1, restrict: true },
    ] as const) {
      const { token: other } = await own.consents.keep(given, [itemOf(3)], 'd');
      await change(other, { labels: [{ item: 1, label: '9' }] });
    }
    expect(told).toEqual([]);
  });

  test.each([
    ['image = (SELECT image FROM consent_items WHERE item = 2)', 'moved'],
    ['answer = (SELECT answer FROM consent_items WHERE item = 2)', 'moved'],
    ["shape = '28,27'", 'of another shape'],
  ])(
    'an image whose row was changed in the store (%s, %s) is damaged, alone: it is used for nothing, the others are shown and used',
    async (change) => {
      const own = await consentsAlone();
      const { consents, reviews, database, audit, clock } = own;
      const labelled = (seed: number) => ({
        ...itemOf(seed, { notSure: 'close' }),
        label: { value: '9', by: 'person' } as const,
      });
      const items = [labelled(1), labelled(2)];
      const { token, consent } = await consents.keep(GIVEN, items, 'd');
      await reviews.offer(GIVEN, consent, items);
      await database.write([{ sql: `UPDATE consent_items SET ${change} WHERE item = 1`, values: [] }]);
      const found = await consents.find(token);
      expect(await consents.items(found, 'shown')).toEqual([
        { damaged: expect.stringMatching(/damaged/) as string },
        expect.objectContaining({ answer: items[1].answer }),
      ]);
      expect(own.altered).toEqual([[consent, 'images']]);
      const form = { shape: [28, 28], classes: [...'0123456789'] };
      const set = unzipSync(await trainingSet({ database, audit, clock, consents }, form));
      expect(Object.keys(set).filter((name) => name.endsWith('.png'))).toEqual([
        expect.stringContaining(`${consent}-2`) as string,
      ]);
      expect(new Uint8Array((await reviews.claim())!.image)).toEqual(items[1].image);
      expect(await reviews.claim()).toBeUndefined();
      await expect(consents.change(found, { labels: [{ item: 1, label: '9' }] })).rejects.toThrow(/damaged/);
      await consents.change(found, { labels: [{ item: 2, label: '8' }] });
      // What was consented to is still looked at, in the image that opens.
      await database.write([{ sql: "UPDATE consents SET notice = 'other'", values: [] }]);
      expect(await consents.find(token)).toMatchObject({ altered: true });
    },
  );

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

  test('a restriction or an objection that was taken out of the store, or is not in an older backup, holds again as soon as the consent is used or looked at', async () => {
    const own = await consentsAlone();
    const { consents, reviews, database, audit, clock } = own;
    const item = { ...itemOf(1, { notSure: 'close' }), label: { value: '9', by: 'person' } as const };
    const kept = [];
    for (const change of [{ restricted: true }, { objection: true }, {}]) {
      const { token, consent } = await consents.keep(GIVEN, [item], 'd');
      await reviews.offer(GIVEN, consent, [item]);
      await consents.change(await consents.find(token), change);
      kept.push({ token, consent });
    }
    const [restricted, objected, free] = kept;
    const atOnce = await consents.keep({ ...GIVEN, restrict: true }, [item], 'd');
    const lift = () =>
      database.write([{ sql: 'UPDATE consents SET restricted_at = NULL, objected_at = NULL', values: [] }]);

    await lift();
    expect(await consents.find(restricted.token)).toMatchObject({
      restrictedAt: clock.now(),
      objectedAt: null,
    });
    expect(await consents.find(objected.token)).toMatchObject({
      restrictedAt: null,
      objectedAt: clock.now(),
    });
    expect((await consents.find(restricted.token)).altered).toBeUndefined();
    expect(own.altered).toEqual([
      [restricted.consent, 'stops'],
      [objected.consent, 'stops'],
    ]);
    await lift();
    const form = { shape: [28, 28], classes: [...'0123456789'] };
    const set = unzipSync(await trainingSet({ database, audit, clock, consents }, form));
    expect(Object.keys(set).filter((name) => name.endsWith('.png'))).toHaveLength(1);
    await lift();
    expect((await reviews.claim())!.review).toBeDefined();
    expect(await reviews.claim()).toBeUndefined();
    expect((await consents.find(atOnce.token)).restrictedAt).not.toBeNull();
    expect((await verifyAudit(database, { keys: [], outside: [] }))[0].findings).toEqual([]);

    // Who lifts it with the token lifts it for good.
    await consents.change(await consents.find(restricted.token), { restricted: false });
    await consents.rotateMasterKey();
    for (const { token } of [restricted, free])
      expect(await consents.find(token)).toMatchObject({ restrictedAt: null, objectedAt: null });
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
}
