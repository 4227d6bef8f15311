import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Check } from 'typebox/schema';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  CONTROL_CODES,
  dactyl,
  type Ended,
  keptTrials,
  temporaryFolder,
  TINY,
  TINY_NAME,
} from './support/dactyl.ts';
import { canMount, disk } from './support/disk.ts';
import { copyOf, expectOneLine, resultsIn } from './support/studies.ts';

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
    const place = copyOf(out);
    const before = resultsIn(join(place, TINY_NAME));
    const [model, record] = before.trials.map(({ key }) => join(place, 'trials', key));
    const path = join(model, 'model.safetensors');
    const bytes = readFileSync(path);
    bytes[bytes.length - 1] ^= 1;
    writeFileSync(path, bytes);
    truncateSync(join(record, 'record.json'), 100);
    const { exit, stdout, stderr } = await dactyl([...TINY, '--out', place]);
    expect(exit).toBe(0);
    const lines = stderr.trimEnd().split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[0]).toContain(path);
    expect(lines[0]).toMatch(/expected SHA-256 [0-9a-f]{64}, received [0-9a-f]{64}/);
    expect(lines[1]).toContain(join(record, 'record.json'));
    expect(stdout.match(/kept from an earlier run/g)).toHaveLength(2);
    const after = resultsIn(join(place, TINY_NAME));
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
    const place = copyOf(out);
    const kept = keptTrials(place);
    const { exit, stderr } = await dactyl([...TINY, '--out', place], {
      signal: (stdout) => (stdout.includes('Writing the report') ? 'SIGINT' : undefined),
    });
    expect(exit).toBe(130);
    expect(stderr).toMatch(/^dactyl: Stopped\. All 4 trials have ended and are kept.*\n$/);
    expect(keptTrials(place)).toEqual(kept);
  });
});

describe('a full disk (needs the right to mount)', () => {
  test.skipIf(!canMount)('while a trial is kept: nothing half-written stays', async () => {
    const place = disk('size=256k');
    expectOneLine(
      await dactyl([...TINY, '--out', place]),
      /seed \d: Cannot write .*the disk is full.*E_FILE/,
    );
    expect(keptTrials(place)).toEqual([]);
  });

  test.skipIf(!canMount)('while the report is written: the trials stay', async () => {
    const place = disk('size=3m');
    expectOneLine(await dactyl([...TINY, '--out', place]), /Cannot write .*the disk is full.*E_FILE/);
    expect(keptTrials(place)).toHaveLength(4);
  });
});
