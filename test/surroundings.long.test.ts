import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { dactyl, type Ended, MAIN, run, signalled, temporaryFolder } from './support/dactyl.ts';
import { endedTrials, expectOneLine, fileOf, LONG, STUDY } from './support/studies.ts';

/** Planning it, which is 200,000 keys, takes seconds. */
const LARGE = {
  ...STUDY,
  name: 'large',
  arms: Object.fromEntries(
    Array.from({ length: 20 }, (_, k) => [`rate-${k}`, { learningRate: (k + 1) / 1000 }]),
  ),
  seeds: 10_000,
};

/** `script` in a shell, with the command line and its arguments as `"$@"`. */
const inShell = (script: string, args: readonly string[], cwd?: string): Promise<Ended> =>
  run('sh', ['-c', script, 'sh', process.execPath, MAIN, ...args], cwd === undefined ? {} : { cwd });

describe('too few file descriptors', () => {
  test('for the threads of a study: one line, no lock left', async () => {
    const place = temporaryFolder();
    const args = ['study', 'run', fileOf(STUDY, place), '--out', place, '--jobs', '2', '--quiet'];
    expectOneLine(
      await inShell('ulimit -n 24; exec "$@"', args),
      /too many files are open \(EMFILE\)\. Raise the limit of open files \(ulimit -n 1024\).*E_FILE/,
    );
    expect(existsSync(join(place, 'tiny', 'lock.json'))).toBe(false);
  });

  test('for the thread of judge', async () => {
    const file = predictions(temporaryFolder(), 100);
    expectOneLine(
      await inShell('ulimit -n 24; exec "$@"', ['judge', file]),
      /too many files are open \(EMFILE\)\. Raise the limit.*E_FILE/,
    );
  });
});

test.each([
  [['data'], /Cannot write to the folder runs: nothing can be made there, or the working folder is gone/],
  [['compare', '--quick'], /The working folder is gone; go to another one\. \[E_FILE\]/],
  [['study', 'run', 'study.json'], /Cannot read study\.json: it does not exist/],
  [['evaluate', 'digits.safetensors'], /digits\.safetensors: it does not exist/],
])('a working folder that was removed: dactyl %j ends with one line', async (args, line) => {
  const gone = join(temporaryFolder(), 'gone');
  mkdirSync(gone);
  expectOneLine(await inShell('rmdir "$PWD" && exec "$@"', args, gone), line);
});

describe('signals', () => {
  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)(
    '%s while a study is planned: exit code %d, nothing trained, no lock left',
    async (name, code) => {
      const place = temporaryFolder();
      const ended = await signalled(['study', 'run', fileOf(LARGE, place), '--out', place], name, 300);
      expect(ended.exit).toBe(code);
      expect(ended.stderr).toMatch(/^dactyl: Stopped.*\n$/);
      // Promised is one second; the rest is for a machine with other work.
      expect(ended.milliseconds).toBeLessThan(3000);
      expect(existsSync(join(place, 'large', 'lock.json'))).toBe(false);
      if (existsSync(join(place, 'trials'))) expect(endedTrials(place)).toEqual([]);
    },
  );

  test('SIGINT while judge reads a million rows: exit code 130, no page', async () => {
    const place = temporaryFolder();
    const page = join(place, 'page.html');
    const file = predictions(place, 1_000_000);
    const ended = await signalled(['judge', file, file, '--out', page], 'SIGINT', 300);
    expect(ended.exit).toBe(130);
    expect(ended.stderr).toBe('dactyl: Judging was stopped on request; nothing was written.\n');
    expect(ended.milliseconds).toBeLessThan(3000);
    expect(existsSync(page)).toBe(false);
  });
});

test.each([
  ['that is trained', { ...LONG, seeds: 4 }],
  ['that is planned', LARGE],
])(
  'a pipe that is closed after the first line of a study %s: exit code 141, no lock left',
  async (_, study) => {
    const place = temporaryFolder();
    const { stdout, stderr } = await inShell('{ "$@"; echo "ended with $?" >&2; } | head -1', [
      ...['study', 'run', fileOf(study, place), '--out', place],
    ]);
    expect(stdout).toBe(`${study.name}\n`);
    expect(stderr).toMatch(/^(dactyl: Stopped.*\n)?ended with 141\n$/);
    expect(existsSync(join(place, study.name, 'lock.json'))).toBe(false);
    expect(existsSync(join(place, study.name, 'results.json'))).toBe(false);
  },
);

describe('options without effect are said', () => {
  const NOWHERE = 'nowhere.json';
  test.each([
    [['compare', '--json', '--quiet', '--out', '/dev/null/runs'], ['--quiet is ignored with --json.']],
    [
      ['tune', NOWHERE, '--dry-run', '--events', '-', '--quiet'],
      ['--events is ignored with --dry-run.', '--quiet is ignored with --dry-run.'],
    ],
    [['judge', NOWHERE, '--rope', '1'], ['--rope is ignored with one file, which is compared with nothing.']],
    [
      ['data', '--out', '/dev/null/figures', 'writers', '--from', NOWHERE, '--out', '/dev/null/data'],
      ['--out is ignored before writers: give it after.'],
    ],
  ])('dactyl %j', async (args, said) => {
    const { exit, stderr } = await dactyl(args);
    // The last line is about the file that is not there: the words come before any work.
    expect(stderr.trimEnd().split('\n').slice(0, -1)).toEqual(said.map((line) => `dactyl: ${line}`));
    expect(exit).toBe(1);
  });
});

/** Of three classes, every seventh answer wrong. */
function predictions(folder: string, rows: number): string {
  const path = join(folder, `${rows}.csv`);
  const lines = Array.from({ length: rows }, (_, i) => `${i % 3},${(i + Number(i % 7 === 0)) % 3}`);
  writeFileSync(path, `label,predicted\n${lines.join('\n')}\n`);
  return path;
}
