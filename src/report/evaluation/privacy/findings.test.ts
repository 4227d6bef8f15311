import { expect, test } from 'vitest';
import { estimateOf } from '../../../analysis/privacy/estimate.ts';
import { rocOf, truePositiveAt } from '../../../analysis/privacy/roc.ts';
import type { ArmMembership, Membership } from '../../../analysis/privacy/membership.ts';
import { Random } from '../../../util/random.ts';
import { type Attacked, areaSide, guessedAt, ratioOf, surenessOf, timesOf } from './findings.ts';
import { rangedOf } from './words.ts';

const ATTACKED: Attacked = {
  auc: { value: 0.6, low: 0.58, high: 0.62 },
  rate: { value: 0.01, low: 0.006, high: 0.014 },
  rates: [0.01],
  members: 1000,
  others: 1000,
  falsePositives: 0.001,
};

test('surenessOf: by the number of others, the interval, and the exceedance test with k = 1 (hand-worked)', () => {
  expect(surenessOf(ATTACKED)).toBe('shown');
  expect(surenessOf({ ...ATTACKED, others: 999 })).toBe('few');
  expect(surenessOf({ ...ATTACKED, rate: { value: 0.01, low: 0.001, high: 0.02 } })).toBe('open');
  // At most one other among the x + 1 highest, each as likely a member: (x + 2) / 2^(x + 1), .0195 for 8 and .035 for 7.
  expect(surenessOf({ ...ATTACKED, rates: [0.008] })).toBe('shown');
  expect(surenessOf({ ...ATTACKED, rates: [0.007] })).toBe('open');
  // Two networks: twice the mean, .0195 + .0195 and, for 9 of them, .0107 + .0107.
  expect(surenessOf({ ...ATTACKED, rates: [0.008, 0.008] })).toBe('open');
  expect(surenessOf({ ...ATTACKED, rates: [0.009, 0.009] })).toBe('shown');
});

test('guessing reaches (k + 1)/(n + 1), and the times are of counts', () => {
  expect(guessedAt(ATTACKED)).toBeCloseTo(2 / 1001, 12);
  expect(guessedAt({ ...ATTACKED, others: 10_000 })).toBeCloseTo(11 / 10_001, 12);
  expect(timesOf(ATTACKED)).toBeCloseTo(10, 12);
  expect(timesOf({ ...ATTACKED, others: 1500 })).toBeCloseTo(15, 12);
});

test('ratioOf: images that every other network saw, or none, are not counted', () => {
  const arm = { networks: 4, ratio: { auc: estimateOf([0.5]), truePositive: estimateOf([0]) }, runs: [] };
  const membership = { images: 8000, seen: 0.5, falsePositives: 0.001 };
  // Of three others: 2 / 2³ of the images; half of the remaining 6,000.
  expect(ratioOf(arm as unknown as ArmMembership, membership as Membership)).toMatchObject({
    members: 3000,
    others: 3000,
  });
});

/** Six networks that know nothing, asked about the same images, of which some look familiar to all of them. */
function innocent(random: Random, members: number, others: number): Attacked {
  const draw = (n: number): Float64Array => Float64Array.from({ length: n }, () => random.normal());
  const shared = [draw(members), draw(others)];
  const rocs = Array.from({ length: 6 }, () => {
    const [a, b] = shared.map((scores) => scores.map((score) => score + 0.3 * random.normal()));
    return rocOf(a, b);
  });
  const rates = rocs.map((roc) => truePositiveAt(roc, 0.01));
  return {
    auc: rangedOf(estimateOf(rocs.map(({ auc }) => auc))),
    rate: rangedOf(estimateOf(rates)),
    rates,
    members,
    others,
    falsePositives: 0.01,
  };
}

test('of 300 arms that know nothing at most 2.5 % are said to recognise images or to have an area above one half', () => {
  const random = new Random(1, 'innocent');
  const arms = Array.from({ length: 300 }, () => innocent(random, 300, 100));
  const shareOf = (holds: (arm: Attacked) => boolean): number => arms.filter(holds).length / arms.length;
  // The interval over networks alone would find far more.
  expect(shareOf(({ rate }) => rate.low! > 0.01)).toBeGreaterThan(0.3);
  expect(shareOf(({ auc }) => auc.low! > 0.5)).toBeGreaterThan(0.25);
  // 7.5 of 300, standard deviation 2.7.
  expect(shareOf((arm) => surenessOf(arm) === 'shown')).toBeLessThan(0.045);
  expect(shareOf((arm) => areaSide(arm) === 'above')).toBeLessThan(0.045);
});
