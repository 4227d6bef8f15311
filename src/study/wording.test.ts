import { expect, test } from 'vitest';
import {
  activationName,
  capitalised,
  countOf,
  fixed,
  grouped,
  listOf,
  percent,
  points,
  signed,
} from './wording.ts';

test('numbers have a real minus, no sign at zero, and no-break spaces before units', () => {
  expect(fixed(-0.126, 2)).toBe('−0.13');
  expect(fixed(-0.001, 2)).toBe('0.00');
  expect(signed(0.126, 2)).toBe('+0.13');
  expect(signed(0.001, 2)).toBe('0.00');
  expect(percent(0.9762)).toBe('97.62\u00a0%');
  expect(percent(0.98, 0)).toBe('98\u00a0%');
  expect(points(-0.0033)).toBe('−0.33\u00a0points');
  expect(fixed(Number.NaN, 2)).toBe('undefined');
});

test('thousands are set off by commas', () => {
  expect(grouped(7)).toBe('7');
  expect(grouped(1135)).toBe('1,135');
  expect(grouped(47040016)).toBe('47,040,016');
});

test('counts are words up to twelve and agree in number', () => {
  expect(countOf(1, 'seed')).toBe('one\u00a0seed');
  expect(countOf(5, 'seed')).toBe('five\u00a0seeds');
  expect(countOf(13, 'seed')).toBe('13\u00a0seeds');
});

test('lists end with and', () => {
  expect(listOf([])).toBe('');
  expect(listOf(['a'])).toBe('a');
  expect(listOf(['a', 'b'])).toBe('a and b');
  expect(listOf(['a', 'b', 'c'])).toBe('a, b and c');
});

test('an activation outside the table keeps its own name', () => {
  expect(activationName('relu')).toBe('ReLU');
  expect(activationName('toString')).toBe('toString');
  expect(capitalised('five')).toBe('Five');
});
