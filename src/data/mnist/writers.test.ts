import { expect, test } from 'vitest';
import { testPopulation, trainPopulation } from './writers.ts';

const studentsAmong = (n: number, populationOf: (index: number) => string): number =>
  Array.from({ length: n }, (_, i) => populationOf(i)).filter((population) => population === 'student')
    .length;

test('29,050 training images are students’, 30,950 employees’', () => {
  expect(studentsAmong(60_000, trainPopulation)).toBe(29_050);
  expect([0, 1, 58_097, 58_098, 58_099, 58_100].map(trainPopulation)).toEqual([
    'student',
    'employee',
    'employee',
    'student',
    'employee',
    'employee',
  ]);
});

test('the first 5,001 test images are students’, the last 4,999 employees’', () => {
  expect(studentsAmong(10_000, testPopulation)).toBe(5_001);
  expect([0, 5_000, 5_001, 9_999].map(testPopulation)).toEqual([
    'student',
    'student',
    'employee',
    'employee',
  ]);
});

test('indices outside the data are refused', () => {
  for (const index of [-1, 60_000, 1.5, NaN]) expect(() => trainPopulation(index)).toThrow(/from 0 to 59999/);
  expect(() => testPopulation(10_000)).toThrow(/from 0 to 9999, received 10000/);
});
