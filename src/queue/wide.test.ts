import { afterEach, expect, test } from 'vitest';
import { turnOnWide, wideInEnvironment } from './wide.ts';

const before = process.env.DACTYL_WIDE;
afterEach(() => {
  if (before === undefined) delete process.env.DACTYL_WIDE;
  else process.env.DACTYL_WIDE = before;
});

test('wide is refused in a sentence on a V8 that it was not tried on', () => {
  expect(() => {
    turnOnWide('99.1 x64');
  }).toThrow(
    expect.objectContaining({
      code: 'E_ARGUMENT',
      message: expect.stringMatching(
        /^wide: expected a V8 on which every kernel was tried so \(.*\), received 99\.1 x64 \(Node .*\)\. Leave it out/,
      ) as string,
    }),
  );
});

test('DACTYL_WIDE is 1 or 0; nothing is 0', () => {
  delete process.env.DACTYL_WIDE;
  expect(wideInEnvironment()).toBe(false);
  for (const [value, expected] of [
    ['', false],
    ['0', false],
    ['1', true],
  ] as const) {
    process.env.DACTYL_WIDE = value;
    expect(wideInEnvironment()).toBe(expected);
  }
  process.env.DACTYL_WIDE = 'yes';
  expect(() => wideInEnvironment()).toThrow("DACTYL_WIDE: expected 1 or 0, received 'yes'.");
});
