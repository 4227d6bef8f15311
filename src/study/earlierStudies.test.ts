import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { earlierFile, earlierRuns } from '../../test/support/earlier.ts';
import type { Study } from './configuration.ts';
import { DEFAULT_RULES, studyHash } from './configuration.ts';
import { hashesOf, presentStudy } from './earlierStudies.ts';
import { trialsOf } from './study.ts';
import { parseStudy } from './studyFile.ts';

interface Recorded {
  study: Study;
  studyHash: string;
  trials: { key: string }[];
}

function recorded(path: string): Recorded {
  return JSON.parse(readFileSync(`${earlierRuns()}/${path}`, 'utf8')) as Recorded;
}

test('a file is known under the hash that version 0.1.0 recorded of it, and its trials keep their keys', () => {
  const study = parseStudy(earlierFile('tiny'), 'tiny.json');
  const { studyHash: before, trials } = recorded('tiny/results.json');
  expect(hashesOf(study)).toEqual([studyHash(study), before]);
  expect(trialsOf(study).map(({ key }) => key)).toEqual(trials.map(({ key }) => key));
  const folds = parseStudy(earlierFile('folds'), 'folds.json');
  expect(hashesOf(folds)).toContain(recorded('tiny-folds/study.json').studyHash);
});

test('a record of version 0.1.0 is the same study: it states the rules that are not the defaults of then, and has those of today otherwise', () => {
  const { study } = recorded('tiny/study.json');
  const present = presentStudy(study) as Study;
  expect(present.ownRules).toEqual({ rope: 0.002 });
  expect(present.rules).toEqual({ ...DEFAULT_RULES, rope: 0.002 });
  expect(studyHash(present)).toBe(studyHash(parseStudy(earlierFile('tiny'), 'tiny.json')));
});

test('another question, arm, split, claim or stated rule is another study; another default or its version is not', () => {
  const { studyHash: before } = recorded('tiny/study.json');
  const file = JSON.parse(earlierFile('tiny')) as Record<string, unknown>;
  const of = (change: object): Study => parseStudy(JSON.stringify({ ...file, ...change }), 'changed.json');
  for (const change of [
    { question: 'Another?' },
    { arms: { tanh: { activation: 'tanh' } } },
    { split: { kind: 'holdout' } },
    { claims: ['C1'] },
    { rules: { rope: 0.003 } },
    { rules: {} },
  ]) {
    expect(hashesOf(of(change))).not.toContain(before);
  }
  // A default that is stated is the same rule; then it is the author's, and stays when the default changes.
  expect(hashesOf(of({ rules: { rope: 0.002, declineFrom: 6 } }))).toContain(before);
});

test('recorded by a version with other defaults: the stated rules stay, the others are those of today; the hash stays', () => {
  const stated = { ...parseStudy(earlierFile('tiny'), 'tiny.json') };
  const then = { ...stated, rules: { ...stated.rules, declineFrom: 7 } };
  expect(presentStudy(then)).toEqual(stated);
  expect(studyHash(presentStudy(then) as Study)).toBe(studyHash(stated));
});
