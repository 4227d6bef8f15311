import { expect, test } from 'vitest';
import fixture from '../../../test/fixtures/equity.json' with { type: 'json' };
import type { GroupRates } from '../../stats/crossedRates.ts';
import { crossedRates } from '../../stats/crossedRates.ts';
import { normalQuantile } from '../../stats/normal.ts';
import { wilson } from '../../stats/wilson.ts';
import { Random } from '../../util/random.ts';
import { gapsOf } from './gaps.ts';
import { rateOf } from './rates.ts';

const BY_IMAGE = { clustered: false };
const BY_WRITER = { clustered: true };

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
    seedRates: new Float64Array(1),
    seedRests: new Float64Array(1),
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
    const [gap] = gapsOf([groups[0][0]], all, BY_IMAGE);
    expect(Math.abs(normalQuantile(gap.p! / 2) / -Math.abs(one.z) - 1)).toBeLessThan(0.06);
    expect(gap.difference).toBeCloseTo(one.wrong / one.n - one.othersWrong / one.others, 12);
    expect(gap.ratio).toBeCloseTo(one.wrong / one.n / (one.othersWrong / one.others), 12);
  },
);

test.each(fixture.extremes)(
  '$wrong of $n against $othersWrong of $others: resamples that cannot vary are no certainty; intervals and p of SciPy within 1e-9',
  (one) => {
    const { wrong, n, othersWrong, others } = one;
    // Two resamples with just the variance of independent images.
    const resampled = (rate: number, images: number) => {
      const off = Math.sqrt((rate * (1 - rate)) / images / 2);
      return Float64Array.from([rate - off, rate + off]);
    };
    const [rate, rest] = [wrong / n, othersWrong / others];
    const own = group({
      images: n,
      restClusters: others,
      rate,
      rest,
      rates: resampled(rate, n),
      rests: resampled(rest, others),
    });
    const all = group({ images: n + others, rate: (wrong + othersWrong) / (n + others) });
    const [gap] = gapsOf([own], all, BY_IMAGE);
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
  const [gap] = gapsOf([none], group({ images: 400, rate: 0.225 }), BY_WRITER);
  // v = .0008, so n* = .21 / .0008 · (1.959964 / 2.001000)² = 251.8 of the others, t with 59 degrees of freedom.
  const [own, others] = [wilson(0, 40), wilson(0.3 * 252, 252)];
  expect(gap.differenceInterval![1]).toBeCloseTo(
    -0.3 + Math.sqrt(own.high ** 2 + (0.3 - others.low) ** 2),
    12,
  );
  expect(gap.differenceInterval![0]).toBeCloseTo(-0.3 - (others.high - 0.3), 12);
});

test('intervals of difference and ratio over seeds × writers, widened by Student’s t, are NumPy’s within 5 % of their length', () => {
  const { writer, group: of, events, widened } = fixture.resampled;
  const { difference, ratio } = widened;
  const { groups, all } = crossedRates(
    events.map((seed) => Uint8Array.from(seed, Number)),
    [{ count: 3, of }],
    { random: new Random(7, 'test'), clusters: writer, resamples: 20_000 },
  );
  const [gap] = gapsOf([groups[0][2]], all, BY_WRITER);
  [0, 1].forEach((end) => {
    expect(Math.abs(gap.differenceInterval![end] - difference[end])).toBeLessThan(
      0.05 * (difference[1] - difference[0]),
    );
    expect(Math.abs(gap.ratioInterval![end] - ratio[end])).toBeLessThan(0.05 * (ratio[1] - ratio[0]));
  });
});

// Quantiles of evenly spread resamples by hand; t₉(.975) = 2.262157, over the normal 1.959964: 1.154183.
test('the side with fewer writers gives the degrees of freedom, which widen difference and ratio, to 1e-6', () => {
  const rates = Float64Array.from({ length: 401 }, (_, b) => 0.1 + b / 2000);
  const few = { images: 300, rate: 0.2, rest: 0.1, rates, rests: new Float64Array(401).fill(0.1) };
  const factor = 1.154183;
  for (const [clusters, restClusters] of [
    [10, 200],
    [200, 10],
  ]) {
    const one = group({ ...few, clusters, restClusters });
    const [gap] = gapsOf([one], group({ images: 900, rate: 0.13 }), BY_WRITER);
    expect(gap.differenceInterval![0]).toBeCloseTo(0.1 - factor * 0.095, 6);
    expect(gap.differenceInterval![1]).toBeCloseTo(0.1 + factor * 0.095, 6);
    expect(gap.ratioInterval![0]).toBeCloseTo(2 / (1 + factor * (2 / 1.05 - 1)), 6);
    expect(gap.ratioInterval![1]).toBeCloseTo(2 + factor * 0.95, 6);
  }
});

test('Holm’s correction is over the gaps that have a p; too few images or writers have none, an empty group nothing', () => {
  const { groups, all } = measured({ wrong: 12, n: 100, othersWrong: 20, others: 400 });
  const [wide] = groups[0];
  const small = group({ images: 29, rate: 0.5, rest: 0.1 });
  const gaps = gapsOf(
    [wide, small, group({ images: 0, rate: NaN }), wide],
    group({ images: 500, rate: 0.064 }),
    BY_IMAGE,
  );
  expect(gaps[0].p).toBeGreaterThan(0);
  expect(gaps[0].holm).toBe(2 * gaps[0].p!);
  expect(gaps[1]).toMatchObject({ difference: 0.4, differenceInterval: null, p: null, holm: null });
  expect(gaps[2]).toMatchObject({ difference: null, p: null });
  expect(gapsOf([{ ...wide, clusters: 9 }], all, BY_WRITER)[0].p).toBeNull();
  expect(gapsOf([{ ...wide, restClusters: 9 }], all, BY_WRITER)[0].p).toBeNull();
  expect(gapsOf([{ ...wide, clusters: 10, restClusters: 10 }], all, BY_WRITER)[0].p).not.toBeNull();
});

test('a rate is Wilson’s at n* = p(1 − p)/v · (z/t)² (worked by hand); without variation n; below 30 images none', () => {
  const rates = Float64Array.from([0.16, 0.24]);
  const one = group({ images: 100, clusters: 40, rate: 0.2, rates });
  expect(rateOf({ ...one, rates: new Float64Array(2).fill(0.2) }, BY_IMAGE).interval).toEqual(
    Object.values(wilson(20, 100)),
  );
  // v = .0032 and t = 2.022691 with 39 degrees of freedom, so n* = 50 · .938938 = 46.9.
  expect(rateOf(one, BY_WRITER)).toEqual({
    images: 100,
    writers: 40,
    rate: 0.2,
    interval: Object.values(wilson(0.2 * 47, 47)),
  });
  // Half of v is over two seeds: ν = .0032² / (.0016² / 1 + .0016² / 39) = 3.9, t = 2.804614, n* = 50 · .488374 = 24.4.
  const two = { ...one, seedRates: rates };
  expect(rateOf(two, BY_WRITER).interval).toEqual(Object.values(wilson(0.2 * 24, 24)));
  expect(rateOf({ ...one, images: 29 }, BY_IMAGE).interval).toBeNull();
  expect(rateOf({ ...one, clusters: 9 }, BY_WRITER).interval).toBeNull();
  const none = { ...one, rate: 0, rates: new Float64Array(2) };
  expect(rateOf(none, BY_WRITER).interval).toEqual(Object.values(wilson(0, 40)));
  expect(rateOf({ ...one, images: 0 }, BY_IMAGE)).toEqual({
    images: 0,
    writers: null,
    rate: null,
    interval: null,
  });
});
