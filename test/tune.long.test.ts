import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bestStudy, runTuning, type TuningEvent, type TuningFile, type TuningResults } from '../src/index.ts';
import { parseStudy } from '../src/study/studyFile.ts';
import { dactyl, type Ended, keptTrials, temporaryFolder } from './support/dactyl.ts';

/** Trials of a second or less: two configurations of large batches, and the recipe as it stands. */
const SEARCH = {
  name: 'tiny',
  question: 'Which batch?',
  recipe: { units: [8] },
  arms: { relu: {}, tanh: { activation: 'tanh' } },
  space: { batchSize: { kind: 'choice', values: [512, 1024] } },
  configurations: 2,
  rungs: [1, 2],
} satisfies TuningFile;

let out: string;
let first: Ended;
let events: TuningEvent[];

/** One tiny search that several tests look at. */
beforeAll(async () => {
  out = mkdtempSync(join(tmpdir(), 'dactyl-test-'));
  const log = join(out, 'events.jsonl');
  first = await dactyl(['tune', fileOf(SEARCH, out), '--out', out, '--events', log, '--jobs', '2']);
  events = readFileSync(log, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as TuningEvent);
});
afterAll(() => {
  rmSync(out, { recursive: true, force: true });
});

function fileOf(search: object, folder: string): string {
  const path = join(folder, 'search.json');
  writeFileSync(path, JSON.stringify(search, null, 2));
  return path;
}

const resultsIn = (folder: string): TuningResults =>
  JSON.parse(readFileSync(join(folder, 'tiny', 'results.json'), 'utf8')) as TuningResults;

/** All but the times and the machine. */
const found = ({ arms, tuningHash }: TuningResults): unknown => ({
  tuningHash,
  arms: arms.map(({ trials, ...rest }) => ({
    ...rest,
    trials: trials.map(({ seconds, ...trial }) => ({ ...trial, timed: seconds > 0 })),
  })),
});

