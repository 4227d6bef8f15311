import { expect, test } from 'vitest';
import type { PartName } from '../../analysis/evaluation/parts.ts';
import { madeUpRobustness } from '../../analysis/robustness/fixtures/madeUp.ts';
import { armsOf } from '../arm.ts';
import { DEFAULT_RULES } from '../configuration.ts';
import { evidenceOf } from '../evaluation/evidence.ts';
import { measuresOf } from '../evaluation/measures.ts';
import type { NetworkMeasures } from '../evaluation/networkMeasures.ts';
import type { Evaluation } from '../evaluation/record.ts';
import { madeUpResults } from '../fixtures/madeUp.ts';
import { judgeClaims } from '../judge.ts';
import { paperArms } from '../paper.ts';
import type { PaperArms, Verdict } from '../verdict.ts';
import { judgeGeneralisation } from './generalisation.ts';
import { judgeNoise } from './noise.ts';
import { judgeSensitivity } from './sensitivity.ts';

const results = madeUpResults();

/** ReLU's measures and test accuracies are Tanh's and `lead` more, seed by seed. */
function arms(lead: readonly number[], all: Required<NetworkMeasures> = LEVELS): PaperArms {
  const measures = new Map(
    results.trials.map(({ key, arm, seed }) => {
      const by = arm === 'relu' ? lead[seed - 1] : 0;
      return [key, Object.fromEntries(Object.entries(all).map(([name, value]) => [name, value + by]))];
    }),
  );
  const trials = results.trials.map((trial) => ({
    ...trial,
    testAccuracy: 0.97 + (trial.arm === 'relu' ? lead[trial.seed - 1] : 0),
  }));
  return {
    ...paperArms(armsOf({ ...results, trials }))!,
    study: results.study,
    rules: DEFAULT_RULES,
    measures,
  };
}

const LEVELS: Required<NetworkMeasures> = {
  accuracy: 0.91,
  corrected: 0.92,
  suite: 0.7,
  shifted: 0.6,
  noise: 0.5,
  gradientNorm: 0.41,
  relativeSlope: 0.43,
  adversarial: 0.3,
};

const CLEAR = [0.003, 0.004, 0.0035, 0.0045, 0.004, 0.0038];
const OPEN = [0.004, -0.004, 0.003, -0.003, 0.001, -0.001];
const NONE = [0.0001, -0.0001, 0.0001, -0.0001, 0, 0];
const judges = { judgeGeneralisation, judgeNoise, judgeSensitivity };
const states = (verdicts: readonly Verdict[]) => verdicts.map(({ state }) => state);
const turned = (lead: readonly number[]) => lead.map((by) => -by);

test.each(['judgeGeneralisation', 'judgeNoise'] as const)(
  '%s: more accuracy of ReLU supports, less contradicts',
  (name) => {
    // What is said of new writers has a test of its own.
    const judge = (paper: PaperArms) => judges[name](paper).filter(({ test }) => test !== 'C2 writers');
    expect(new Set(states(judge(arms(CLEAR))))).toEqual(new Set(['supported']));
    expect(new Set(states(judge(arms(turned(CLEAR)))))).toEqual(new Set(['contradicted']));
    expect(new Set(states(judge(arms(NONE))))).toEqual(new Set(['equivalent']));
    const open = judge(arms(OPEN));
    expect(new Set(states(open))).toEqual(new Set(['undecided']));
    expect(open[0].sentence).toMatch(/seeds .* would find a difference/);
  },
);

test('C2 on new writers is decided by the interval over seeds and writers, and open without it', () => {
  const judge = (low: number, high: number) =>
    judgeGeneralisation({ ...arms(CLEAR), overWriters: { mean: (low + high) / 2, low, high, p: 0.01 } })[0];
  expect(judge(0.0002, 0.004).state).toBe('supported');
  expect(judge(-0.004, -0.0002).state).toBe('contradicted');
  expect(judge(-0.0009, 0.0008).state).toBe('equivalent');
  expect(judge(-0.002, 0.001).state).toBe('undecided');
  const [without] = judgeGeneralisation(arms(CLEAR));
  expect([without.state, without.p]).toEqual(['undecided', null]);
  expect(without.sentence).toContain('--writers');
});

