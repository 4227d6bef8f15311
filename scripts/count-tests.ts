/**
 * Prints 'N passed, N failed' from the JSON report of vitest. Exits with 1 if a test failed, none ran, or one was skipped that
 * has to run where changes are checked.
 *
 *     node scripts/count-tests.ts <report> <exit code of vitest> <number of failed steps besides the tests>
 */
import { existsSync, readFileSync } from 'node:fs';

interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

/** These files are skipped by name on a machine that lacks what they need. */
const HAS_TO_RUN = ['test/browser.test.ts', 'test/runtimes.test.ts'];

const [path, exitCode, failedSteps] = process.argv.slice(2);
const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
const { testResults } = (text === '' ? { testResults: [] } : JSON.parse(text)) as Report;

let passed = 0;
let failed = Number(failedSteps);
const skipped: string[] = [];
for (const { name, status, assertionResults } of testResults) {
  const failures = assertionResults.filter((test) => test.status === 'failed').length;
  passed += assertionResults.filter((test) => test.status === 'passed').length;
  // A file that does not load has no tests.
  failed += failures === 0 && status === 'failed' ? 1 : failures;
  for (const test of assertionResults) {
    if (!['skipped', 'pending', 'todo', 'disabled'].includes(test.status)) continue;
    console.log(`skipped: ${test.fullName}`);
    if (HAS_TO_RUN.some((file) => name.endsWith(file))) skipped.push(test.fullName);
  }
}
for (const name of skipped) console.log(`skipped, but has to run here: ${name}`);
failed += skipped.length;
// None ran, or something went wrong that is no test.
if (failed === 0 && (passed === 0 || Number(exitCode) !== 0)) failed = 1;
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
