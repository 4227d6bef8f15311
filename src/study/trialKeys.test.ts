import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { plannedKeys, shippedStudies } from './fixtures/plannedKeys.ts';

/** As they were before a recipe could name its layers. */
const KEYS = JSON.parse(
  readFileSync(new URL('./fixtures/trialKeys.json', import.meta.url), 'utf8'),
) as Record<string, Record<string, string>>;

test.each(Object.keys(KEYS))('the trials of studies/%s keep their keys', (file) => {
  expect(plannedKeys(file)).toEqual(KEYS[file]);
});

test('every shipped study has its keys here', () => {
  expect(Object.keys(KEYS)).toEqual(shippedStudies());
});
