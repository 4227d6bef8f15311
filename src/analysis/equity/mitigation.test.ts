import { expect, test } from 'vitest';
import fixture from '../../../test/fixtures/equity.json' with { type: 'json' };
import type { ArmEquity, NetworkErrors } from './measure.ts';
import { mitigationOf } from './mitigation.ts';

const network = (seed: number, students: number, employees: number): NetworkErrors => ({
  seed,
  hash: '',
  error: (students + employees) / 2,
  population: [students, employees],
  ranges: [students - employees, null],
});
const arm = (name: string, activation: string, networks: NetworkErrors[]) =>
  ({ arm: name, activation, networks }) as unknown as ArmEquity;
const families = [
  { name: 'population', slices: 2 },
  { name: 'digit', slices: 10 },
] as const;

test('changes are paired by seed, against the first arm of the activation; intervals within 1e-11 of SciPy', () => {
  const arms = [
    arm('paper', 'relu', [
      network(1, 0.1, 0.04),
      network(2, 0.1, 0.04),
      network(3, 0.1, 0.04),
      network(9, 1, 1),
    ]),
    arm('tanh', 'tanh', [network(1, 0.1, 0.05)]),
    arm('other', 'relu', [network(3, 0.13, 0.07), network(1, 0.11, 0.07), network(2, 0.12, 0.07)]),
  ];
  const [effect, ...rest] = mitigationOf({ arms, families });
  expect(rest).toEqual([]);
  expect(effect).toMatchObject({ arm: 'other', baseline: 'paper', activation: 'relu', pairs: 3 });
  const { students, employees, gap, gapBefore, gapAfter } = effect.population!;
  expect(students.mean).toBeCloseTo(0.02, 12);
  expect(students.interval![0]).toBeCloseTo(fixture.student.low, 11);
  expect(students.interval![1]).toBeCloseTo(fixture.student.high, 11);
  expect(employees.mean).toBeCloseTo(0.03, 12);
  expect(gap.mean).toBeCloseTo(-0.01, 12);
  expect([gapBefore, gapAfter].map((one) => one.toFixed(6))).toEqual(['0.060000', '0.050000']);
  expect(
    [effect.population!.ratioBefore!, effect.population!.ratioAfter!].map((one) => one.toFixed(6)),
  ).toEqual(['2.500000', '1.714286']);
  expect(effect.error.mean).toBeCloseTo(0.025, 12);
  expect(effect.ranges.map(({ change }) => change === null)).toEqual([false, true]);
});

test('one pair has no interval; arms without a common seed are not compared', () => {
  const [one] = mitigationOf({
    arms: [arm('a', 'relu', [network(1, 0.1, 0.1)]), arm('b', 'relu', [network(1, 0.2, 0.1)])],
    families,
  });
  expect(one.error).toEqual({ mean: expect.closeTo(0.05, 12) as number, interval: null });
  const apart = [arm('a', 'relu', [network(1, 0.1, 0.1)]), arm('b', 'relu', [network(2, 0.2, 0.1)])];
  expect(mitigationOf({ arms: apart, families })).toEqual([]);
});