test('C2 on new writers: five seeds in either arm decide no sign, and the sentence says why', () => {
  const paper = { ...arms(CLEAR), overWriters: { mean: 0.002, low: 0.0002, high: 0.004, p: 0.01 } };
  const five = (name: 'relu' | 'tanh') => ({ ...paper[name], trials: paper[name].trials.slice(0, 5) });
  const few = ', clear of zero, but fewer than six decide no sign.';
  expect(judgeGeneralisation(paper)[0].sentence).not.toContain(few);
  for (const fewer of [{ relu: five('relu') }, { tanh: five('tanh') }]) {
    const [{ state, sentence }] = judgeGeneralisation({ ...paper, ...fewer });
    expect(state).toBe('undecided');
    expect(sentence).toContain(few);
  }
  const small = {
    ...paper,
    relu: five('relu'),
    overWriters: { mean: 0, low: -0.0009, high: 0.0008, p: 0.9 },
  };
  expect(judgeGeneralisation(small)[0].state).toBe('equivalent');
});

test('C2 on new writers: six seeds of which two are equal decide no sign, and the sentence says why', () => {
  const overWriters = { mean: 0.002, low: 0.0002, high: 0.004, p: 0.01 };
  const [{ state, sentence }] = judgeGeneralisation({
    ...arms([0.003, 0.004, 0, 0.0045, 0, 0.0038]),
    overWriters,
  });
  expect(state).toBe('undecided');
  expect(sentence).toContain(', but only 4 of 6 differ from zero, and fewer than six decide no sign.');
});

test('C8: larger gradients and slopes of ReLU contradict, more accuracy under attack supports; no region counts as equal where slopes are compared', () => {
  expect(states(judgeSensitivity(arms(CLEAR)))).toEqual(['contradicted', 'contradicted', 'supported']);
  expect(states(judgeSensitivity(arms(turned(CLEAR))))).toEqual(['supported', 'supported', 'contradicted']);
  expect(states(judgeSensitivity(arms(NONE)))).toEqual(['undecided', 'undecided', 'equivalent']);
});

test('the same difference with every seed decides nothing, not even that it is small', () => {
  for (const by of [0.004, 0, -0.004]) {
    const equal = new Array<number>(6).fill(by);
    for (const name of ['judgeNoise', 'judgeSensitivity'] as const) {
      const verdicts = judges[name](arms(equal));
      expect(new Set(states(verdicts))).toEqual(new Set(['undecided']));
      expect(verdicts.map(({ p }) => p)).toEqual(verdicts.map(() => 1));
      expect(verdicts[0].sentence).toContain('(no interval: the same each time)');
      expect(verdicts[0].sentence).toContain('Every seed gives the same, so there is no measure of chance');
    }
  }
});

test('each statement is judged by its own measure', () => {
  const levels = (verdicts: readonly Verdict[]) =>
    verdicts.map(({ numbers }) =>
      numbers.find(({ label }) => label === 'Tanh')!.value.replace('\u00a0', ' '),
    );
  const same = arms(NONE);
  expect(levels(judgeGeneralisation(same).slice(1))).toEqual(['92.00 %', '60.00 %', '70.00 %']);
  expect(levels(judgeNoise(same))).toEqual(['50.00 %', '70.00 %']);
  expect(levels(judgeSensitivity(same))).toEqual(['0.410', '0.430', '30.00 %']);
});

test('what was not measured says which command measures it, statement by statement', () => {
  const some = arms(NONE);
  const measures = new Map(
    [...some.measures!].map(([key, { suite: _, ...rest }]): [string, NetworkMeasures] => [key, rest]),
  );
  const verdicts = judgeGeneralisation({ ...some, measures });
  expect(states(verdicts)).toEqual(['undecided', 'equivalent', 'equivalent', 'not measured']);
  expect(verdicts[3].sentence).toContain('dactyl evaluate runs/made-up measures it');
  const elsewhere = judgeGeneralisation({ ...some, measures, folder: 'my runs/made-up' });
  expect(elsewhere[0].sentence).toContain('dactyl evaluate "my runs/made-up" --writers');
  expect(elsewhere[3].sentence).toContain('dactyl evaluate "my runs/made-up" measures it');
});

test('only seeds measured in both arms are paired', () => {
  const some = arms(CLEAR);
  const [first] = results.trials;
  const verdict = judgeNoise({
    ...some,
    measures: new Map([...some.measures!].filter(([key]) => key !== first.key)),
  })[0];
  expect(verdict.sentence).toMatch(/Over five.seeds/);
});

/** ReLU's less Tanh's: −.21, −.18, −.21, −.21, −.18 and −.21 points. */
const correctedOf = (k: number): number => 0.8 + k / 500 + (k % 3) / 10_000;

