import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { StudyEvent, StudyFile } from '../../src/index.ts';
import type { Results } from '../../src/study/results.ts';
import { type Ended, keptTrials, temporaryFolder } from './dactyl.ts';

/** The trials of the tiny comparison of dactyl.ts. */
export const STUDY = {
  name: 'tiny',
  question: 'Which?',
  recipe: { units: [8], epochs: 1 },
  arms: { relu: {}, tanh: { activation: 'tanh' } },
  seeds: 2,
} satisfies StudyFile;

/** Some seconds of training in one trial. */
export const LONG = { ...STUDY, name: 'long', recipe: { units: [64, 64], epochs: 6 }, seeds: 1 };

/** Writes a study file; returns its path. */
export function fileOf(study: object, folder: string): string {
  const path = join(folder, 'study.json');
  writeFileSync(path, JSON.stringify(study, null, 2));
  return path;
}

export function eventsIn(text: string): StudyEvent[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as StudyEvent);
}

export function resultsIn(folder: string): Results {
  return JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8')) as Results;
}

/** A copy of a folder of studies and their trials. */
export function copyOf(out: string): string {
  const place = temporaryFolder();
  spawnSync('cp', ['-r', `${out}/.`, place]);
  return place;
}

/** Trials that are there as a whole. */
export function endedTrials(place: string): string[] {
  return keptTrials(place).filter((name) => /^[0-9a-f]{64}$/.test(name));
}

export function hashesIn(place: string, name: string): string[] {
  return resultsIn(join(place, name)).trials.map(
    ({ arm, seed, weightsHash, testLoss }) => `${arm}/${seed} ${weightsHash.join(' ')} ${testLoss}`,
  );
}

export function expectOneLine({ exit, stdout, stderr }: Ended, line: RegExp): void {
  expect(stderr).toMatch(line);
  expect(stdout).not.toMatch(/\n\s+at /);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  expect(stderr).not.toMatch(/\n\s+at |node:internal/);
  expect(exit).toBe(1);
}
