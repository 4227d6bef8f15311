/**
 * Prints 'N passed, N failed' from JSON reports of vitest. Exits with 1 if a test failed, a report has none, or one was skipped
 * that has to run where changes are checked.
 *
 *     node scripts/count-tests.ts <number of failed steps besides the tests> [<report> <exit code of vitest>]...
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
const HAS_TO_RUN = ['browser', 'bundles', 'runtimes'].map((name) => `test/${name}.long.test.ts`);

const [failedSteps, ...reports] = process.argv.slice(2);
let passed = 0;
let failed = Number(failedSteps);
const skipped: string[] = [];

/** Counts the tests of one report. */
function count(path: string, exitCode: number): void {
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const { testResults } = (text === '' ? { testResults: [] } : JSON.parse(text)) as Report;
  let passes = 0;
  let failures = 0;
  for (const { name, status, assertionResults } of testResults) {
    const inFile = assertionResults.filter((test) => test.status === 'failed').length;
    passes += assertionResults.filter((test) => test.status === 'passed').length;
    // A file that does not load has no tests.
    failures += inFile === 0 && status === 'failed' ? 1 : inFile;
    for (const test of assertionResults) {
      if (!['skipped', 'pending', 'todo', 'disabled'].includes(test.status)) continue;
      console.log(`skipped: ${test.fullName}`);
      if (HAS_TO_RUN.some((file) => name.endsWith(file))) skipped.push(test.fullName);
    }
  }
  // None ran, or something went wrong that is no test.
  if (failures === 0 && (passes === 0 || exitCode !== 0)) failures = 1;
  passed += passes;
  failed += failures;
}

for (let i = 0; i < reports.length; i += 2) count(reports[i], Number(reports[i + 1]));
for (const name of skipped) console.log(`skipped, but has to run here: ${name}`);
failed += skipped.length;
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
