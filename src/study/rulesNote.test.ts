import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { sha256Hex } from '../util/hash.ts';
import { RULES_NOTE } from './rulesNote.ts';

test('the note with the rules is the file whose hash the reports state', () => {
  const bytes = readFileSync(new URL(`../../${RULES_NOTE.path}`, import.meta.url));
  expect(sha256Hex(bytes)).toBe(RULES_NOTE.sha256);
});
