import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  CONTROL_CODES,
  dactyl,
  type Ended,
  keptTrials,
  MAIN,
  run,
  temporaryFolder,
  TINY,
} from './support/dactyl.ts';
import { expectOneLine } from './support/studies.ts';

const COLOURS = /\u001b\[[0-9;]*m/;

describe('help', () => {
  test.each([
    [[], ['compare', 'study', 'data', 'verify', '--version']],
    [['study'], ['run', 'resume', 'status', 'report']],
    [
      ['study', 'run'],
      ['<file>', '--out', '--jobs', '--writers', '--events', '--dry-run', 'Examples:'],
    ],
    [
      ['study', 'resume'],
      ['<folder>', '--jobs', '--writers', '--events'],
    ],
    [['study', 'status'], ['<folder>']],
    [['study', 'report'], ['<folder>']],
    [
      ['data', 'writers'],
      ['--url', '--from', '--out', 'Examples:'],
    ],
    [['compare'], ['--activations', '--seeds', '--validation', '--out', '--quick', '--json', 'Examples:']],
    [['data'], ['--out', 'Example:']],
    [['verify'], ['<run>', '[trial]', 'Examples:']],
  ])('dactyl %j --help names %j, on lines of at most 100 characters', async (command, words) => {
    const { exit, stdout, stderr } = await dactyl([...command, '--help']);
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    for (const word of words) expect(stdout).toContain(word);
    expect(Math.max(...stdout.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(100);
  });

  test('--version is the one in package.json', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect((await dactyl(['--version'])).stdout).toBe(`${version}\n`);
  });
});

describe('data', () => {
  test('prints the shapes of the paper, counts, checksums, and draws the first ten images', async () => {
    const place = temporaryFolder();
    const { exit, stdout } = await dactyl(['data', '--out', place]);
    expect(exit).toBe(0);
    expect(stdout.split('\n').slice(0, 2)).toEqual([
      'Training data shape: (60000, 28, 28)',
      'Test data shape: (10000, 28, 28)',
    ]);
    expect(stdout).toMatch(/Training +5,923 +6,742 .* 60,000\n/);
    expect(stdout).toMatch(/Test +980 +1,135 .* 10,000\n/);
    expect(stdout).toContain('ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db');
    expect(stdout).not.toMatch(CONTROL_CODES);
    expect(readdirSync(place).sort()).toEqual(['sample-images.png', 'sample-images.svg']);
  });
});

describe('errors are one line on standard error, exit code 1, no stack', () => {
  test.each([
    [['compre'], /unknown command 'compre'.*compare/],
    [['compare', '--sedes', '3'], /unknown option '--sedes'.*--seeds/],
    [['compare', '--seeds', 'x'], /--seeds <n>.*a whole number from 1 to 1000; received 'x'/],
    [['compare', '--seeds', '0'], /a whole number from 1 to 1000; received '0'/],
    [['compare', '--units', '64,,32'], /a whole number from 1 to 65536; received ''/],
    [['compare', '--dropout', '1'], /from 0 to below 1; received '1'/],
    [['compare', '--learning-rate', '-1'], /a number > 0; received '-1'/],
    [['compare', '--optimizer', 'lion'], /--optimizer.*'lion'.*adam, sgd/],
    [['compare', '--activations', 'relu'], /two or more activations.*received 'relu'/],
    [['compare', '--activations', 'relu,relu'], /different activations/],
    [['compare', '--activations', 'relu,tangens'], /expected one of linear, relu.*received 'tangens'/],
    [['compare', 'more'], /too many arguments/],
    [['verify'], /missing required argument 'run'/],
    [['verify', 'nowhere'], /nowhere\/results\.json: it does not exist.*E_FILE/],
  ])('dactyl %j', async (args, line) => {
    expectOneLine(await dactyl(args), line);
  });

  test.each([[['compare']], [['data']]])('%j into a folder with a file in the way', async (command) => {
    const place = temporaryFolder();
    writeFileSync(join(place, 'file'), '');
    expectOneLine(
      await dactyl([...command, '--out', join(place, 'file', 'runs')]),
      /file\/runs.*a part of the path is a file/,
    );
  });

  test('a learning rate that explodes names the arm, the epoch and the step; each failure is kept', async () => {
    const place = temporaryFolder();
    const ended = await dactyl([...TINY, '--learning-rate', '1e30', '--out', place]);
    expectOneLine(ended, /Every trial failed.*relu, seed 1: The loss.*epoch 1.*step.*E_NUMERIC/);
    expect(ended.stdout.match(/^Failed: (ReLU|Tanh), seed \d: .*epoch 1.*step /gm)).toHaveLength(4);
    expect(keptTrials(place)).toHaveLength(4);
  });

  test.skipIf(!existsSync('/dev/full'))('standard output on a full disk', async () => {
    const place = temporaryFolder();
    const ended = await run('sh', [
      '-c',
      '"$@" > /dev/full',
      'sh',
      process.execPath,
      MAIN,
      ...['data', '--out', place],
    ]);
    expectOneLine(ended, /Cannot write to standard output: ENOSPC/);
  });
});

const hasScript = spawnSync('script', ['--version']).status === 0;

describe('colours (needs the command script)', () => {
  /** On a terminal of its own. */
  const onTerminal = (args: string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> => {
    const command = [process.execPath, MAIN, ...args].map((word) => `'${word}'`).join(' ');
    return run('script', ['-qec', command, '/dev/null'], {
      env: { CI: undefined, TERM: 'xterm-256color', ...env },
    });
  };

  test.skipIf(!hasScript)('on a terminal; none with --no-color or NO_COLOR', async () => {
    const place = temporaryFolder();
    const data = ['data', '--out', place];
    expect((await onTerminal(data)).stdout).toMatch(COLOURS);
    expect((await onTerminal([...data, '--no-color'])).stdout).not.toMatch(COLOURS);
    expect((await onTerminal(data, { NO_COLOR: '1' })).stdout).not.toMatch(COLOURS);
  });

  test.skipIf(!hasScript)('live progress with the time left is drawn on a terminal, and erased', async () => {
    const { stdout } = await onTerminal([...TINY, '--out', temporaryFolder()]);
    expect(stdout).toMatch(/\d+ % +\d+ s left/);
  });
});
