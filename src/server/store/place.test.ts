import { expect, test } from 'vitest';
import { keysLieInData } from './place.ts';

test.each([
  ['by default', '', 'sqlite', true],
  ['below it', '/data/dactyl/a/keys', 'sqlite', true],
  ['beside it', '/data/dactyl-keys', 'sqlite', false],
  ['above it', '/data', 'sqlite', false],
  ['elsewhere', '/keys', 'sqlite', false],
  ['with a name of two points', '/data/dactyl/..keys', 'sqlite', true],
  ['by default, beside PostgreSQL', '', 'postgres://localhost/x', true],
  ['nowhere, of a store in memory', '', 'memory', false],
])('whether a copy of the data folder takes the keys with it: %s', (_, keysDir, store, expected) => {
  expect(keysLieInData({ dataDir: '/data/dactyl', keysDir, store })).toBe(expected);
});
