import { existsSync, globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { SERVING_EVIDENCE } from './servingEvidence.ts';

const written = globSync(['test/**/*.ts', 'src/server/**/*.test.ts'])
  .map((path) => readFileSync(path, 'utf8'))
  .join('\n');
const { findings, date } = SERVING_EVIDENCE;

test('each finding is written by a test that still exists, and the four points of a server have some', () => {
  for (const { id, test: path, says } of findings) {
    expect(existsSync(path), path).toBe(true);
    expect(written, id).toContain(`id: '${id}'`);
    expect(says).toMatch(/^[A-Z5].*\.$/);
  }
  expect(new Set(findings.map(({ id }) => id)).size).toBe(findings.length);
  expect([...new Set(findings.flatMap(({ points }) => points))].sort()).toEqual(['E11', 'E5', 'E7', 'E9']);
  expect(date).toMatch(/^\d{4}-\d\d-\d\d$/);
});
