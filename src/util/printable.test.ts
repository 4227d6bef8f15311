import { expect, test } from 'vitest';
import { printable } from './printable.ts';

test.each([
  ['\x1b[31mred.csv', String.raw`\u001b[31mred.csv`],
  ['\x9b31m', String.raw`\u009b31m`],
  ['a\rb\0\x07\x7f', String.raw`a\u000db\u0000\u0007\u007f`],
  ['cat\u202egpj.exe', String.raw`cat\u202egpj.exe`],
  ['\ud83d', String.raw`\ud83d`],
  ['Größe\t7 → 1\n“é” 數字 👍🏽', 'Größe\t7 → 1\n“é” 數字 👍🏽'],
])('%j is printed as %j', (text, expected) => {
  expect(printable(text)).toBe(expected);
  expect(printable(expected)).toBe(expected);
});

test('JSON keeps its meaning', () => {
  const value = { file: '\x1b[31m\x9b\u202e\ud83d\n.csv' };
  expect(JSON.parse(printable(JSON.stringify(value)))).toEqual(value);
});
