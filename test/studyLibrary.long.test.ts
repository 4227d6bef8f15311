import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DactylError, runStudy, type StudyEvent } from '../src/index.ts';
import { dactyl, temporaryFolder } from './support/dactyl.ts';
import { copyOf, endedTrials, eventsIn, fileOf, LONG, resultsIn, STUDY } from './support/studies.ts';

let out: string;

/** One tiny study that several tests look at. */
beforeAll(async () => {
  out = mkdtempSync(join(tmpdir(), 'dactyl-test-'));
  await dactyl(['study', 'run', fileOf(STUDY, out), '--out', out]);
});
afterAll(() => {
  rmSync(out, { recursive: true, force: true });
});

describe('a trial that fails', () => {
  test('is recorded, reported, and not computed again; the others go on', async () => {
    const place = temporaryFolder();
    const study = { ...STUDY, arms: { relu: {}, wild: { learningRate: 1e30 } } };
    const file = fileOf({ ...study, arms: { ...study.arms, tanh: { activation: 'tanh' } } }, place);
    const all = await dactyl(['study', 'run', file, '--out', place]);
    // An arm of which nothing is left is compared with nothing; the others are, and the report is there.
    expect(all.exit).toBe(1);
    expect(all.stderr).toMatch(/^dactyl: Every trial of wild failed.*loss.*E_NUMERIC.*\n$/);
    expect(all.stdout).toMatch(/\nFailed, and in no number above: two.runs of wild\. The loss/);
    expect(resultsIn(join(place, 'tiny')).failures).toHaveLength(2);
    expect(readFileSync(join(place, 'tiny', 'report.html'), 'utf8')).toContain('Failed runs');
    expect(endedTrials(place)).toHaveLength(6);
    const status = await dactyl(['study', 'status', join(place, 'tiny')]);
    expect(status.stdout).toMatch(/\nwild +0 +2 +0\n/);
    const again = await dactyl(['study', 'run', file, '--out', place, '--events', '-']);
    const kinds = eventsIn(again.stdout).map((event) => ('reused' in event ? event.reused : event.event));
    expect(kinds).toEqual(['study', true, true, true, true, true, true, 'report']);
    expect(again.exit).toBe(1);
  });

  test('among finished ones of its arm: listed as a failure, its pair left out', async () => {
    const place = copyOf(out);
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
    const place = copyOf(out);
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
    expect(endedTrials(place)).toHaveLength(4);
    expect(existsSync(join(folder, 'record.json'))).toBe(true);
  });
});

describe('runStudy of the library', () => {
  test('is the same study: trials of the command line are reused, results are those of results.json', async () => {
    const place = copyOf(out);
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
    expect(endedTrials(place)).toHaveLength(2);
  });

  test('two at once in one process: E_LOCKED', async () => {
    const place = copyOf(out);
    const both = await Promise.allSettled([runStudy(STUDY, { out: place }), runStudy(STUDY, { out: place })]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const refused = both.find((one) => one.status === 'rejected');
    expect(refused?.reason).toMatchObject({ code: 'E_LOCKED' });
  });
});
