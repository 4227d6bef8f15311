import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { trainingSet } from '../src/server/consents/trainingSet.ts';
import { openDatabase } from '../src/server/store/openDatabase.ts';
import { consentsAlone, itemOf, wholeItems } from './support/consents.ts';
import { consentsSuite } from './support/consentsSuite.ts';
import { reviewsSuite } from './support/reviewsSuite.ts';
import { webhooksSuite } from './support/webhooksSuite.ts';
import { type PostgresServer, startPostgres, whyNoPostgres } from './support/postgresServer.ts';

const GIVEN = { purposes: ['training', 'review'], days: 30 } as const;
const reason = whyNoPostgres();

describe.skipIf(reason)(
  `consents in PostgreSQL${reason === undefined ? '' : ` (skipped: ${reason})`}`,
  () => {
    let server: PostgresServer;
    beforeAll(async () => {
      server = await startPostgres();
    });
    afterAll(() => {
      server.stop();
    });

    const alone = () => consentsAlone(undefined, undefined, [], { place: server.newDatabase() });
    consentsSuite(alone);
    describe('reviews', () => {
      reviewsSuite(alone);
    });
    describe('webhooks', () => {
      webhooksSuite(() => openDatabase(server.newDatabase()));
    });

    it('are kept by one instance and shown, reviewed, given out and erased by another that shares the keys folder', async () => {
      const place = server.newDatabase();
      const one = await consentsAlone(undefined, undefined, [], { place, instance: 'one' });
      const two = await consentsAlone(one.folder, one.clock, one.told, { place, instance: 'two' });
      const items = [itemOf(1, { notSure: 'so' }), itemOf(2, { notSure: 'so' })];
      const { token, consent } = await one.consents.keep(GIVEN, items, 'd');
      await one.reviews.offer(GIVEN, consent, items);
      const shown = wholeItems(await two.consents.items(await two.consents.find(token), 'shown'));
      expect(shown.map(({ image }) => [...image])).toEqual(items.map(({ image }) => [...image]));

      const claims = await Promise.all([one.reviews.claim(), two.reviews.claim(), one.reviews.claim()]);
      expect(new Set(claims.map((claim) => claim?.review)).size).toBe(3);
      const [first] = claims.filter((claim) => claim !== undefined);
      expect(await two.reviews.decide(first.review, first.claim, '9')).toMatchObject({ override: true });
      expect(await one.reviews.counts()).toMatchObject({ waiting: 0, claimed: 1, decided: 1 });

      await two.consents.change(await two.consents.find(token), { restricted: true });
      await one.consents.change(await one.consents.find(token), {
        restricted: false,
        labels: [{ item: 2, label: '8' }],
      });
      const form = { shape: [28, 28], classes: [...'0123456789'] };
      await trainingSet(two, form);
      expect(await one.consents.uses(await one.consents.find(token))).toMatchObject([
        { kind: 'training set' },
      ]);

      await two.consents.rotateMasterKey();
      expect(await one.consents.items(await one.consents.find(token), 'shown')).toHaveLength(2);
      await two.consents.erase(await two.consents.find(token));
      await expect(one.consents.items(await one.consents.find(token), 'shown')).rejects.toMatchObject({
        status: 410,
      });
      expect(await one.database.query('SELECT count(*) AS n FROM consent_items')).toEqual([{ n: 0 }]);
      expect(await one.consents.replayErasures()).toBe(0);
      one.clock.forward(31 * 86_400_000);
      expect(await one.consents.sweep()).toBe(0);
    });
  },
);
