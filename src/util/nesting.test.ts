import { expect, test } from 'vitest';
import { placeBelow } from './nesting.ts';

test('the first bracket too deep, by hand; those in strings do not count', () => {
  expect(placeBelow('{"a":[[1],[2]]}', 3)).toBeUndefined();
  expect(placeBelow('{"a":[[1],[2]]}', 2)).toBe(6);
  expect(placeBelow('["[[[[","\\\\","\\"[[[["]', 1)).toBeUndefined();
  expect(placeBelow('["\\"",[[', 1)).toBe(6);
});

test('a string without an end ends with its line, as a JSON parser that goes on takes it', () => {
  expect(placeBelow('["a\n[[', 2)).toBe(5);
});

test('300,000 brackets', () => {
  expect(placeBelow('['.repeat(300_000), 64)).toBe(64);
});
