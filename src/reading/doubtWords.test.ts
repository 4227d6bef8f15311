import { expect, test } from 'vitest';
import { doubtWords } from './doubtWords.ts';

const digits = (...reasons: (string | undefined)[]) =>
  reasons.map((notSure) => (notSure === undefined ? {} : { notSure }));

test('none, one, two, three and more digits that are not sure', () => {
  expect(doubtWords([])).toBeUndefined();
  expect(doubtWords(digits(undefined, undefined))).toBeUndefined();
  expect(doubtWords(digits('a'))).toBe('a');
  expect(doubtWords(digits(undefined, 'b', undefined))).toBe('b');
  expect(doubtWords(digits(undefined, 'b', undefined, 'd'))).toBe(
    '2 of 4 digits, at places 2 and 4; the first of them: b',
  );
  expect(doubtWords(digits('a', 'b', 'c'))).toBe('3 of 3 digits, at places 1, 2 and 3; the first of them: a');
  expect(doubtWords(digits('a', undefined, 'c', 'd', 'e'))).toBe(
    '4 of 5 digits, at places 1, 3, 4, …; the first of them: a',
  );
});
