import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Check } from 'typebox/schema';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { Results } from '../src/study/results.ts';
import { dactyl, type Ended, keptTrials, run, temporaryFolder, TINY, TINY_NAME } from './support/dactyl.ts';

// Everything but a line feed: escapes, carriage returns, backspaces.

const CONTROL_CODES = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/;

const COLOURS = /\u001b\[[0-9;]*m/;

let out: string;
let folder: string;
let first: Ended;

/** One tiny comparison that several tests look at. */
beforeAll(async () => {
  out = mkdtempSync(join(tmpdir(), 'dactyl-test-'));
  folder = join(out, TINY_NAME);
  first = await dactyl([...TINY, '--out', out]);
});
afterAll(() => {
  rmSync(out, { recursive: true, force: true });
});

function resultsIn(path: string): Results {
  return JSON.parse(readFileSync(join(path, 'results.json'), 'utf8')) as Results;
}

/** A copy of the tiny comparison and its trials, to be damaged. */
function copy(): { out: string; folder: string } {
  const place = temporaryFolder();
  spawnSync('cp', ['-r', `${out}/.`, place]);
  return { out: place, folder: join(place, TINY_NAME) };
}

function expectOneLine({ exit, stdout, stderr }: Ended, line: RegExp): void {
  expect(stderr).toMatch(line);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  expect(stderr).not.toMatch(/\n\s+at |node:internal/);
  expect(stdout).not.toMatch(/\n\s+at /);
  expect(exit).toBe(1);
}

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

describe('compare', () => {
  test('prints the output of the paper and a conclusion, without control codes where it is piped', () => {
    expect(first.exit).toBe(0);
    expect(first.stderr).toBe('');
    expect(first.stdout).not.toMatch(CONTROL_CODES);
    for (const line of [
      /^Training data shape: \(60000, 28, 28\)\nTest data shape: \(10000, 28, 28\)\n/,
      /\n Total params: 6,370 \(24\.88 KB\)\n/,
      /\nReLU, seed 1\nEpoch 1\/1\n1875\/1875 - \d+s - \d+[mu]?s\/step - accuracy: 0\.\d{4} - loss: \d\.\d{4} - val_accuracy: 0\.\d{4} - val_loss: \d\.\d{4}\nAccuracy with ReLU: 0\.\d{4} /,
      /\nTanh, seed 1\nEpoch 1\/1\n/,
      /\nTest accuracy +seeds +mean +sd +min +max /,
      /\nReLU − Tanh: [+−]\d\.\d\d points, 95 % interval /,
    ]) {
      expect(first.stdout).toMatch(line);
    }
    expect(first.stdout).toContain(`Report   ${join(folder, 'report.html')}\n`);
  });

  test('results.json holds to the published schema, a copy of which lies beside it', () => {
    const published = readFileSync('schemas/results.schema.json', 'utf8');
    const schema = JSON.parse(published) as Record<string, unknown>;
    const results = resultsIn(folder);
    expect(readFileSync(join(folder, 'results.schema.json'), 'utf8')).toBe(published);
    expect(results.$schema).toBe('./results.schema.json');
    expect(Check(schema, results)).toBe(true);
    expect(Check(schema, { ...results, trials: [{ ...results.trials[0], seed: 1.5 }] })).toBe(false);
    expect(Check(schema, { ...results, more: 1 })).toBe(false);
  });

  test('results.json: trials are paired, aggregates are those of the trials, counts add up', () => {
    const { trials, aggregates, comparisons } = resultsIn(folder);
    expect(trials.map(({ activation, seed }) => `${activation}/${seed}`)).toEqual([
      'relu/1',
      'tanh/1',
      'relu/2',
      'tanh/2',
    ]);
    for (const { confusionMatrix, testAccuracy, history, weightsHash } of trials) {
      expect(confusionMatrix.flat().reduce((a, b) => a + b)).toBe(10_000);
      expect(confusionMatrix.reduce((sum, row, digit) => sum + row[digit], 0) / 10_000).toBe(testAccuracy);
      expect([history.loss, history.accuracy, history.val_loss, weightsHash].map((x) => x.length)).toEqual([
        1, 1, 1, 1,
      ]);
      expect(history.val_accuracy).toEqual([testAccuracy]);
    }
    const [a, b, c, d] = trials.map(({ testAccuracy }) => testAccuracy);
    expect(aggregates[0].testAccuracy.mean).toBeCloseTo((a + c) / 2, 12);
    expect(aggregates[1].testAccuracy.sd).toBeCloseTo(Math.abs(b - d) / Math.SQRT2, 12);
    expect(comparisons[0].differences).toEqual([a - b, c - d]);
  });

  test('leaves report, figures (SVG and PNG), tables (CSV and LaTeX), and a folder for each trial', () => {
    expect(readFileSync(join(folder, 'report.html'), 'utf8')).toMatch(/^<!doctype html>[^]*<\/html>\s*$/);
    const figures = readdirSync(join(folder, 'figures'));
    for (const name of [
      'samples',
      ...['relu', 'tanh'].flatMap((arm) => [
        `accuracy-${arm}`,
        `loss-${arm}`,
        `confusion-${arm}-counts`,
        `confusion-${arm}-rates`,
        `mistakes-${arm}`,
      ]),
    ]) {
      expect(figures).toContain(`${name}.svg`);
      expect(figures).toContain(`${name}.png`);
    }
    const tables = readdirSync(join(folder, 'tables'));
    for (const name of ['summary', 'runs', 'epochs', 'recall', 'confusions', 'claims', 'hashes']) {
      expect(tables).toContain(`${name}.csv`);
      expect(tables).toContain(`${name}.tex`);
    }
    for (const path of readdirSync(out, { recursive: true, encoding: 'utf8' })) {
      expect(path).not.toMatch(/\.tmp$|\.writing/);
    }
    expect(keptTrials(out)).toEqual(
      resultsIn(folder)
        .trials.map(({ key }) => key)
        .sort(),
    );
    for (const key of keptTrials(out)) {
      expect(readdirSync(join(out, 'trials', key)).sort()).toEqual([
        'history.csv',
        'model.safetensors',
        'predictions.safetensors',
        'record.json',
      ]);
    }
  });

  test('the same command again reuses every trial; --json prints results.json and nothing else', async () => {
    const { exit, stdout, stderr } = await dactyl([...TINY, '--out', out, '--json']);
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    expect(`${JSON.stringify(JSON.parse(stdout), null, 2)}\n`).toBe(stdout);
    expect(JSON.parse(stdout)).toEqual(resultsIn(folder));
  });

  test('--quiet prints the conclusion only', async () => {
    const { exit, stdout } = await dactyl([...TINY, '--out', out, '--quiet']);
    expect(exit).toBe(0);
    expect(stdout).toMatch(/^Test accuracy /);
    expect(stdout).toMatch(/\nReport /);
    expect(stdout).not.toMatch(/Epoch|Layer|shape/);
  });

  test('--validation holdout: curves on 6,000 held-out images, the test set only at the end', async () => {
    const { exit, stdout } = await dactyl([...TINY, '--seeds', '1', '--validation', 'holdout', '--out', out]);
    expect(exit).toBe(0);
    expect(stdout).toMatch(/\n1688\/1688 - /);
    const { trials } = resultsIn(join(out, 'relu-vs-tanh_seeds-1_epochs-1_units-8_holdout'));
    for (const { history, testAccuracy } of trials) {
      expect(history.val_accuracy[0]).not.toBe(testAccuracy);
      // A share of 6,000.
      expect(history.val_accuracy[0] * 6000).toBeCloseTo(Math.round(history.val_accuracy[0] * 6000), 6);
    }
  });

  test('a damaged or torn kept trial is named, computed again, and has the same bits', async () => {
    const { out, folder } = copy();
    const before = resultsIn(folder);
    const [model, record] = before.trials.map(({ key }) => join(out, 'trials', key));
    const path = join(model, 'model.safetensors');
    const bytes = readFileSync(path);
    bytes[bytes.length - 1] ^= 1;
    writeFileSync(path, bytes);
    truncateSync(join(record, 'record.json'), 100);
    const { exit, stdout, stderr } = await dactyl([...TINY, '--out', out]);
    expect(exit).toBe(0);
    const lines = stderr.trimEnd().split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[0]).toContain(path);
    expect(lines[0]).toMatch(/expected SHA-256 [0-9a-f]{64}, received [0-9a-f]{64}/);
    expect(lines[1]).toContain(join(record, 'record.json'));
    expect(stdout.match(/kept from an earlier run/g)).toHaveLength(2);
    const after = resultsIn(folder);
    expect(after.trials.map(({ weightsHash }) => weightsHash)).toEqual(
      before.trials.map(({ weightsHash }) => weightsHash),
    );
  });

  test('Ctrl-C: exit code 130 well within three seconds, finished trials kept and reused', async () => {
    const place = temporaryFolder();
    const command = [...TINY, '--epochs', '2', '--jobs', '1', '--out', place];
    let pressed = 0;
    const { exit, stderr } = await dactyl(command, {
      signal(stdout) {
        if (!stdout.includes('Accuracy with')) return undefined;
        pressed = performance.now();
        return 'SIGINT';
      },
    });
    // Promised is one second; the rest is for a machine with other work.
    expect(performance.now() - pressed).toBeLessThan(3000);
    expect(exit).toBe(130);
    expect(stderr).toMatch(/^dactyl: Stopped\. [1-3] of 4 trials have ended and are kept\..*\n$/);
    const kept = keptTrials(place).filter((name) => name !== '.unfinished');
    expect(kept.length).toBeGreaterThanOrEqual(1);
    expect(kept.length).toBeLessThan(4);
    expect(kept.every((name) => /^[0-9a-f]{64}$/.test(name))).toBe(true);
    const again = await dactyl(command);
    expect(again.exit).toBe(0);
    expect(again.stdout.match(/kept from an earlier run/g)).toHaveLength(kept.length);
    expect(keptTrials(place)).toHaveLength(4);
  });

  test('Ctrl-C while the report is written: exit code 130, all trials kept', async () => {
    const { out } = copy();
    const kept = keptTrials(out);
    const { exit, stderr } = await dactyl([...TINY, '--out', out], {
      signal: (stdout) => (stdout.includes('Writing the report') ? 'SIGINT' : undefined),
    });
    expect(exit).toBe(130);
    expect(stderr).toMatch(/^dactyl: Stopped\. All 4 trials have ended and are kept.*\n$/);
    expect(keptTrials(out)).toEqual(kept);
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
      'src/cli/main.ts',
      ...['data', '--out', place],
    ]);
    expectOneLine(ended, /Cannot write to standard output: ENOSPC/);
  });
});

