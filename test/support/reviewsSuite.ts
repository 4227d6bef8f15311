import { expect, test } from 'vitest';
import { type ConsentsAlone, itemOf, wholeItems } from './consents.ts';
import { createReviews } from '../../src/server/review/reviews.ts';
import { found } from './evidence.ts';

const GIVEN = { purposes: ['training', 'review'], days: 30 } as const;
const UNSURE = { notSure: 'too close to 9' };

async function offered(
  own: ConsentsAlone,
  seeds: readonly number[],
  given: typeof GIVEN | { purposes: ['training']; days: 1 } = GIVEN,
) {
  const items = seeds.map((seed) => itemOf(seed, UNSURE));
  const kept = await own.consents.keep(given, items, 'd');
  await own.reviews.offer(given, kept.consent, items);
  return kept;
}

const eventsOf = async ({ database }: ConsentsAlone, kind: string) =>
  (await database.query('SELECT facts FROM audit_events WHERE kind = ? ORDER BY seq', [kind])).map(
    ({ facts }) => JSON.parse(String(facts)) as unknown,
  );

/** What the queue of reviews promises, tried on an empty store of each kind. */
export function reviewsSuite(consentsAlone: () => Promise<ConsentsAlone>): void {
  test('only what is not sure and was consented to for review is queued', async () => {
    const own = await consentsAlone();
    await offered(own, [1], { purposes: ['training'], days: 1 });
    const items = [itemOf(2), itemOf(3, UNSURE)];
    const { consent } = await own.consents.keep(GIVEN, items, 'd');
    await own.reviews.offer(GIVEN, consent, items);
    expect(await own.reviews.counts()).toMatchObject({ waiting: 1, claimed: 0, claimedUntil: null });
    const claimed = (await own.reviews.claim())!;
    expect(await own.reviews.counts()).toMatchObject({ waiting: 0, claimed: 1, claimedUntil: claimed.until });
    expect([...claimed.image]).toEqual([...items[1].image]);
    expect(await own.reviews.claim()).toBeUndefined();
  });

  test('a claim does not tell the answer, and holds for ten minutes to the millisecond', async () => {
    const own = await consentsAlone();
    await offered(own, [1]);
    const first = (await own.reviews.claim())!;
    expect(Object.keys(first).sort()).toEqual(['choices', 'claim', 'image', 'review', 'shape', 'until']);
    expect(first.choices).toEqual([...'0123456789']);
    own.clock.forward(599_999);
    expect(await own.reviews.claim()).toBeUndefined();
    own.clock.forward(1);
    const second = (await own.reviews.claim())!;
    expect(second.review).toBe(first.review);
    await expect(own.reviews.decide(first.review, first.claim, '4')).rejects.toMatchObject({ status: 409 });
    expect(await own.reviews.decide(second.review, second.claim, '4')).toEqual({
      outcome: '4',
      suggestion: '4',
      override: false,
    });
    await expect(own.reviews.decide(second.review, second.claim, '5')).rejects.toMatchObject({ status: 404 });
  });

  test('a decision labels the image and stands in the audit log, with whether it overrides and whether the answer was looked at', async () => {
    const own = await consentsAlone();
    const { token, consent } = await offered(own, [1, 2, 3]);
    for (const [outcome, look] of [
      ['9', true],
      ['no digit', false],
      ['cannot tell', false],
    ] as const) {
      const { review, claim } = (await own.reviews.claim())!;
      if (look)
        expect(await own.reviews.suggestion(review, claim)).toEqual({
          label: '4',
          confidence: 0.61,
          reason: 'too close to 9',
        });
      await own.reviews.decide(review, claim, outcome);
    }
    const facts = { consent, suggestion: '4', override: true, model: 'reader', version: '0123456789ab' };
    const decided = (await eventsOf(own, 'review.decided')) as { item: number }[];
    expect(decided.map(({ item: _, ...rest }) => rest)).toEqual([
      { ...facts, outcome: '9', suggestionSeen: true },
      { ...facts, outcome: 'no digit', suggestionSeen: false },
      { ...facts, outcome: 'cannot tell', suggestionSeen: false },
    ]);
    const items = wholeItems(await own.consents.items(await own.consents.find(token), 'shown'));
    expect(decided.map(({ item }) => items[item - 1].label)).toEqual([
      { value: '9', by: 'review' },
      { value: 'no digit', by: 'review' },
      undefined,
    ]);
    expect(await own.reviews.counts()).toMatchObject({ waiting: 0, claimed: 0, decided: 3 });
    found({
      id: 'review',
      points: ['E7', 'E11'],
      articles: ['GDPR 22', 'AI Act 14'],
      says: 'A person who reviews an answer is not told it before deciding, unless asking for it; the decision stands in the audit log, with whether it overrides the answer and whether the answer had been looked at.',
    });
  });

  test('who agrees that it is no digit does not override; the network answered a digit all the same', async () => {
    const own = await consentsAlone();
    // 0.05 for each digit but 4, which has 0.15: 0.4 for none of them.
    const probabilities = Array.from({ length: 10 }, (_, k) => (k === 4 ? 0.15 : 0.05));
    const item = itemOf(1, { notSure: 'it looks like no digit', probabilities, confidence: 0.15 });
    const { consent } = await own.consents.keep(GIVEN, [item], 'd');
    await own.reviews.offer(GIVEN, consent, [item]);
    const { review, claim } = (await own.reviews.claim())!;
    const suggested = await own.reviews.suggestion(review, claim);
    expect(suggested).toMatchObject({ label: 'no digit', reason: 'it looks like no digit' });
    expect(suggested.confidence).toBeCloseTo(0.4, 12);
    expect(await own.reviews.decide(review, claim, 'no digit')).toEqual({
      outcome: 'no digit',
      suggestion: 'no digit',
      override: false,
    });
  });

  test('restricted, objected to, past its time or erased: nobody gets it, and who has it cannot decide', async () => {
    const own = await consentsAlone();
    const { consents, reviews, clock } = own;
    const kept = await offered(own, [1]);
    const { review, claim } = (await reviews.claim())!;
    const find = () => consents.find(kept.token);
    for (const [stop, go] of [
      [{ restricted: true }, { restricted: false }],
      [{ objection: true }, { objection: false }],
    ] as const) {
      await consents.change(await find(), stop);
      await expect(reviews.decide(review, claim, '4')).rejects.toMatchObject({ status: 404 });
      expect(await reviews.counts()).toMatchObject({ waiting: 0, claimed: 0 });
      await consents.change(await find(), go);
    }
    await reviews.release(review, claim);
    expect(await reviews.counts()).toMatchObject({ waiting: 1 });
    clock.forward(30 * 86_400_000);
    expect(await reviews.claim()).toBeUndefined();
    await consents.erase(await find());
    expect(await own.database.query('SELECT id FROM reviews')).toEqual([]);
  });

  test('what is given back goes to the end of the queue', async () => {
    const own = await consentsAlone();
    await offered(own, [1]);
    own.clock.forward(1);
    await offered(own, [2]);
    own.clock.forward(1);
    const first = (await own.reviews.claim())!;
    await own.reviews.release(first.review, first.claim);
    const second = (await own.reviews.claim())!;
    expect(second.review).not.toBe(first.review);
  });

  test('an outcome that is no choice is refused, naming them', async () => {
    const own = await consentsAlone();
    await offered(own, [1]);
    const { review, claim } = (await own.reviews.claim())!;
    await expect(own.reviews.decide(review, claim, '10')).rejects.toThrow(
      /expected one of 0, 1, .*, 9, no digit, cannot tell; received "10"/,
    );
  });

  test('a decision is made once, even where two arrive at the same time', async () => {
    const own = await consentsAlone();
    await offered(own, [1]);
    const { review, claim } = (await own.reviews.claim())!;
    const both = await Promise.allSettled([
      own.reviews.decide(review, claim, '4'),
      own.reviews.decide(review, claim, '9'),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await eventsOf(own, 'review.decided')).toHaveLength(1);
  });

  test('the monitor learns of every label how sure the answer was and whether it was right', async () => {
    const own = await consentsAlone();
    const told: unknown[] = [];
    const monitor = { label: (...facts: unknown[]) => void told.push(facts) };
    const reviews = createReviews({ ...own, monitor });
    await offered(own, [1, 2, 3]);
    for (const outcome of ['4', '9', 'cannot tell']) {
      const { review, claim } = (await reviews.claim())!;
      await reviews.decide(review, claim, outcome);
    }
    const answer = ['reader', '0123456789ab', 0.61];
    expect(told).toEqual([
      [...answer, true],
      [...answer, false],
    ]);
  });
}
