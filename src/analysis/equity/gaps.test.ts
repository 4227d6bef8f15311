import { expect, test } from 'vitest';
import fixture from '../../../test/fixtures/equity.json' with { type: 'json' };
import type { GroupRates } from '../../stats/crossedRates.ts';
import { crossedRates } from '../../stats/crossedRates.ts';
import { normalQuantile } from '../../stats/normal.ts';
import { wilson } from '../../stats/wilson.ts';
import { Random } from '../../util/random.ts';
import { gapsOf } from './gaps.ts';
import { rateOf } from './rates.ts';

const SIMPLE = { simple: true, clustered: false };

function group(part: Partial<GroupRates>): GroupRates {
  const images = part.images ?? 100;
  return {
    images,
    clusters: images,
    restClusters: images,
    rate: 0,
    rest: 0,
    rates: new Float64Array(2),
    rests: new Float64Array(2),
    ...part,
  };
}

/** One network that misreads `wrong` of n and `othersWrong` of the others. */
function measured({
  wrong,
  n,
  othersWrong,
  others,
}: {
  wrong: number;
  n: number;
  othersWrong: number;
  others: number;
}) {
  const events = Array.from({ length: n + others }, (_, i) =>
    i < n ? (i < wrong ? 1 : 0) : i - n < othersWrong ? 1 : 0,
  );
  const of = events.map((_, i) => (i < n ? 0 : 1));
  return crossedRates([events], [{ count: 2, of }], { random: new Random(1, 'test'), resamples: 2_000 });
}

test.each(fixture.proportions)(
  '$wrong of $n against $othersWrong of $others: p is that of a z within 6 % of SciPy’s',
  (one) => {
    const { groups, all } = measured(one);
    const [gap] = gapsOf([groups[0][0]], all, SIMPLE);
    expect(Math.abs(normalQuantile(gap.p! / 2) / -Math.abs(one.z) - 1)).toBeLessThan(0.06);
    expect(gap.difference).toBeCloseTo(one.wrong / one.n - one.othersWrong / one.others, 12);
    expect(gap.ratio).toBeCloseTo(one.wrong / one.n / (one.othersWrong / one.others), 12);
  },
);

test.each(fixture.extremes)(
  '$wrong of $n against $othersWrong of $others: resamples that cannot vary are no certainty; intervals and p of SciPy within 1e-9',
  (one) => {
    const { groups, all } = measured(one);
    const [gap] = gapsOf([groups[0][0]], all, SIMPLE);
    expect(Math.abs(gap.p! / one.p - 1)).toBeLessThan(1e-9);
    one.difference.forEach((end, k) => {
      expect(gap.differenceInterval![k]).toBeCloseTo(end, 9);
    });
    if (one.ratio === null) expect([gap.ratio, gap.ratioInterval]).toEqual([null, null]);
    else {
      one.ratio.forEach((end, k) => {
        expect(gap.ratioInterval![k]).toBeCloseTo(end, 9);
      });
    }
  },
);

test('of a side without an error a writer counts as one image where writers are known', () => {
  const rates = Float64Array.from([0.28, 0.32]);
  const none = group({ images: 100, clusters: 40, restClusters: 60, rate: 0, rest: 0.3, rests: rates });
  const [gap] = gapsOf([none], group({ images: 400, rate: 0.225 }), { simple: false, clustered: true });
  // v = .0008, so n* = .21 / .0008 = 262.5 of the others.
  const [own, others] = [wilson(0, 40), wilson(0.3 * 263, 263)];
  expect(gap.differenceInterval![1]).toBeCloseTo(
    -0.3 + Math.sqrt(own.high ** 2 + (0.3 - others.low) ** 2),
    12,
  );
  expect(gap.differenceInterval![0]).toBeCloseTo(-0.3 - (others.high - 0.3), 12);
});

test('intervals of difference and ratio over seeds × writers are NumPy’s within 5 % of their length', () => {
  const { writer, group: of, events, difference, ratio } = fixture.resampled;
  const { groups, all } = crossedRates(
    events.map((seed) => Uint8Array.from(seed, Number)),
    [{ count: 3, of }],
    { random: new Random(7, 'test'), clusters: writer, resamples: 20_000 },
  );
  const [gap] = gapsOf([groups[0][2]], all, { simple: false, clustered: true });
  [0, 1].forEach((end) => {
    expect(Math.abs(gap.differenceInterval![end] - difference[end])).toBeLessThan(
      0.05 * (difference[1] - difference[0]),
    );
    expect(Math.abs(gap.ratioInterval![end] - ratio[end])).toBeLessThan(0.05 * (ratio[1] - ratio[0]));
  });
});

test('Holm’s correction is over the gaps that have a p; too few images or writers have none, an empty group nothing', () => {
  const { groups, all } = measured({ wrong: 12, n: 100, othersWrong: 20, others: 400 });
  const [wide] = groups[0];
  const small = group({ images: 29, rate: 0.5, rest: 0.1 });
  const gaps = gapsOf(
    [wide, small, group({ images: 0, rate: NaN }), wide],
    group({ images: 500, rate: 0.064 }),
    SIMPLE,
  );
  expect(gaps[0].p).toBeGreaterThan(0);
  expect(gaps[0].holm).toBe(2 * gaps[0].p!);
  expect(gaps[1]).toMatchObject({ difference: 0.4, differenceInterval: null, p: null, holm: null });
  expect(gaps[2]).toMatchObject({ difference: null, p: null });
  const clustered = { simple: false, clustered: true };
  expect(gapsOf([{ ...wide, clusters: 9 }], all, clustered)[0].p).toBeNull();
  expect(gapsOf([{ ...wide, restClusters: 9 }], all, clustered)[0].p).toBeNull();
  expect(gapsOf([{ ...wide, clusters: 10, restClusters: 10 }], all, clustered)[0].p).not.toBeNull();
});

test('a rate of one network is Wilson’s; of clusters, Wilson’s at n* = p(1 − p)/v (worked by hand); below 30 images none', () => {
  const rates = Float64Array.from([0.16, 0.24]);
  const one = group({ images: 100, clusters: 40, rate: 0.2, rates });
  expect(rateOf(one, SIMPLE).interval).toEqual(Object.values(wilson(20, 100)));
  // v = 0.0032, so n* = .16 / .0032 = 50.
  expect(rateOf(one, { simple: false, clustered: true })).toEqual({
    images: 100,
    writers: 40,
    rate: 0.2,
    interval: Object.values(wilson(10, 50)),
  });
  expect(rateOf({ ...one, images: 29 }, SIMPLE).interval).toBeNull();
  expect(rateOf({ ...one, clusters: 9 }, { simple: false, clustered: true }).interval).toBeNull();
  const none = { ...one, rate: 0, rates: new Float64Array(2) };
  expect(rateOf(none, { simple: false, clustered: true }).interval).toEqual(Object.values(wilson(0, 40)));
  expect(rateOf({ ...one, images: 0 }, SIMPLE)).toEqual({
    images: 0,
    writers: null,
    rate: null,
    interval: null,
  });
});
