import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { trialsOf } from './study.ts';
import { parseStudy } from './studyFile.ts';
import { firstTrials } from './tuning/search.ts';
import { parseTuning } from './tuning/tuningFile.ts';

const STUDIES = new URL('../../studies/', import.meta.url);
const WRITERS = 'e'.repeat(64);

/** Names of the shipped study files. */
function shippedStudies(): string[] {
  return readdirSync(STUDIES).filter((file) => file.endsWith('.json'));
}

/** The trial keys that a shipped study plans with its first and its last seed, all folds of them; of a search the first and the last of each arm's first rung. */
function plannedKeys(file: string): Record<string, string> {
  const text = readFileSync(new URL(file, STUDIES), 'utf8');
  if (/"space"/.test(text)) {
    const tuning = parseTuning(text, file);
    const trials = firstTrials(tuning).filter(
      ({ configurationNumber: number }) =>
        number === null || number === 0 || number === tuning.configurations - 1,
    );
    return Object.fromEntries(
      trials.map(({ arm, configurationNumber, key }) => [
        `${arm}/${configurationNumber ?? 'as it stands'}`,
        key,
      ]),
    );
  }
  const study = parseStudy(text, file);
  const seeds = new Set([study.seeds[0], study.seeds[study.seeds.length - 1]]);
  const trials = trialsOf(study, WRITERS).filter(({ seed }) => seeds.has(seed));
  return Object.fromEntries(
    trials.map(({ arm, seed, fold, key }) => [`${arm}/${seed}${fold === null ? '' : `/${fold}`}`, key]),
  );
}

/** As they were before a recipe could name its layers; of studies with layers as they were first. */
const KEYS = JSON.parse(
  readFileSync(new URL('./fixtures/trialKeys.json', import.meta.url), 'utf8'),
) as Record<string, Record<string, string>>;

test.each(Object.keys(KEYS))('the trials of studies/%s keep their keys', (file) => {
  expect(plannedKeys(file)).toEqual(KEYS[file]);
});

test('every shipped study has its keys here', () => {
  expect(Object.keys(KEYS)).toEqual(shippedStudies());
});
