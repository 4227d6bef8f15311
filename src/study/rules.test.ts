import { expect, test } from 'vitest';
import { resolveStudy, studyHash } from './configuration.ts';
import { DEFAULT_RULES, ownRulesOf, rulesOf } from './rules.ts';

const study = (rules?: object) =>
  resolveStudy({
    name: 'x',
    question: 'Which?',
    arms: { relu: {}, tanh: { activation: 'tanh' } },
    seeds: 2,
    ...(rules && { rules }),
  });

test('a rule that a study states is its own, also where it is the default; any other that is not the default is too', () => {
  expect(ownRulesOf(study())).toEqual({});
  expect(ownRulesOf(study({ rope: DEFAULT_RULES.rope }))).toEqual({ rope: DEFAULT_RULES.rope });
  expect(ownRulesOf({ rules: { ...DEFAULT_RULES, goodTo: 0.99 } })).toEqual({ goodTo: 0.99 });
});

test('what is stated is in the hash, so that another default of a later version changes no study', () => {
  expect(studyHash(study({ rope: DEFAULT_RULES.rope }))).not.toBe(studyHash(study()));
  expect(studyHash(study({ rope: 0.002 }))).not.toBe(studyHash(study({ rope: DEFAULT_RULES.rope })));
});

test('rules that a record is too old to say are the defaults', () => {
  const { lossRope: _, lateAccuracy: __, ...old } = DEFAULT_RULES;
  expect(rulesOf({ rules: { ...old, rope: 0.002 } })).toEqual({ ...DEFAULT_RULES, rope: 0.002 });
});