test('prints every trial, who goes on, the best of each arm and what to run next', () => {
  expect({ exit: first.exit, stderr: first.stderr }).toEqual({ exit: 0, stderr: '' });
  expect(first.stdout).toMatch(/^tiny\nWhich batch\?\nReLU and Tanh: four\strials and six\sepochs each\. /);
  expect(
    first.stdout.match(/^(ReLU|Tanh) (#\d|as it stands), .*: validation accuracy 0\.\d{4}/gm),
  ).toHaveLength(8);
  expect(first.stdout).toMatch(/^Tanh: #[12] goes on to two\sepochs$/m);
  expect(first.stdout).toContain(`dactyl study run ${join(out, 'tiny', 'best.json')}`);
});

test('events: each trial once, promotions, never anything of the test set', () => {
  const of = (kind: TuningEvent['event']): number => events.filter(({ event }) => event === kind).length;
  expect(events[0]).toMatchObject({ event: 'tuning', name: 'tiny', trials: 8 });
  expect({ started: of('started'), finished: of('finished'), promoted: of('promoted') }).toEqual({
    started: 8,
    finished: 8,
    promoted: 2,
  });
  expect(of('epoch')).toBe(12);
  expect(events.at(-1)).toMatchObject({ event: 'report' });
  for (const text of [JSON.stringify(events), JSON.stringify(resultsIn(out)), first.stdout]) {
    expect(text).not.toMatch(/testAccuracy|testLoss|test accuracy/);
  }
});

test('writes results, the study of the best, the report, figures and tables', () => {
  expect(readdirSync(join(out, 'tiny')).sort()).toEqual([
    'best.json',
    'figures',
    'report.html',
    'results.json',
    'tables',
    'tuning.json',
  ]);
  const { arms } = resultsIn(out);
  const study = parseStudy(readFileSync(join(out, 'tiny', 'best.json'), 'utf8'), 'best.json');
  expect(study).toMatchObject({ name: 'tiny-best', seeds: [2, 3, 4, 5, 6, 7, 8, 9, 10, 11] });
  expect(study.arms.map(({ recipe }) => recipe)).toEqual(
    arms.map(({ trials, best }) => trials.find(({ key }) => key === best)!.recipe),
  );
  for (const { trials } of arms) {
    expect(trials.map(({ recipe }) => recipe.epochs)).toEqual([2, 1, 1, 2]);
  }
});

test('again: nothing is computed, the same is found', async () => {
  const before = resultsIn(out);
  const kept = keptTrials(out);
  const again = await dactyl(['tune', join(out, 'search.json'), '--out', out, '--quiet']);
  expect({ exit: again.exit, stderr: again.stderr }).toEqual({ exit: 0, stderr: '' });
  expect(again.stdout).not.toContain('validation accuracy');
  expect(found(resultsIn(out))).toEqual(found(before));
  expect(keptTrials(out)).toEqual(kept);
});

test('stopped and taken up, with one worker: the same to the bit', async () => {
  const place = temporaryFolder();
  const file = fileOf(SEARCH, place);
  const args = ['tune', file, '--out', place, '--jobs', '1'];
  const stopped = await dactyl(args, {
    signal: (stdout) => (stdout.includes('3 of 8)') ? 'SIGINT' : undefined),
  });
  expect(stopped.exit).toBe(130);
  expect(stopped.stderr).toMatch(
    /^dactyl: Stopped\. \d of 8 trials have ended and are kept\. The same command goes on from there\.\n$/,
  );
  const resumed = await dactyl(args);
  expect(resumed.stdout).toContain('kept from an earlier run');
  expect(found(resultsIn(place))).toEqual(found(resultsIn(out)));
});

test('as a library: the same results', async () => {
  const results = await runTuning(SEARCH, { out, workers: 2 });
  expect(found(results)).toEqual(found(resultsIn(out)));
  expect(bestStudy(results)?.name).toBe('tiny-best');
});

test('--dry-run lists the first rung with its keys and runs nothing', async () => {
  const place = temporaryFolder();
  const { exit, stdout } = await dactyl(['tune', fileOf(SEARCH, place), '--out', place, '--dry-run']);
  expect(exit).toBe(0);
  expect(stdout.match(/^(ReLU|Tanh) .* [0-9a-f]{16}$/gm)).toHaveLength(6);
  expect(stdout).toMatch(
    /Each arm: 2 for one\sepoch and 1 for two\sepochs, and the recipe as it stands; 4 trials, 6 epochs\./,
  );
  expect(readdirSync(place)).toEqual(['search.json']);
});

test.each<[string, (place: string) => object, RegExp]>([
  [
    'another search under the name',
    () => ({ ...SEARCH, seed: 2 }),
    /holds a search of this name with other settings .*\[E_MISMATCH\]$/,
  ],
  [
    'a file that is no search',
    () => ({ ...SEARCH, rungs: [2, 1] }),
    /search\.json, line 1: rungs: expected more epochs .*\[E_FORMAT\]$/,
  ],
])('refuses %s in one line', async (_, search, line) => {
  const place = temporaryFolder();
  const { exit, stderr } = await dactyl(['tune', fileOf(search(place), place), '--out', out]);
  expect(exit).toBe(1);
  expect(stderr.trimEnd()).toMatch(line);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
});

test('every trial fails: a report, and exit code 1', async () => {
  const place = temporaryFolder();
  const exploding = {
    ...SEARCH,
    recipe: { units: [8], optimizer: 'sgd', learningRate: 1e30 },
    arms: { relu: {} },
    rungs: [1],
  };
  const { exit, stderr } = await dactyl(['tune', fileOf(exploding, place), '--out', place, '--quiet']);
  expect(exit).toBe(1);
  expect(stderr).toMatch(/^dactyl: Every trial failed, so nothing was found: .*\[E_NUMERIC\]\n$/);
  expect(readFileSync(join(place, 'tiny', 'report.html'), 'utf8')).toContain('Every trial failed');
});