const answers = {
  images: 10_000,
  subjects: results.trials.map(({ arm, seed, activation, weightsHash }, k) => ({
    arm,
    seed,
    activation,
    hash: weightsHash[9],
    confusion: [],
    accuracy: 0.9 + k / 1000,
    mnist: { corrected: correctedOf(k), students: 0.7, employees: 0.9 },
  })),
};

const evaluation = (changes: Partial<Evaluation> = {}): Evaluation => ({
  format: 'dactyl-evaluation/1',
  target: { kind: 'study', name: 'made-up', hash: results.studyHash, quickStudy: false },
  command: '',
  quick: false,
  environment: results.environment,
  data: { trainImages: 60_000, testImages: 10_000, own: false, writers: null, files: [] },
  arms: [],
  networks: results.trials.map(({ arm, seed, activation, weightsHash, key }) => ({
    arm,
    seed,
    activation,
    hash: weightsHash[9],
    trial: key,
  })),
  parts: [{ part: 'answers', version: 1, key: '', networks: [], seconds: 1, sha256: '', result: answers }],
  missing: [],
  evidence: evidenceOf(null, []),
  costs: { matrix: [], source: null },
  watts: null,
  ...changes,
});

test('measures go to the trial whose network they are of; a quick evaluation and other images decide nothing', () => {
  const measures = measuresOf(evaluation());
  results.trials.forEach(({ key }, k) => {
    expect(measures.get(key)).toEqual({ accuracy: 0.9 + k / 1000, corrected: correctedOf(k) });
  });
  expect(measuresOf(evaluation({ quick: true })).size).toBe(0);
  expect(measuresOf(evaluation({ data: { ...evaluation().data, own: true } })).size).toBe(0);
});

test('each measure of the evaluation goes where the claims look for it', () => {
  const robustness = madeUpRobustness(
    { relu: [0.9] },
    { under: (accuracy, name) => (name === 'translate' ? 0.3 : name === 'fog' ? 0.6 : accuracy) },
  );
  const name = { arm: 'relu', activation: 'relu', seed: 0, hash: 'relu0' };
  const adversarial = {
    settings: { reference: 0.05 },
    images: 200,
    subjects: [
      {
        ...name,
        clean: 190,
        rungs: {
          linf: [0.03, 0.05, 0.1].map((epsilon, k) => ({
            epsilon,
            images: 200,
            fast: 150,
            best: 100 - 40 * k,
          })),
        },
      },
    ],
  };
  const layer = { low: 0.25, high: 0.125, units: 8, dead: 0 };
  const sensitivity = {
    subjects: [
      {
        ...name,
        gradients: { loss: { mean: 0.02 }, margin: { mean: 3 } },
        lipschitz: { at: { mean: 4 }, around: { mean: 5 }, relative: { quantiles: [1, 2, 3, 4, 5] } },
        layers: [layer, { ...layer, high: 0.375, units: 24 }],
      },
    ],
  };
  const part = (part: PartName, result: unknown) => ({
    part,
    version: 1,
    key: '',
    networks: [],
    seconds: 1,
    sha256: '',
    result,
  });
  const measures = measuresOf(
    evaluation({
      networks: [{ ...name, trial: 'a trial' }],
      parts: [
        part('robustness', robustness),
        part('adversarial', adversarial),
        part('sensitivity', sensitivity),
      ],
    }),
  ).get('a trial')!;
  const { noise, suite, ...others } = measures;
  // 13 corruptions at .9, translate, fog.
  expect(suite).toBeCloseTo((13 * 0.9 + 0.3 + 0.6) / 15, 12);
  // Areas from .98 without noise to .9 with the least: first steps of .1 of .8 and .05 of .5, trapezoids.
  expect(noise).toBeCloseTo(0.9 + (0.04 * (1 / 8 + 1 / 10)) / 2, 12);
  expect(others).toEqual({
    shifted: 0.3,
    adversarial: 60 / 200,
    gradientNorm: 0.02,
    relativeSlope: 3,
  });
});

test('with an evaluation the claims that need one are judged as far as it goes', () => {
  const of = (id: string) =>
    judgeClaims(results, { measures: measuresOf(evaluation()) }).find(({ claim }) => claim.id === id)!;
  expect(states(of('C2').verdicts)).toEqual(['undecided', 'contradicted', 'not measured', 'not measured']);
  expect(states(of('C7').verdicts)).toEqual(['not measured', 'not measured']);
});
