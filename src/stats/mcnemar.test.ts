import { expect, test } from 'vitest';
import fixture from './fixtures/comparisons.json' with { type: 'json' };
import { mcnemar, pairedAnswers } from './mcnemar.ts';

test.each(fixture.mcnemar)('McNemar for $b and $c agrees with exact fractions within 1e-11', (table) => {
  const { exactP, midP } = mcnemar(table.b, table.c);
  expect(exactP / table.exactP - 1).toBeCloseTo(0, 11);
  expect(midP / table.midP - 1).toBeCloseTo(0, 11);
  expect(mcnemar(table.c, table.b)).toMatchObject({ exactP, midP });
});

test('worked by hand: 3 against 0 has exact p = 2/8 and mid-p = 1/8; nothing discordant has p = 1, within 1e-14', () => {
  const { exactP, midP } = mcnemar(3, 0);
  expect(exactP).toBeCloseTo(0.25, 14);
  expect(midP).toBeCloseTo(0.125, 14);
  expect(mcnemar(0, 0)).toEqual({ onlyFirst: 0, onlySecond: 0, exactP: 1, midP: 1 });
});

test('counts of the four kinds of answers', () => {
  const answers = pairedAnswers(Uint8Array.of(1, 1, 0, 0, 1, 1), [1, 0, 1, 0, 0, 1]);
  expect(answers).toEqual({ both: 2, onlyFirst: 2, onlySecond: 1, neither: 1 });
});

test('counts that are not whole, unequal lengths and other answers are refused', () => {
  for (const [b, c] of [
    [-1, 0],
    [0, 0.5],
    [NaN, 1],
  ]) {
    expect(() => mcnemar(b, c)).toThrow(/whole number >= 0/);
  }
  expect(() => pairedAnswers([1], [1, 0])).toThrow(/received 1 and 2/);
  expect(() => pairedAnswers([1, 2], [1, 0])).toThrow(/received 2 at position 1/);
  expect(() => pairedAnswers([1, 1], [1, NaN])).toThrow(/received NaN/);
});
