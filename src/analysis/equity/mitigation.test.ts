import { expect, test } from 'vitest';
import fixture from '../../../test/fixtures/equity.json' with { type: 'json' };
import { type AnsweredArm, recipeEffects } from './mitigation.ts';
import type { SliceFamily } from './slices.ts';

const { writer, before, after, gap, student, gapInterval, ratio, ratioInterval } = fixture.mitigated;
const populations = Uint8Array.from(writer, (one) => one % 2);
const labels = new Uint8Array(writer.length);
const families: SliceFamily[] = [
  { name: 'population', slices: 2, of: populations },
  { name: 'digit', slices: 10, of: labels },
];

function arm(name: string, activation: string, answers: Record<number, string>, range = 0.1): AnsweredArm {
  const seeds = Object.keys(answers).map(Number);
  return {
    arm: name,
    activation,
    networks: seeds.map((seed) => ({ seed, ranges: [range * seed, null] })),
    predicted: seeds.map((seed) => Uint8Array.from(answers[seed], Number)),
  };
}

const input = {
  labels,
  families,
  populations,
  drawing: { clusters: writer },
  resamples: 20_000,
};

test('changes are paired by seed, against the first arm of the activation; over seeds SciPy’s within 1e-11, over seeds and writers NumPy’s within 5 % of their length', () => {
  const wrong = '1'.repeat(writer.length);
  const [effect, ...rest] = recipeEffects(
    [
      arm('paper', 'relu', { 1: before[0], 2: before[1], 3: before[2], 9: wrong }),
      arm('tanh', 'tanh', { 1: after[0] }),
      arm('other', 'relu', { 3: after[2], 1: after[0], 2: after[1] }, 0.3),
    ],
    input,
  );
  expect(rest).toEqual([]);
  expect(effect).toMatchObject({ arm: 'other', baseline: 'paper', activation: 'relu', pairs: 3 });
  const found = effect.population!;
  expect(found.gapBefore).toBeCloseTo(gap[0], 12);
  expect(found.gapAfter).toBeCloseTo(gap[1], 12);
  expect(found.gap.mean).toBeCloseTo(gap[1] - gap[0], 12);
  expect(found.ratio!.before).toBeCloseTo(ratio[0], 12);
  expect(found.ratio!.after).toBeCloseTo(ratio[1], 12);
  [0, 1].forEach((end) => {
    expect(found.gap.interval![end]).toBeCloseTo(student[end], 11);
    expect(Math.abs(found.gap.crossed![end] - gapInterval[end])).toBeLessThan(
      0.05 * (gapInterval[1] - gapInterval[0]),
    );
    expect(Math.abs(found.ratio!.crossed![end] - ratioInterval[end])).toBeLessThan(
      0.05 * (ratioInterval[1] - ratioInterval[0]),
    );
  });
  // Students and employees alone, and all, are the same sums.
  expect(found.students.mean - found.employees.mean).toBeCloseTo(found.gap.mean, 12);
  const share = populations.filter((one) => one === 0).length / populations.length;
  expect(effect.error.mean).toBeCloseTo(share * found.students.mean + (1 - share) * found.employees.mean, 12);
  // Ranges .1, .2, .3 become .3, .6, .9.
  expect(effect.ranges[0].change!.mean).toBeCloseTo(0.4, 12);
  expect(effect.ranges[1].change).toBeNull();
});

test('one pair has no interval; arms without a common seed are not compared; without populations there is the error only', () => {
  const pair = [arm('a', 'relu', { 1: before[0] }), arm('b', 'relu', { 1: after[0] })];
  const [one] = recipeEffects(pair, { ...input, resamples: 20 });
  expect([one.error.interval, one.error.crossed, one.population!.gap.crossed]).toEqual([null, null, null]);
  expect(one.population!.ratio!.crossed).toBeNull();
  const [unknown] = recipeEffects(pair, { ...input, populations: null, resamples: 20 });
  expect(unknown.population).toBeNull();
  const apart = [arm('a', 'relu', { 1: before[0] }), arm('b', 'relu', { 2: after[0] })];
  expect(recipeEffects(apart, input)).toEqual([]);
});

test('where some resamples have no error of the employees, the ratio is told without an interval', () => {
  const only = populations.indexOf(1);
  const few = Array.from(populations, (one, i) => Number(one === 0 ? i % 7 === 0 : i === only)).join('');
  const pair = ['a', 'b'].map((name) => arm(name, 'relu', { 1: few, 2: few, 3: few }));
  const found = recipeEffects(pair, { ...input, resamples: 500 })[0].population!;
  expect(Number.isFinite(found.ratio!.before)).toBe(true);
  expect(found.ratio!.crossed).toBeNull();
  expect(found.gap.crossed).not.toBeNull();
});

test('where one population makes no error, the gap is the other’s change with its interval, turned where it is the employees’', () => {
  const wrong = (population: number, every: number) =>
    Array.from(populations, (one, i) => Number(one === population && i % every === 0)).join('');
  for (const population of [0, 1]) {
    const [from, to] = [wrong(population, 3), wrong(population, 5)];
    const pair = [arm('a', 'relu', { 1: from, 2: from }), arm('b', 'relu', { 1: to, 2: to })];
    const { population: found } = recipeEffects(pair, { ...input, resamples: 500 })[0];
    const { gap: change, students, employees } = found!;
    const own = population === 0 ? students.crossed! : employees.crossed!.map((end) => -end).toReversed();
    own.forEach((end, k) => {
      expect(change.crossed![k]).toBeCloseTo(end, 12);
    });
  }
});
