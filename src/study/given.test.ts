import { expect, test } from 'vitest';
import { DactylError } from '../util/errors.ts';
import { checkedStudy, resolveStudy, type Study } from './configuration.ts';
import { checkedTuning, resolveTuning } from './tuning/configuration.ts';

const FILE = {
  name: 'given',
  question: 'Which?',
  arms: { relu: {}, tanh: { activation: 'tanh' } },
  seeds: 2,
};
const SEARCH = {
  name: 'search',
  question: 'Which?',
  arms: { relu: {} },
  space: { learningRate: { kind: 'uniform', from: 0.1, to: 0.2 } },
  configurations: 2,
  rungs: [1],
};

function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof DactylError && error.code === 'E_ARGUMENT') return error.message;
    throw error;
  }
  throw new Error('not refused');
}

test.each<[unknown, RegExp]>([
  [{ ...FILE, arms: { relu: { dropuot: 0.5 } } }, /unknown key "dropuot" in arms\.relu; .*"dropout"/],
  [{ ...FILE, firstsed: 3 }, /unknown key "firstsed" in the study; .*"firstSeed"/],
  [{ ...FILE, seeds: 0 }, /seeds: expected a value >= 1; received 0/],
  [{ ...FILE, seeds: NaN }, /seeds: expected a whole number; received NaN/],
  [{ ...FILE, seeds: 2n }, /seeds: expected a whole number; received 2n/],
  [{ ...FILE, name: '../x' }, /name: expected a name of letters.*received "\.\.\/x"/],
  [{ ...FILE, question: undefined }, /the study: the key "question" is missing/],
  [{ ...FILE, rules: { rope: 1e9 } }, /rules\.rope: expected a value <= 1/],
  [
    { ...FILE, arms: { '128': {}, '64': { units: [64] } } },
    /arms: expected names that are no whole numbers, received 64/,
  ],
  [
    { ...FILE, seeds: 10_000, split: { kind: 'folds', folds: 100, repeats: 1, groups: 'images' } },
    /200000 trials/,
  ],
  [null, /the study: expected an object.*received null/],
  ['studies/a.json', /the study: expected an object.*received "studies\/a\.json"/],
  [[], /the study: expected an object.*received \[\]/],
])('resolveStudy holds an object to the schema of files (%#)', (file, message) => {
  expect(refusal(() => resolveStudy(file as never))).toMatch(message);
});

test('options that are undefined are absent; one arm may be a whole number', () => {
  const study = resolveStudy({
    ...FILE,
    arms: { '64': {} },
    rules: undefined,
    firstSeed: undefined,
  } as never);
  expect(study.arms.map(({ name }) => name)).toEqual(['64']);
  expect(study.seeds).toEqual([1, 2]);
});

const STUDY = resolveStudy(FILE);

test.each<[(study: Study) => unknown, RegExp]>([
  [(study) => ({ ...study, name: 'a/b' }), /name: expected a name/],
  [(study) => ({ ...study, seeds: [] }), /seeds: expected at least one entry/],
  [(study) => ({ ...study, seeds: [1, 2, 1] }), /given: expected the seed 1 once/],
  [(study) => ({ ...study, arms: [study.arms[0], study.arms[0]] }), /given: expected the arm relu once/],
  [
    (study) => ({ ...study, arms: [study.arms[0], { ...study.arms[0], name: 'b' }] }),
    /relu and b are the same/,
  ],
  [
    (study) => ({ ...study, arms: [{ name: 'a', recipe: { ...study.arms[0].recipe, activation: 'rleu' } }] }),
    /'rleu'/,
  ],
  [(study) => ({ ...study, unheardOf: 1 }), /unknown key "unheardOf" in the study/],
  [(study) => ({ ...study, rules: { ...study.rules, goodTo: 0.1 } }), /goodFrom of at most goodTo/],
])('checkedStudy holds a study that a program says to the same (%#)', (change, message) => {
  expect(refusal(() => checkedStudy(change(STUDY) as Study))).toMatch(message);
  expect(checkedStudy(STUDY)).toEqual(STUDY);
});

test.each<[unknown, RegExp]>([
  [{ ...SEARCH, space: {} }, /space: expected at least one of learningRate, .*received \{\}/],
  [{ ...SEARCH, rungs: [2, 1] }, /rungs: expected more epochs on each/],
  [{ ...SEARCH, configuration: 3 }, /unknown key "configuration" in the search; .*"configurations"/],
  [{ ...SEARCH, arms: { '2': {}, '1': { dropout: 0.1 } } }, /no whole numbers, received 1/],
])('a search likewise (%#)', (file, message) => {
  expect(refusal(() => resolveTuning(file as never))).toMatch(message);
  const tuning = resolveTuning(SEARCH as never);
  expect(checkedTuning(tuning)).toEqual(tuning);
  expect(refusal(() => checkedTuning({ ...tuning, rungs: [2, 1] }))).toMatch(/rungs: expected more/);
  expect(refusal(() => checkedTuning({ ...tuning, name: '../x' }))).toMatch(/name: expected a name/);
});
