import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Check } from 'typebox/schema';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { DactylError, runStudy, type StudyEvent, type StudyFile } from '../src/index.ts';
import type { Results } from '../src/study/results.ts';
import { dactyl, type Ended, keptTrials, temporaryFolder, TINY } from './support/dactyl.ts';

/** The trials of the tiny comparison of support/dactyl.ts. */
const STUDY = {
  name: 'tiny',
  question: 'Which?',
  recipe: { units: [8], epochs: 1 },
  arms: { relu: {}, tanh: { activation: 'tanh' } },
  seeds: 2,
} satisfies StudyFile;

/** Some seconds of training in one trial. */
const LONG = { ...STUDY, name: 'long', recipe: { units: [64, 64], epochs: 6 }, seeds: 1 };

let out: string;
let first: Ended;
let events: StudyEvent[];

/** One tiny study that several tests look at. */
beforeAll(async () => {
  out = mkdtempSync(join(tmpdir(), 'dactyl-test-'));
  const log = join(out, 'events', 'tiny.jsonl');
  first = await dactyl(['study', 'run', fileOf(STUDY, out), '--out', out, '--events', log]);
  events = eventsIn(readFileSync(log, 'utf8'));
});
afterAll(() => {
  rmSync(out, { recursive: true, force: true });
});

/** Writes a study file; returns its path. */
function fileOf(study: object, folder: string): string {
  const path = join(folder, 'study.json');
  writeFileSync(path, JSON.stringify(study, null, 2));
  return path;
}

function eventsIn(text: string): StudyEvent[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as StudyEvent);
}

function resultsIn(folder: string): Results {
  return JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8')) as Results;
}

/** A copy of the tiny study and its trials. */
function copy(): string {
  const place = temporaryFolder();
  spawnSync('cp', ['-r', `${out}/.`, place]);
  return place;
}

/** Trials that are there as a whole. */
function ended(place: string): string[] {
  return keptTrials(place).filter((name) => /^[0-9a-f]{64}$/.test(name));
}

const hashes = (place: string, name: string): string[] =>
  resultsIn(join(place, name)).trials.map(
    ({ arm, seed, weightsHash, testLoss }) => `${arm}/${seed} ${weightsHash.join(' ')} ${testLoss}`,
  );

function expectOneLine({ exit, stderr }: Ended, line: RegExp): void {
  expect(stderr).toMatch(line);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  expect(stderr).not.toMatch(/\n\s+at |node:internal/);
  expect(exit).toBe(1);
}

