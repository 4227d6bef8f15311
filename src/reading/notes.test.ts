import { expect, test } from 'vitest';
import type { DigitReading, NumberReading } from './answer.ts';
import { notesOn } from './notes.ts';

const strange = { none: 0.9, confidence: 0.05 } as DigitReading;
const clear = { none: 0, confidence: 0.99 } as DigitReading;
const numberOf = (...digits: DigitReading[]): NumberReading => ({ digits }) as unknown as NumberReading;

test.each<[string, NumberReading[], number, string[]]>([
  ['nothing', [], 0, ['No digit was found.']],
  ["one '?'", [numberOf(strange)], 0, ['1 mark looks like no digit.']],
  ["a digit and two '?'", [numberOf(strange, clear), numberOf(strange)], 0, ['2 marks look like no digit.']],
  ['a digit and an underline', [numberOf(clear)], 1, ['1 mark looks like no digit.']],
  ['an underline alone', [], 1, ['No digit was found.', '1 mark looks like no digit.']],
  ['digits', [numberOf(clear, clear)], 0, []],
])('%s: the notes contradict no line', (_, numbers, apart, notes) => {
  expect(notesOn(numbers, { apart })).toEqual(notes);
});

test('lines of the paper that were erased: what was written along them may be lost, and is said to', () => {
  expect(notesOn([numberOf(clear)], { lines: 4 })).toEqual([
    '4 ruled lines or boxes were taken for paper; ink under or beside them may not have been read.',
  ]);
});
