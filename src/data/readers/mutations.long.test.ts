import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { faultOf, fuzz, FUZZED, type FuzzedReader } from '../../../test/support/readerFuzz.ts';

const readers = Object.keys(FUZZED) as FuzzedReader[];
const CASES = new URL('fixtures/cases/', import.meta.url);

test.each(readers)(
  '%s: 10,000 damaged files are read or refused in a sentence, never anything else',
  async (reader) => {
    expect((await fuzz(reader, 10_000, 1))?.what).toBeUndefined();
  },
);

test('what once went wrong does not again', async () => {
  for (const name of readdirSync(CASES).filter((one) => !one.startsWith('.'))) {
    const reader = readers.find((one) => name.startsWith(`${one}-`));
    expect(reader, name).toBeDefined();
    const fault = await faultOf(reader!, new Uint8Array(readFileSync(new URL(name, CASES))));
    expect(fault?.what, name).toBeUndefined();
  }
});
