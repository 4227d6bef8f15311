import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Check } from 'typebox/schema';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type StudyEvent } from '../src/index.ts';
import { dactyl, type Ended, temporaryFolder, TINY } from './support/dactyl.ts';
import { copyOf, endedTrials, eventsIn, expectOneLine, fileOf, resultsIn, STUDY } from './support/studies.ts';

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
    const place = copyOf(out);
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
      const place = copyOf(out);
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
    const place = copyOf(out);
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
    expect(endedTrials(place)).toHaveLength(4);
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
    [['study', 'run'], /missing required argument 'study'.*--help/],
    [['study', 'rnu'], /unknown command 'rnu'.*run/],
    [
      ['study', 'resume', 'nowhere'],
      /^dactyl: nowhere: expected the folder of a study.*there is neither.*E_NOT_FOUND/,
    ],
    [
      ['study', 'status', 'nowhere'],
      /^dactyl: nowhere: expected the folder of a study.*there is neither.*E_NOT_FOUND/,
    ],
    [
      ['study', 'report', 'nowhere'],
      /^dactyl: nowhere: expected the folder of a study.*there is neither.*E_NOT_FOUND/,
    ],
    [['study', 'run', 'x', '--checkpoint-every', 'x'], /seconds from 0 to 86400; received 'x'/],
  ])('dactyl %j', async (args, line) => {
    expectOneLine(await dactyl(args), line);
  });
});

describe('study status, study report', () => {
  test('status counts the trials of each arm', async () => {
    const place = copyOf(out);
    rmSync(join(place, 'trials', resultsIn(join(place, 'tiny')).trials[0].key), { recursive: true });
    const { exit, stdout } = await dactyl(['study', 'status', join(place, 'tiny')]);
    expect(exit).toBe(0);
    expect(stdout).toMatch(/\nReLU +1 +0 +1\nTanh +2 +0 +0\n/);
    expect(stdout).toContain(resultsIn(join(place, 'tiny')).studyHash);
  });

  test('status and report find a study by its file, too, and run one by its folder', async () => {
    const place = copyOf(out);
    const file = fileOf(STUDY, place);
    const byFile = await dactyl(['study', 'status', file, '--out', place]);
    const byFolder = await dactyl(['study', 'status', join(place, 'tiny')]);
    expect(byFile).toEqual(byFolder);
    expect((await dactyl(['study', 'report', file, '--out', place])).exit).toBe(0);
    const ran = await dactyl(['study', 'run', join(place, 'tiny'), '--no-report']);
    expect(ran.stdout.match(/kept from an earlier run/g)).toHaveLength(4);
    const other = fileOf({ ...STUDY, rules: { rope: 0.1 } }, place);
    const changed = await dactyl(['study', 'status', other, '--out', place]);
    expect(changed.stderr).toMatch(/has another question, arms, split or rules by now/);
    expectOneLine(
      await dactyl(['study', 'status', fileOf({ ...STUDY, name: 'new' }, place), '--out', place]),
      /not run yet; run it first: dactyl study run .*E_NOT_FOUND/,
    );
    expectOneLine(await dactyl(['study', 'report', join(place, 'none')]), /there is neither.*E_NOT_FOUND/);
  });

  test('report writes it again from the trials that ended, and says how many are missing', async () => {
    const place = copyOf(out);
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

describe('rules are fixed before the runs', () => {
  const run = (study: object, place: string): Promise<Ended> =>
    dactyl(['study', 'run', fileOf(study, place), '--out', place, '--no-report', '--quiet']);

  test('another rule after results: E_MISMATCH; with fresh seeds it is taken, and the way back is closed too', async () => {
    const place = copyOf(out);
    const looser = { ...STUDY, rules: { rope: 0.02 } };
    expectOneLine(await run(looser, place), /results of seed 1.*fresh seeds \("firstSeed": 3\).*E_MISMATCH/);
    expect((await run({ ...looser, firstSeed: 3, seeds: 1 }, place)).exit).toBe(0);
    const third = { ...STUDY, rules: { rope: 0.03 } };
    expectOneLine(await run(third, place), /results of seed [123].*"firstSeed": 4.*E_MISMATCH/);
    expect((await run({ ...looser, firstSeed: 3, seeds: 1 }, place)).exit).toBe(0);
  });

  test('more seeds under the same rules are no other study; that results were there is said', async () => {
    const place = copyOf(out);
    expect(first.stdout).not.toContain('since results were there');
    const { exit, stdout } = await run({ ...STUDY, seeds: 3 }, place);
    expect(exit).toBe(0);
    expect(stdout).toMatch(/\nReLU +3 /);
    expect(stdout).toContain('The seeds were 1, 2 before, and are 1 to 3 since results were there.');
    expect(endedTrials(place)).toHaveLength(6);
    const again = await run({ ...STUDY, seeds: 3 }, place);
    expect(again.stdout).toContain('The seeds were 1, 2 before');
  });

  test('before any result the rules may change', async () => {
    const place = temporaryFolder();
    const { exit } = await dactyl(
      ['study', 'run', fileOf(STUDY, place), '--out', place, '--jobs', '1', '--events', '-'],
      { signal: (text) => (text.includes('"event":"study"') ? 'SIGKILL' : undefined) },
    );
    expect(exit).toBe('SIGKILL');
    for (const key of endedTrials(place)) rmSync(join(place, 'trials', key), { recursive: true });
    expect((await run({ ...STUDY, rules: { rope: 0.02 } }, place)).exit).toBe(0);
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
    for (const more of ['--quiet', '--dry-run']) {
      expectOneLine(
        await dactyl(['study', 'run', file, '--out', place, more]),
        /--writers.*dactyl data writers.*E_ARGUMENT/,
      );
    }
    expect(readdirSync(place)).toEqual(['study.json']);
  });
});