describe('study run', () => {
  test('prints each trial and a conclusion; writes results that hold to the schema, and a report', () => {
    expect({ exit: first.exit, stderr: first.stderr }).toEqual({ exit: 0, stderr: '' });
    expect(first.stdout).toMatch(/^tiny\nWhich\?\nReLU, Tanh: four\strials\. Rules fixed before the runs: /);
    expect(first.stdout.match(/^Accuracy with (ReLU|Tanh): 0\.\d{4} {2}\(seed \d, /gm)).toHaveLength(4);
    expect(first.stdout).toMatch(/\nReLU − Tanh: [+−]\d\.\d\d points, 95 % interval /);
    expect(first.stdout).toContain(`Report   ${join(out, 'tiny', 'report.html')}\n`);
    const results = resultsIn(join(out, 'tiny'));
    const schema = JSON.parse(readFileSync('schemas/results.schema.json', 'utf8')) as Record<string, unknown>;
    expect(Check(schema, results)).toBe(true);
    expect(results.study).toMatchObject({ name: 'tiny', seeds: [1, 2] });
    expect(results.trials.map(({ arm, seed }) => `${arm}/${seed}`)).toEqual([
      'relu/1',
      'tanh/1',
      'relu/2',
      'tanh/2',
    ]);
    expect(readdirSync(join(out, 'tiny')).sort()).toEqual([
      'figures',
      'report.html',
      'results.json',
      'results.schema.json',
      'study.json',
      'tables',
    ]);
  });

  test('the published schema of study files takes it, and not one with another key', () => {
    const schema = JSON.parse(readFileSync('schemas/study.schema.json', 'utf8')) as Record<string, unknown>;
    expect(Check(schema, STUDY)).toBe(true);
    expect(Check(schema, { ...STUDY, more: 1 })).toBe(false);
    expect(Check(schema, { ...STUDY, arms: {} })).toBe(false);
  });

  test('--events: study, then each trial started, its epochs, finished; at last the report', () => {
    const { studyHash, trials } = resultsIn(join(out, 'tiny'));
    expect(events[0]).toEqual({ event: 'study', name: 'tiny', trials: 4, hash: studyHash });
    expect(events.at(-1)).toEqual({ event: 'report', file: join(out, 'tiny', 'report.html') });
    expect(events).toHaveLength(1 + 4 * 3 + 1);
    for (const { key, arm, seed, testAccuracy } of trials) {
      const own = events.filter((event) => 'key' in event && event.key === key);
      expect(own).toMatchObject([
        { event: 'started', arm, seed, fold: null },
        { event: 'epoch', epoch: 1, logs: { val_accuracy: testAccuracy } },
        { event: 'finished', testAccuracy, reused: false },
      ]);
    }
  });

  test('--events -: JSON lines on standard output and nothing else; trials of an earlier run are reused', async () => {
    const place = copy();
    const { exit, stdout, stderr } = await dactyl([
      ...['study', 'run', fileOf(STUDY, place)],
      ...['--out', place, '--events', '-'],
    ]);
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    const kinds = eventsIn(stdout).map((event) => ('reused' in event ? event.reused : event.event));
    expect(kinds).toEqual(['study', true, true, true, true, 'report']);
  });

  test.skipIf(!existsSync('/dev/full'))(
    '--events on a full disk: a warning, and the study goes on',
    async () => {
      const place = copy();
      const { exit, stderr } = await dactyl([
        ...['study', 'run', fileOf(STUDY, place)],
        ...['--out', place, '--events', '/dev/full', '--no-report'],
      ]);
      expect(exit).toBe(0);
      expect(stderr).toMatch(/^dactyl: No more events are written\..*the disk is full.*\n$/);
    },
  );

  test('--dry-run lists trials and keys, and neither runs nor writes anything', async () => {
    const place = temporaryFolder();
    const file = fileOf(STUDY, place);
    const { exit, stdout } = await dactyl(['study', 'run', file, '--out', join(place, 'runs'), '--dry-run']);
    expect(exit).toBe(0);
    expect(readdirSync(place)).toEqual(['study.json']);
    for (const { key, arm, seed } of resultsIn(join(out, 'tiny')).trials)
      expect(stdout).toMatch(new RegExp(`^${arm} +seed ${seed} +${key.slice(0, 16)} +\\d+\\.\\d s$`, 'm'));
    expect(stdout).toMatch(/\n4 of 4 trials to run, some .* Rules: [0-9a-f]{64}\n$/);
    const kept = await dactyl(['study', 'run', file, '--out', out, '--dry-run']);
    expect(kept.stdout.match(/ kept$/gm)).toHaveLength(4);
    expect(kept.stdout).toMatch(/\n0 of 4 trials to run/);
  });

  test('trials are shared with compare and with another study, under other names', async () => {
    const place = copy();
    const compared = await dactyl([...TINY, '--out', place]);
    expect(compared.stdout.match(/kept from an earlier run/g)).toHaveLength(4);
    const other = {
      ...STUDY,
      name: 'other',
      question: 'Another?',
      arms: { mine: { activation: 'tanh' } },
      rules: { rope: 0.01 },
    };
    const { stdout } = await dactyl(['study', 'run', fileOf(other, place), '--out', place]);
    expect(stdout.match(/kept from an earlier run/g)).toHaveLength(2);
    expect(ended(place)).toHaveLength(4);
    expect(resultsIn(join(place, 'other')).trials.map(({ arm }) => arm)).toEqual(['mine', 'mine']);
  });

  test('a misspelt key: file, line, key and the nearest valid one', async () => {
    const place = temporaryFolder();
    const path = join(place, 'study.json');
    writeFileSync(path, JSON.stringify(STUDY, null, 2).replace('"activation"', '"activaton"'));
    expectOneLine(
      await dactyl(['study', 'run', path, '--out', place]),
      /study\.json, line 13: unknown key "activaton" in arms\.tanh; the nearest valid one is "activation".*E_FORMAT/,
    );
    expect(readdirSync(place)).toEqual(['study.json']);
  });

  test.each([
    [['study', 'run', 'nowhere.json'], /Cannot read nowhere\.json: it does not exist.*E_FILE/],
    [['study', 'run'], /missing required argument 'file'.*--help/],
    [['study', 'rnu'], /unknown command 'rnu'.*run/],
    [['study', 'resume', 'nowhere'], /nowhere\/study\.json: it does not exist.*E_FILE/],
    [['study', 'status', 'nowhere'], /nowhere\/study\.json: it does not exist.*E_FILE/],
    [['study', 'report', 'nowhere'], /nowhere\/study\.json: it does not exist.*E_FILE/],
    [['study', 'run', 'x', '--checkpoint-every', 'x'], /seconds from 0 to 86400; received 'x'/],
  ])('dactyl %j', async (args, line) => {
    expectOneLine(await dactyl(args), line);
  });
});

describe('study status, study report', () => {
  test('status counts the trials of each arm', async () => {
    const place = copy();
    rmSync(join(place, 'trials', resultsIn(join(place, 'tiny')).trials[0].key), { recursive: true });
    const { exit, stdout } = await dactyl(['study', 'status', join(place, 'tiny')]);
    expect(exit).toBe(0);
    expect(stdout).toMatch(/\nReLU +1 +0 +1\nTanh +2 +0 +0\n/);
    expect(stdout).toContain(resultsIn(join(place, 'tiny')).studyHash);
  });

  test('report writes it again from the trials that ended, and says how many are missing', async () => {
    const place = copy();
    const folder = join(place, 'tiny');
    const { trials } = resultsIn(folder);
    rmSync(join(folder, 'report.html'));
    rmSync(join(place, 'trials', trials[3].key), { recursive: true });
    const { exit, stdout } = await dactyl(['study', 'report', folder]);
    expect(exit).toBe(0);
    expect(stdout).toMatch(/^1 of 4 trials missing\./);
    expect(readFileSync(join(folder, 'report.html'), 'utf8')).toMatch(/^<!doctype html>[^]*<\/html>\s*$/);
    expect(resultsIn(folder).trials).toEqual(trials.slice(0, 3));
    for (const { key } of trials) rmSync(join(place, 'trials', key), { recursive: true, force: true });
    expectOneLine(await dactyl(['study', 'report', folder]), /No trial of .* is finished yet.*E_NOT_FOUND/);
  });
});

describe('stopping and going on', () => {
  /** The hashes of a run that was not stopped. */
  let whole: string[];
  beforeAll(async () => {
    const place = mkdtempSync(join(tmpdir(), 'dactyl-test-'));
    const { exit, stderr } = await dactyl(['study', 'run', fileOf(LONG, place), '--out', place]);
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    whole = hashes(place, 'long');
    rmSync(place, { recursive: true });
  });

  test.each(['SIGINT', 'SIGKILL'] as const)(
    '%s in the middle of trials, then study resume: the same bits',
    async (signal) => {
      const place = temporaryFolder();
      const stopped = await dactyl(
        [
          ...['study', 'run', fileOf(LONG, place), '--out', place],
          ...['--events', '-', '--checkpoint-every', '0.05'],
        ],
        { signal: (text) => ((text.match(/"event":"epoch"/g) ?? []).length >= 3 ? signal : undefined) },
      );
      expect(stopped.exit).toBe(signal === 'SIGINT' ? 130 : 'SIGKILL');
      if (signal === 'SIGINT') {
        expect(stopped.stderr).toMatch(/^dactyl: Stopped\. \d of 2 trials have ended and are kept\..*\n$/);
        expect(existsSync(join(place, 'long', 'lock.json'))).toBe(false);
      }
      const unfinished = readdirSync(join(place, 'trials', '.unfinished'));
      expect(unfinished.length).toBeGreaterThan(0);
      const { exit, stdout, stderr } = await dactyl([
        ...['study', 'resume', join(place, 'long')],
        ...['--events', '-'],
      ]);
      expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
      expect(hashes(place, 'long')).toEqual(whole);
      // Taken up, not begun anew: fewer epochs are told of than there are.
      const epochs = eventsIn(stdout).filter(({ event }) => event === 'epoch').length;
      expect(epochs).toBeLessThan(12);
      expect(readdirSync(join(place, 'trials', '.unfinished'))).toEqual([]);
    },
  );

  test('a checkpoint that is whole but cannot be taken up: the trial begins anew, with the same bits', async () => {
    const place = temporaryFolder();
    const file = fileOf(LONG, place);
    await dactyl(['study', 'run', file, '--out', place, '--events', '-', '--checkpoint-every', '0.05'], {
      signal: (text) => (text.includes('"event":"epoch"') ? 'SIGKILL' : undefined),
    });
    for (const key of readdirSync(join(place, 'trials', '.unfinished'))) {
      const folder = join(place, 'trials', '.unfinished', key);
      const content = 'of another version';
      const name = createHash('sha256').update(content).digest('hex').slice(0, 16);
      writeFileSync(join(folder, `1000000-${name}.safetensors`), content);
    }
    const { exit, stderr } = await dactyl(['study', 'resume', join(place, 'long')]);
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    expect(hashes(place, 'long')).toEqual(whole);
  });

  test('SIGKILL while the report is written: nothing torn is read, the report comes out the same', async () => {
    const place = copy();
    const folder = join(place, 'tiny');
    const before = readFileSync(join(folder, 'results.json'), 'utf8');
    const killed = await dactyl(['study', 'run', fileOf(STUDY, place), '--out', place], {
      signal: (text) => (text.includes('Writing the report') ? 'SIGKILL' : undefined),
    });
    expect(killed.exit).toBe('SIGKILL');
    expect(JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8'))).toEqual(JSON.parse(before));
    const { exit, stderr } = await dactyl(['study', 'resume', folder]);
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    expect(JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8'))).toEqual(JSON.parse(before));
  });
});

describe('rules are fixed before the runs', () => {
  const run = (study: object, place: string): Promise<Ended> =>
    dactyl(['study', 'run', fileOf(study, place), '--out', place, '--no-report', '--quiet']);

  test('another rule after results: E_MISMATCH; with fresh seeds it is taken, and the way back is closed too', async () => {
    const place = copy();
    const looser = { ...STUDY, rules: { rope: 0.02 } };
    expectOneLine(await run(looser, place), /results of seed 1.*fresh seeds \("firstSeed": 3\).*E_MISMATCH/);
    expect((await run({ ...looser, firstSeed: 3, seeds: 1 }, place)).exit).toBe(0);
    const third = { ...STUDY, rules: { rope: 0.03 } };
    expectOneLine(await run(third, place), /results of seed [123].*"firstSeed": 4.*E_MISMATCH/);
    expect((await run({ ...looser, firstSeed: 3, seeds: 1 }, place)).exit).toBe(0);
  });

  test('more seeds under the same rules are no other study', async () => {
    const place = copy();
    const { exit, stdout } = await run({ ...STUDY, seeds: 3 }, place);
    expect(exit).toBe(0);
    expect(stdout).toMatch(/\nReLU +3 /);
    expect(ended(place)).toHaveLength(6);
  });

  test('before any result the rules may change', async () => {
    const place = temporaryFolder();
    const { exit } = await dactyl(
      ['study', 'run', fileOf(STUDY, place), '--out', place, '--jobs', '1', '--events', '-'],
      { signal: (text) => (text.includes('"event":"study"') ? 'SIGKILL' : undefined) },
    );
    expect(exit).toBe('SIGKILL');
    for (const key of ended(place)) rmSync(join(place, 'trials', key), { recursive: true });
    expect((await run({ ...STUDY, rules: { rope: 0.02 } }, place)).exit).toBe(0);
  });
});

describe('two processes on one study', () => {
  test('the second is told of the first: E_LOCKED with its number', async () => {
    const place = temporaryFolder();
    const main = resolve(import.meta.dirname, '../src/cli/main.ts');
    const args = [main, 'study', 'run', fileOf(LONG, place), '--out', place, '--quiet'];
    const holder = spawn(process.execPath, args, { stdio: 'ignore' });
    try {
      await expect.poll(() => existsSync(join(place, 'long', 'lock.json')), { timeout: 30_000 }).toBe(true);
      expectOneLine(
        await dactyl(['study', 'resume', join(place, 'long')]),
        new RegExp(`in use by process ${holder.pid} on ${hostname()}.*E_LOCKED`),
      );
    } finally {
      holder.kill('SIGKILL');
    }
  });

  test.each([
    ['of a dead process', JSON.stringify({ pid: spawnSync('true').pid, host: hostname(), token: 'x' })],
    ['torn', '{"pid":'],
  ])('a lock %s is taken over', async (_, content) => {
    const place = copy();
    writeFileSync(join(place, 'tiny', 'lock.json'), content);
    const { exit, stderr } = await dactyl(['study', 'resume', join(place, 'tiny'), '--no-report']);
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    expect(existsSync(join(place, 'tiny', 'lock.json'))).toBe(false);
  });
});

describe('a trial that fails', () => {
  test('is recorded, reported, and not computed again; the others go on', async () => {
    const place = temporaryFolder();
    const study = { ...STUDY, arms: { relu: {}, wild: { learningRate: 1e30 } } };
    const file = fileOf({ ...study, arms: { ...study.arms, tanh: { activation: 'tanh' } } }, place);
    const all = await dactyl(['study', 'run', file, '--out', place]);
    // An arm of which nothing is left makes no study.
    expectOneLine(all, /Every trial of wild failed.*loss.*E_NUMERIC/);
    expect(ended(place)).toHaveLength(6);
    const status = await dactyl(['study', 'status', join(place, 'tiny')]);
    expect(status.stdout).toMatch(/\nwild +0 +2 +0\n/);
    const again = await dactyl(['study', 'run', file, '--out', place, '--events', '-']);
    const kinds = eventsIn(again.stdout).map((event) => ('reused' in event ? event.reused : event.event));
    expect(kinds).toEqual(['study', true, true, true, true, true, true]);
    expect(again.exit).toBe(1);
  });

  test('among finished ones of its arm: listed as a failure, its pair left out', async () => {
    const place = copy();
    const { trials } = resultsIn(join(place, 'tiny'));
    const [{ key }] = trials;
    const folder = join(place, 'trials', key);
    const record = JSON.parse(readFileSync(join(folder, 'record.json'), 'utf8')) as {
      configuration: unknown;
    };
    rmSync(folder, { recursive: true });
    mkdirSync(folder);
    const failure = {
      format: 'dactyl-failed-trial/1',
      configuration: record.configuration,
      message: 'The loss is NaN.',
    };
    writeFileSync(join(folder, 'failure.json'), JSON.stringify(failure));
    const { exit, stdout } = await dactyl(['study', 'run', fileOf(STUDY, place), '--out', place]);
    expect(exit).toBe(0);
    expect(stdout).toMatch(/^Failed: ReLU, seed 1: The loss is NaN\. \(seed 1/m);
    const results = resultsIn(join(place, 'tiny'));
    expect(results.failures).toEqual([
      { key, arm: 'relu', activation: 'relu', seed: 1, fold: null, message: 'The loss is NaN.' },
    ]);
    expect(results.comparisons[0].differences).toHaveLength(1);
    expect(readFileSync(join(place, 'tiny', 'report.html'), 'utf8')).toContain('The loss is NaN.');
  });

  test('a torn record of a failure is named and the trial computed again', async () => {
    const place = copy();
    const [{ key }] = resultsIn(join(place, 'tiny')).trials;
    const folder = join(place, 'trials', key);
    rmSync(folder, { recursive: true });
    mkdirSync(folder);
    writeFileSync(join(folder, 'failure.json'), '{"format"');
    const { exit, stderr } = await dactyl([
      ...['study', 'run', fileOf(STUDY, place)],
      ...['--out', place, '--no-report'],
    ]);
    expect(exit).toBe(0);
    expect(stderr).toMatch(/damaged and is computed again: .*failure\.json: not JSON/);
    expect(ended(place)).toHaveLength(4);
    expect(existsSync(join(folder, 'record.json'))).toBe(true);
  });
});

describe('folds', () => {
  test('two folds run, report, and are verified', async () => {
    const place = temporaryFolder();
    const study = { ...STUDY, seeds: 1, split: { kind: 'folds', folds: 2, repeats: 1, groups: 'images' } };
    const { exit, stdout, stderr } = await dactyl(['study', 'run', fileOf(study, place), '--out', place]);
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    expect(stdout).toMatch(/\nAccuracy on kept-out folds +runs /);
    const { trials } = resultsIn(join(place, 'tiny'));
    expect(trials.map(({ arm, fold }) => `${arm}/${fold}`)).toEqual(['relu/0', 'tanh/0', 'relu/1', 'tanh/1']);
    for (const { confusionMatrix } of trials)
      expect(confusionMatrix.flat().reduce((a, b) => a + b)).toBe(30_000);
    const verified = await dactyl(['verify', join(place, 'tiny'), 'tanh/1/2']);
    expect(verified.stdout).toContain('identical');
  });

  test('grouped by writer without --writers: says what to give, and writes nothing', async () => {
    const place = temporaryFolder();
    const study = { ...STUDY, split: { kind: 'folds', folds: 2, repeats: 1, groups: 'writers' } };
    const file = fileOf(study, place);
    for (const more of [[], ['--dry-run']]) {
      expectOneLine(
        await dactyl(['study', 'run', file, '--out', place, '--quiet', ...more]),
        /--writers.*dactyl data writers.*E_ARGUMENT/,
      );
    }
    expect(readdirSync(place)).toEqual(['study.json']);
  });
});

describe('where nothing can be written', () => {
  const isRoot = process.getuid?.() === 0;

  test.skipIf(isRoot)('a folder without the permission', async () => {
    const place = temporaryFolder();
    const file = fileOf(STUDY, place);
    chmodSync(place, 0o500);
    onTestFinished(() => {
      chmodSync(place, 0o700);
    });
    expectOneLine(await dactyl(['study', 'run', file, '--out', join(place, 'runs')]), /permission.*E_FILE/);
  });

  const canMount = ((): boolean => {
    const place = mkdtempSync(join(tmpdir(), 'dactyl-test-'));
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', place]).status === 0;
    if (mounted) spawnSync('umount', [place]);
    rmSync(place, { recursive: true });
    return mounted;
  })();

  function disk(options: string): string {
    const place = join(temporaryFolder(), 'disk');
    mkdirSync(place);
    spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', place]);
    onTestFinished(() => {
      spawnSync('umount', [place]);
    });
    return place;
  }

  test.skipIf(!canMount)('a read-only disk (needs the right to mount)', async () => {
    const file = fileOf(STUDY, temporaryFolder());
    expectOneLine(
      await dactyl(['study', 'run', file, '--out', join(disk('ro'), 'runs'), '--quiet']),
      /the file system is read-only.*E_FILE/,
    );
  });

  test.skipIf(!canMount)(
    'a disk that becomes full at a checkpoint: nothing torn; with room it goes on',
    async () => {
      const place = disk('size=256k');
      const wide = { ...LONG, recipe: { units: [64], epochs: 2 } };
      const file = fileOf(wide, temporaryFolder());
      const args = [
        'study',
        'run',
        file,
        '--out',
        place,
        '--checkpoint-every',
        '0.05',
        '--no-report',
        '--quiet',
      ];
      expectOneLine(await dactyl(args), /Cannot write .*the disk is full.*E_FILE/);
      expect(existsSync(join(place, 'long', 'lock.json'))).toBe(false);
      for (const path of readdirSync(place, { recursive: true, encoding: 'utf8' }))
        expect(path).not.toMatch(/\.tmp$|\.writing/);
      spawnSync('mount', ['-o', 'remount,size=64m', place]);
      const { exit, stderr } = await dactyl(args);
      expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    },
  );
});

describe('runStudy of the library', () => {
  test('is the same study: trials of the command line are reused, results are those of results.json', async () => {
    const place = copy();
    const told: StudyEvent[] = [];
    const results = await runStudy(STUDY, {
      out: place,
      onEvent: (event) => {
        told.push(event);
      },
    });
    const kept = resultsIn(join(place, 'tiny'));
    expect(results.trials).toEqual(kept.trials);
    expect(results.comparisons).toEqual(kept.comparisons);
    expect(results.studyHash).toBe(kept.studyHash);
    expect(told.map(({ event }) => event)).toEqual(['study', ...Array<string>(4).fill('finished')]);
  });

  test('computes what is missing, keeps it, and stops on the signal; an error of a listener is thrown', async () => {
    const place = temporaryFolder();
    const one = { ...STUDY, seeds: 1 };
    const stop = new AbortController();
    const stopped = runStudy(LONG, {
      out: place,
      signal: stop.signal,
      onEvent: ({ event }) => {
        if (event === 'epoch') stop.abort();
      },
    });
    await expect(stopped).rejects.toThrow(DactylError);
    await expect(stopped).rejects.toMatchObject({ code: 'E_ABORTED' });
    const complaint = new Error('mine');
    await expect(
      runStudy(one, {
        out: place,
        onEvent: ({ event }) => {
          if (event === 'epoch') throw complaint;
        },
      }),
    ).rejects.toBe(complaint);
    const results = await runStudy(one, { out: place });
    expect(results.trials.map(({ weightsHash }) => weightsHash)).toEqual(
      resultsIn(join(out, 'tiny'))
        .trials.slice(0, 2)
        .map(({ weightsHash }) => weightsHash),
    );
    expect(ended(place)).toHaveLength(2);
  });

  test('two at once in one process: E_LOCKED', async () => {
    const place = copy();
    const both = await Promise.allSettled([runStudy(STUDY, { out: place }), runStudy(STUDY, { out: place })]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const refused = both.find((one) => one.status === 'rejected');
    expect(refused?.reason).toMatchObject({ code: 'E_LOCKED' });
  });
});
