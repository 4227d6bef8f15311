import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Random } from '../../util/random.ts';
import { mnistStrata } from '../mnist/known.ts';
import { classHoldout, holdoutSize, stratifiedHoldout } from './holdout.ts';
import { trainPopulation } from '../mnist/writers.ts';

const countsOf = (strata: ArrayLike<number>, rows: Uint32Array): number[] => {
  const counts: number[] = [];
  for (const row of rows) counts[strata[row]] = (counts[strata[row]] ?? 0) + 1;
  return counts;
};

test('largest remainders by hand: 5 of strata sized 5, 3, 3 → shares 2.27, 1.36, 1.36 → 2, 2, 1', () => {
  const strata = [2, 0, 0, 1, 2, 1, 0, 0, 2, 1, 0];
  const { holdout } = stratifiedHoldout(strata, 5, new Random(0, 'holdout'));
  expect(countsOf(strata, holdout)).toEqual([2, 2, 1]);
});

test('both parts are ascending, disjoint and complete; shares are proportional to within one row', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat({ max: 4 }), { minLength: 1, maxLength: 60 }),
      fc.nat(),
      fc.integer(),
      (strata, draw, seed) => {
        const size = draw % (strata.length + 1);
        const { rest, holdout } = stratifiedHoldout(strata, size, new Random(seed, 'holdout'));
        expect(holdout).toEqual(holdout.toSorted());
        expect(rest).toEqual(rest.toSorted());
        expect(holdout.length).toBe(size);
        expect([...rest, ...holdout].sort((a, b) => a - b)).toEqual(strata.map((_, i) => i));
        const all = countsOf(
          strata,
          Uint32Array.from(strata, (_, i) => i),
        );
        const held = countsOf(strata, holdout);
        all.forEach((count, s) => {
          expect(Math.abs((held[s] ?? 0) - (count * size) / strata.length)).toBeLessThan(1);
        });
      },
    ),
  );
});

test('the same seed gives the same rows, another seed others', () => {
  const strata = Array.from({ length: 100 }, (_, i) => i % 3);
  const draw = (seed: number): Uint32Array =>
    stratifiedHoldout(strata, 30, new Random(seed, 'holdout')).holdout;
  expect(draw(0)).toEqual(draw(0));
  expect(draw(0)).not.toEqual(draw(1));
});

test('every row of a stratum can be drawn: over 400 seeds each of ten rows is held out 80 ± 40 times', () => {
  const hits = new Array<number>(10).fill(0);
  for (let seed = 0; seed < 400; seed++) {
    for (const row of stratifiedHoldout(new Uint8Array(10), 2, new Random(seed, 'holdout')).holdout)
      hits[row]++;
  }
  for (const count of hits) expect(Math.abs(count - 80)).toBeLessThan(40);
});

test('6,000 of MNIST, each class × population within one row of a tenth', () => {
  const labels = Uint8Array.from({ length: 60_000 }, (_, i) => (i * 7 + (i >> 4)) % 10);
  const groups = mnistStrata('train');
  const { rest, holdout } = classHoldout(labels, 0, groups);
  expect([rest.length, holdout.length]).toEqual([54_000, 6_000]);
  const strata = Array.from(labels, (label, i) => label * 2 + (trainPopulation(i) === 'student' ? 1 : 0));
  const all = countsOf(
    strata,
    Uint32Array.from(strata, (_, i) => i),
  );
  const held = countsOf(strata, holdout);
  expect(all).toHaveLength(20);
  all.forEach((count, s) => {
    expect(Math.abs(held[s] - count / 10)).toBeLessThan(1);
  });
  expect(classHoldout(labels, new Random(0, 'holdout'), groups).holdout).toEqual(holdout);
});

test('impossible sizes are refused', () => {
  for (const size of [-1, 4, 1.5, NaN]) {
    expect(() => stratifiedHoldout([0, 1, 0], size, new Random(0, 'holdout'))).toThrow(/from 0 to 3/);
  }
});

test('one in ten, rounded, at least one: 6,000 of 60,000, 180 of 1,797, 1 of 4', () => {
  expect([60_000, 1_797, 4].map(holdoutSize)).toEqual([6_000, 180, 1]);
});

test('any sizes, classes and groups: each class × group gives a tenth, to within one row', () => {
  const made = fc.record({
    n: fc.integer({ min: 1, max: 300 }),
    classes: fc.integer({ min: 2, max: 40 }),
    groups: fc.integer({ min: 1, max: 5 }),
    seed: fc.integer(),
  });
  fc.assert(
    fc.property(made, ({ n, classes, groups, seed }) => {
      const random = new Random(seed, 'test');
      const labels = Uint8Array.from({ length: n }, () => random.integer(classes));
      const of = Uint8Array.from({ length: n }, () => random.integer(groups));
      const names = Array.from({ length: groups }, (_, k) => String(k));
      const { rest, holdout } = classHoldout(labels, seed, { names, of });
      expect([...rest, ...holdout].sort((a, b) => a - b)).toEqual(Array.from(labels, (_, i) => i));
      for (let c = 0; c < classes; c++) {
        for (let g = 0; g < groups; g++) {
          const isIn = (row: number) => labels[row] === c && of[row] === g;
          const own = holdout.filter(isIn).length;
          const share = (holdout.length * (own + rest.filter(isIn).length)) / n;
          expect(Math.abs(own - share)).toBeLessThan(1);
        }
      }
    }),
    { numRuns: 40 },
  );
});
