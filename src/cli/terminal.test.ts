import { afterEach, expect, test, vi } from 'vitest';
import { alignColumns, print, styled, warn } from './terminal.ts';

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

function written(stream: 'stdout' | 'stderr', act: () => void): string {
  const write = vi.spyOn(process[stream], 'write').mockImplementation(() => true);
  act();
  return write.mock.calls.map(([text]) => String(text)).join('');
}

test('our styles reach a terminal with colours, escape codes in the text do not', () => {
  vi.spyOn(process, 'stdout', 'get').mockReturnValue(
    Object.assign(Object.create(process.stdout) as typeof process.stdout, {
      isTTY: true,
      hasColors: () => true,
    }),
  );
  const text = written('stdout', () => {
    print(`${styled('bold', 'my\x1b[31m.csv')} and \x1b]0;title\x07`);
  });
  expect(text).toBe('\x1b[1mmy\\u001b[31m.csv\x1b[22m and \\u001b]0;title\\u0007\n');
});

test('a warning is one line without control codes', () => {
  expect(
    written('stderr', () => {
      warn('a\x1b[2J\nb.csv: expected');
    }),
  ).toBe('dactyl: a\\u001b[2J b.csv: expected\n');
});

test('columns are aligned by what is printed', () => {
  expect(
    alignColumns([
      ['a\x07', '1'],
      ['longer name', '22'],
    ]),
  ).toEqual(['a\\u0007       1', 'longer name  22']);
});
