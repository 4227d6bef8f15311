import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { expect } from 'vitest';
import type { Finding } from '../../src/report/evaluation/serving/evidence.ts';
import { FINDINGS } from './evidenceFolder.ts';

const ROOT = resolve(import.meta.dirname, '../..');

/** Called at the end of a test of the server, when all that it expects has held: what it has seen is kept for the critical evaluation's pages. */
export function found(finding: Omit<Finding, 'test'>): void {
  const { testPath } = expect.getState();
  const test = relative(ROOT, testPath!);
  mkdirSync(FINDINGS, { recursive: true });
  const { id, points, articles, says } = finding;
  writeFileSync(join(FINDINGS, `${id}.json`), JSON.stringify({ id, points, articles, says, test }));
}
