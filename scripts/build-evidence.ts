/**
 * npm run build:evidence: runs the tests of the server and writes what they have seen to src/report/evaluation/serving/servingEvidence.ts, with version and date;
 * only where all of them pass.
 */
import { spawnSync } from 'node:child_process';
import { globSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as prettier from 'prettier';
import type { Finding } from '../src/report/evaluation/serving/evidence.ts';
import { FINDINGS } from '../test/support/evidenceFolder.ts';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const TARGET = at('../src/report/evaluation/serving/servingEvidence.ts');

rmSync(FINDINGS, { recursive: true, force: true });
const textOf = (path: string): string => readFileSync(at(`../${path}`), 'utf8');
const suites = globSync('test/support/*.ts', { cwd: at('..') })
  .filter((path) => textOf(path).includes("'./evidence.ts'"))
  .map((path) => basename(path));
const tests = globSync(['test/**/*.test.ts', 'src/server/**/*.test.ts'], { cwd: at('..') }).filter((path) =>
  ['evidence.ts', ...suites].some((name) => textOf(path).includes(`support/${name}'`)),
);
const vitest = at('../node_modules/vitest/vitest.mjs');
const { status } = spawnSync(process.execPath, [vitest, 'run', ...tests], {
  stdio: 'inherit',
  cwd: at('..'),
});
if (status !== 0) {
  console.error('The evidence stays as it was: a test has failed.');
  process.exit(1);
}
const findings = readdirSync(FINDINGS)
  .sort()
  .map((name) => JSON.parse(readFileSync(`${FINDINGS}/${name}`, 'utf8')) as Finding);
const { version } = JSON.parse(readFileSync(at('../package.json'), 'utf8')) as { version: string };
const date = new Date().toISOString().slice(0, 10);
const text = `// Written by \`npm run build:evidence\` from what the server's tests have seen; not by hand.
import type { ServingEvidence } from './evidence.ts';

export const SERVING_EVIDENCE: ServingEvidence = ${JSON.stringify({ version, date, findings })};
`;
const options = await prettier.resolveConfig(TARGET);
writeFileSync(TARGET, await prettier.format(text, { ...options, filepath: TARGET }));
console.log(`${findings.length} findings of ${tests.length} files: ${TARGET}`);