describe('a full disk (needs the right to mount)', () => {
  const canMount = ((): boolean => {
    const place = mkdtempSync(join(tmpdir(), 'dactyl-test-'));
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', place]).status === 0;
    if (mounted) spawnSync('umount', [place]);
    rmSync(place, { recursive: true });
    return mounted;
  })();

  function disk(size: string): string {
    const place = join(temporaryFolder(), 'disk');
    mkdirSync(place);
    spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', place]);
    onTestFinished(() => {
      spawnSync('umount', [place]);
    });
    return place;
  }

  test.skipIf(!canMount)('while a trial is kept: nothing half-written stays', async () => {
    const place = disk('256k');
    expectOneLine(
      await dactyl([...TINY, '--out', place]),
      /seed \d: Cannot write .*the disk is full.*E_FILE/,
    );
    expect(keptTrials(place)).toEqual([]);
  });

  test.skipIf(!canMount)('while the report is written: the trials stay', async () => {
    const place = disk('3m');
    expectOneLine(await dactyl([...TINY, '--out', place]), /Cannot write .*the disk is full.*E_FILE/);
    expect(keptTrials(place)).toHaveLength(4);
  });
});

describe('verify', () => {
  test('trains every trial again and finds the same bits', async () => {
    const { exit, stdout, stderr } = await dactyl(['verify', folder]);
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    expect(stdout.match(/identical/g)).toHaveLength(4);
    expect(stdout).not.toMatch(CONTROL_CODES);
  });

  test('an unknown trial: the known ones are named', async () => {
    expectOneLine(
      await dactyl(['verify', folder, 'gelu/1']),
      /No trial gelu\/1 .*relu\/1.*tanh\/2.*E_NOT_FOUND/,
    );
  });

  test.each([
    ['the weights hash in results.json', 'results.json', 'weightsHash'],
    ['a loss in results.json', 'results.json', 'testLoss'],
  ])('%s was changed: E_MISMATCH', async (_, file, measure) => {
    const { folder } = copy();
    const [{ weightsHash, testLoss }] = resultsIn(folder).trials;
    const path = join(folder, file);
    const [from, to] =
      measure === 'testLoss'
        ? [String(testLoss), String(testLoss + 1e-9)]
        : [weightsHash[0], weightsHash[0].replace(/^./, (digit) => (digit === '0' ? '1' : '0'))];
    const text = readFileSync(path, 'utf8');
    expect(text).toContain(from);
    writeFileSync(path, text.replace(from, to));
    const { exit, stdout, stderr } = await dactyl(['verify', folder, 'relu/1']);
    expect(stdout).toContain('DIFFERENT');
    expect(stderr).toMatch(/^dactyl: .*otherwise than recorded.*E_MISMATCH.*\n$/);
    expect(exit).toBe(1);
  });

  test('the weights hash in the kept record was changed: E_CHECKSUM', async () => {
    const { out, folder } = copy();
    const [{ key, weightsHash }] = resultsIn(folder).trials;
    const path = join(out, 'trials', key, 'record.json');
    const changed = weightsHash[0].replace(/^./, (digit) => (digit === '0' ? '1' : '0'));
    writeFileSync(path, readFileSync(path, 'utf8').replace(weightsHash[0], changed));
    expectOneLine(await dactyl(['verify', folder, 'relu/1']), /record\.json.*E_CHECKSUM/);
  });

  test('another configuration than the one that was run: E_CHECKSUM', async () => {
    const { folder } = copy();
    const path = join(folder, 'results.json');
    writeFileSync(path, readFileSync(path, 'utf8').replace('"dropout": 0', '"dropout": 0.1'));
    expectOneLine(
      await dactyl(['verify', folder]),
      /results\.json: expected the hash .* of its question, arms, split and rules.*E_CHECKSUM/,
    );
  });
});

const hasScript = spawnSync('script', ['--version']).status === 0;

describe('colours (needs the command script)', () => {
  /** On a terminal of its own. */
  const onTerminal = (args: string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> => {
    const command = [process.execPath, 'src/cli/main.ts', ...args].map((word) => `'${word}'`).join(' ');
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
