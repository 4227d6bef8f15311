import { expect, test } from 'vitest';
import { mean } from '../../stats/describe.ts';
import { anytimeInterval } from '../../stats/sequential.ts';
import { DEFAULT_RULES } from '../configuration.ts';
import { madeUpConfusion, madeUpHistory, madeUpResults } from '../fixtures/madeUp.ts';
import { judgeClaims, type Judgement } from '../judge.ts';
import { PAPER } from '../paper.ts';
import type { TrialResult } from '../results.ts';
import type { Results, StudyTrial } from '../results.ts';
import { Random } from '../../util/random.ts';

const SEEDS = Array.from({ length: 20 }, (_, k) => k + 1);
/** Of twenty runs: mean 0, sd 1.026. */
const NOISE = SEEDS.map((_, k) => (k % 2 === 0 ? 1 : -1));

const times = (n: number, state: string): string[] => Array.from({ length: n }, () => state);

const study = (trial: (arm: string, k: number) => Partial<TrialResult>) =>
  madeUpResults({ configuration: { seeds: SEEDS }, trial });

/** States by the rules alone: one made-up study is not a family. */
function alone(results: Results, id: string): string[] {
  return verdictsOf(judgeClaims(results), id).map((verdict) => verdict.alone);
}

function verdictsOf(judgements: readonly Judgement[], id: string): Judgement['verdicts'] {
  return judgements.find(({ claim }) => claim.id === id)!.verdicts;
}

/** Changes from epoch 5 to the last; the noise of accuracy has an interval of ±.048 of `noise`, in points or .01 nats. */
const changing = (changes: Record<string, readonly [accuracy: number, loss: number]>, noise = 0.0001) =>
  study((arm, k) => ({
    history: madeUpHistory({
      val_accuracy: [...new Array<number>(9).fill(0.975), 0.975 + changes[arm][0] + noise * NOISE[k]],
      val_loss: [...new Array<number>(9).fill(0.09), 0.09 + changes[arm][1] + noise * NOISE[k]],
    }),
  }));

test.each([
  // ReLU accuracy, loss; Tanh accuracy, loss: ReLU alone by accuracy, by loss; Tanh by accuracy, by loss.
  [[-0.005, 0.01], [0, 0], 'supported', 'supported', 'equivalent', 'equivalent'],
  [[-0.005, 0.01], [-0.005, 0.01], 'contradicted', 'contradicted', 'supported', 'supported'],
  [[0.005, -0.01], [0, 0], 'contradicted', 'contradicted', 'equivalent', 'equivalent'],
  // For the better, but by less than the margin, contradicts nothing.
  [[0.0003, -0.001], [0, 0], 'equivalent', 'equivalent', 'equivalent', 'equivalent'],
  [[-0.0003, 0.001], [0, 0], 'equivalent', 'equivalent', 'equivalent', 'equivalent'],
  // Tanh's accuracy is better and its loss is lower by more than the margins: not stable either.
  [[-0.005, 0.01], [0.005, -0.01], 'contradicted', 'contradicted', 'contradicted', 'contradicted'],
  // On the border of the margin nothing is shown.
  [[-0.005, 0.01], [0.001, 0.004], 'undecided', 'undecided', 'contradicted', 'supported'],
] as const)('C5: ReLU changes by %j, Tanh by %j', (relu, tanh, ...expected) => {
  expect(alone(changing({ relu, tanh }), 'C5')).toEqual(expected);
});

test('C5: with wide intervals nothing is decided, and an interval that touches zero is not stability', () => {
  expect(alone(changing({ relu: [-0.001, 0.002], tanh: [0, 0] }, 0.01), 'C5')).toEqual(times(4, 'undecided'));
});

// Student's t with 19 degrees: 2.093 at .05, 2.433 at .025 (SciPy). ReLU's accuracy rises, sd 1.026·.005.
test('C5: one of two parts that would contradict has to do so at half the level', () => {
  const rising = (t: number) =>
    changing({ relu: [(t * 0.005 * Math.sqrt(20 / 19)) / Math.sqrt(20), 0], tanh: [0, 0] }, 0.005);
  const of = (t: number) => verdictsOf(judgeClaims(rising(t)), 'C5')[0];
  expect(of(2.2).alone).toBe('undecided');
  expect(of(2.2).p).toBeGreaterThan(0.05);
  expect(of(2.5).alone).toBe('contradicted');
  expect(of(2.433).p).toBeCloseTo(0.05, 3);
});

// ReLU's accuracy rises by .5 points, sd .0001, or Tanh's changes by five times the margin: against either part at half the level.
test('C5 is contradicted by six seeds, but not by five, whichever arm has them, and says why', () => {
  const of = (relu: number, tanh: number, runs: { relu: number; tanh: number }) => {
    const results = changing({ relu: [relu, 0], tanh: [tanh, 0] });
    const trials = results.trials.filter(({ arm, seed }) => seed <= runs[arm as 'relu' | 'tanh']);
    const [verdict] = verdictsOf(judgeClaims({ ...results, trials }), 'C5');
    return verdict;
  };
  for (const [relu, tanh] of [
    [0.005, 0],
    [0, 0.005],
    [0, -0.005],
  ] as const) {
    expect(of(relu, tanh, { relu: 6, tanh: 6 }).alone).toBe('contradicted');
    for (const runs of [
      { relu: 5, tanh: 5 },
      { relu: 5, tanh: 6 },
      { relu: 6, tanh: 5 },
    ])
      expect(['undecided', 'equivalent']).toContain(of(relu, tanh, runs).alone);
    expect(of(relu, tanh, { relu: 5, tanh: 5 }).sentence).toContain('fewer than six decide no sign');
  }
});

const DRAWS = digitsOf((digit) => {
  const random = new Random(digit, 'recalls');
  const draws = SEEDS.map(() => random.normal());
  return draws.map((draw) => draw - mean(draws));
});

function digitsOf<T>(of: (digit: number) => T): T[] {
  return Array.from({ length: 10 }, (_, digit) => of(digit));
}

/** Recalls of ten digits as counts of 1,000 each, with a standard deviation of `noise` images. */
const withRecalls = (recalls: Record<string, readonly number[]>, noise = 1) =>
  study((arm, k) => ({
    confusionMatrix: recalls[arm].map((recall, t) => {
      const hits = recall + noise * DRAWS[t][k];
      return recalls[arm].map((_, p) => (p === t ? hits : p === (t + 1) % 10 ? 1000 - hits : 0));
    }),
  }));

const digits = (changes: Record<number, number>) => digitsOf((digit) => 970 + (changes[digit] ?? 0));

test('C9: each named digit against all rivals, each arm with the digits named for it', () => {
  const of = (relu: Record<number, number>, tanh = relu) =>
    alone(withRecalls({ relu: digits(relu), tanh: digits(tanh) }), 'C9');
  // 1 best; 6 and 8 worst: for Tanh 8 is a rival, and no better than 6.
  expect(of({ 1: 10, 6: -10, 8: -10 })).toEqual(['supported', 'supported', 'supported', 'undecided']);
  expect(of({ 1: 10, 6: -20, 8: -10 })).toEqual(['supported', 'supported', 'supported', 'supported']);
  expect(of({ 0: 20, 1: 10, 5: -20, 6: -10, 8: -10 })).toEqual(times(4, 'contradicted'));
  expect(of({ 1: 10, 6: -10, 8: -10 }, { 0: 20, 6: -10, 5: -20 })).toEqual([
    'supported',
    'contradicted',
    'supported',
    'contradicted',
  ]);
});

test('C9: equal digits are equivalent where the runs are close, undecided where they are not', () => {
  const equal = { relu: digits({}), tanh: digits({}) };
  expect(alone(withRecalls(equal, 0.2), 'C9')).toEqual(times(4, 'equivalent'));
  expect(alone(withRecalls(equal, 8), 'C9')).toEqual(times(4, 'undecided'));
  // Without any spread, neither equal digits nor others.
  expect(alone(withRecalls(equal, 0), 'C9')).toEqual(times(4, 'undecided'));
  const apart = { relu: digits({ 1: 10, 6: -10, 8: -10 }), tanh: digits({ 0: 20, 5: -20 }) };
  expect(alone(withRecalls(apart, 0), 'C9')).toEqual(times(4, 'undecided'));
});

/** The paper's pairs are confused most in the first `often[arm]` runs, five others in the rest. */
const confusing = (often: Record<string, number>) =>
  study((arm, k) => {
    const counts = madeUpConfusion(0);
    const others = [
      [0, 6],
      [1, 8],
      [2, 3],
      [5, 6],
      [0, 8],
    ];
    for (const [t, p] of k < often[arm] ? PAPER.confusedPairs[arm as 'relu' | 'tanh'] : others) {
      counts[t][p] += 25;
    }
    return { confusionMatrix: counts };
  });

// Binomial, 20 runs, one half: P(X ≥ 15) = .0207, P(X ≥ 14) = .0577; twice that is .041 and .115.
test('C10: a pair among the first five in 15 of 20 runs is supported, in 14 open, in 5 or none contradicted', () => {
  const of = (relu: number, tanh: number) => alone(confusing({ relu, tanh }), 'C10');
  expect(of(15, 14)).toEqual([...times(3, 'supported'), ...times(3, 'undecided')]);
  expect(of(5, 6)).toEqual([...times(3, 'contradicted'), ...times(3, 'undecided')]);
  expect(of(0, 20)).toEqual([...times(3, 'contradicted'), ...times(3, 'supported')]);
});

test('C10 names both directions and the pairs that lead', () => {
  const [first] = verdictsOf(judgeClaims(confusing({ relu: 20, tanh: 20 })), 'C10');
  expect(first.sentence).toContain('7→9 0.0, 9→7 25.0');
  expect(first.p).toBeCloseTo(2 / 2 ** 20, 12);
});

/** One value of the first epoch, in the first `k` runs of an arm; all others lie at .97. */
const starting = (value: number, often: Record<string, number>) =>
  study((arm, k) => ({
    history: madeUpHistory({
      val_accuracy: [k < often[arm] ? value : 0.97, ...new Array<number>(9).fill(0.97)],
    }),
  }));

test('C11: whole percents count, one run of twenty decides nothing, and what is enough has no fair measure', () => {
  const of = (value: number, relu: number, tanh: number) => alone(starting(value, { relu, tanh }), 'C11');
  const good = 'no fair measure';
  expect(of(0.9551, 20, 20)).toEqual(['supported', 'supported', good]);
  expect(of(0.955, 20, 20)).toEqual(['supported', 'supported', good]);
  expect(of(0.9849, 20, 20)).toEqual(['supported', 'supported', good]);
  expect(of(0.9549, 1, 20)).toEqual(['supported', 'contradicted', good]);
  expect(of(0.985, 20, 1)).toEqual(['contradicted', 'supported', good]);
  expect(of(0.9549, 10, 10)).toEqual(['undecided', 'undecided', good]);
});

test('C11: halves are rounded up whatever their binary form: .285 is 29 %', () => {
  const results = starting(0.285, { relu: 20, tanh: 20 });
  const rules = { ...DEFAULT_RULES, goodFrom: 0.29 };
  const states = alone({ ...results, study: { ...results.study, rules } }, 'C11');
  expect(states.slice(0, 2)).toEqual(['supported', 'supported']);
});

test('C9 of a study that stops when decided: always-valid intervals, 95 % together by Bonferroni over nine differences', () => {
  const recalls = { relu: digits({ 0: 0.5, 1: 10 }), tanh: digits({}) };
  const results = withRecalls(recalls);
  const sequential = { ...results, study: { ...results.study, stopping: 'until-decided' as const } };
  const [{ sentence }] = verdictsOf(judgeClaims(sequential), 'C9');
  // The digit 0 comes closest, by .95 points.
  const values = SEEDS.map((_, k) => (9.5 + DRAWS[1][k] - DRAWS[0][k]) / 1000);
  const { low, high } = anytimeInterval(values, { confidence: 1 - 0.05 / 9 });
  const [from, to] = [low, high].map((end) => `+${(100 * end).toFixed(2)}`);
  expect(sentence.replaceAll('\u00a0', ' ')).toContain(
    `The recall of 1 minus that of 0 is +0.95 points (${from} to ${to} points, all differences at once)`,
  );
});

/** Every measure of every run another, ReLU's and Tanh's drawn from two distributions. */
function drawn(seed: number): Results {
  const random = new Random(seed, 'rules');
  const lead = () => (random.uniform() - 0.5) * 0.01;
  const [accuracy, loss, relu, tanh] = [lead(), lead(), lead(), lead()];
  return study((arm) => {
    const by = arm === 'relu' ? 1 : 0;
    const jitter = () => 0.001 * random.normal();
    const end = arm === 'relu' ? relu : tanh;
    return {
      testAccuracy: 0.97 + by * accuracy + jitter(),
      history: {
        accuracy: madeUpHistory({}).accuracy.map((value) => value + by * loss * 0.3 + 0.1 * jitter()),
        loss: madeUpHistory({}).loss.map((value) => value + by * loss + jitter()),
        val_accuracy: madeUpHistory({}).val_accuracy.map((value, e) => value + (e > 6 ? end : 0) + jitter()),
        val_loss: madeUpHistory({}).val_loss.map((value, e) => value + (e > 6 ? end : 0) + jitter()),
      },
      confusionMatrix: madeUpConfusion(20).map((row, t) => {
        const extra = random.integer(12) + (t === 1 ? 0 : 5);
        return row.map((count, p) => count + (p === t ? -extra : p === (t + 2) % 10 ? extra : 0));
      }),
    };
  });
}

/** The runs of either arm under the other's name. */
function swapped(results: Results): Results {
  const partner = ({ arm, seed }: StudyTrial) =>
    results.trials.find((trial) => trial.arm !== arm && trial.seed === seed)!;
  return {
    ...results,
    trials: results.trials.map((trial) => ({
      ...partner(trial),
      arm: trial.arm,
      activation: trial.activation,
      key: trial.key,
    })),
  };
}

const OPPOSITE: Readonly<Record<string, string>> = {
  supported: 'contradicted',
  contradicted: 'supported',
};

test.each([1, 2, 3, 4, 5, 6, 7, 8])(
  'study %d: with the arms swapped comparisons turn round, and what is said of an arm is said of the other’s runs',
  (seed) => {
    const results = drawn(seed);
    const [one, other] = [judgeClaims(results), judgeClaims(swapped(results))];
    for (const id of ['C1', 'C3', 'C4', 'C12', 'C13']) {
      const before = verdictsOf(one, id);
      const after = verdictsOf(other, id);
      before.forEach(({ state, alone: rule, p }, k) => {
        expect(after[k].alone, id).toBe(OPPOSITE[rule] ?? rule);
        expect(after[k].p, id).toBeCloseTo(p!, 12);
        if (state === rule) expect(['undecided', OPPOSITE[state] ?? state]).toContain(after[k].state);
      });
    }
    // The digit 1 and the range are said of both arms, in turn.
    for (const [id, relu, tanh] of [
      ['C9', 0, 1],
      ['C11', 0, 1],
    ] as const) {
      const states = (judgements: readonly Judgement[]) =>
        verdictsOf(judgements, id).map((verdict) => verdict.alone);
      expect(states(other)[relu]).toBe(states(one)[tanh]);
      expect(states(other)[tanh]).toBe(states(one)[relu]);
    }
    // What is said of Tanh alone is after the swap decided by the runs that were ReLU's.
    const reluRuns = {
      ...results,
      trials: results.trials.map((trial) =>
        trial.arm === 'tanh'
          ? {
              ...trial,
              history: results.trials.find((run) => run.arm === 'relu' && run.seed === trial.seed)!.history,
            }
          : trial,
      ),
    };
    expect(alone(swapped(results), 'C6')).toEqual(alone(reluRuns, 'C6'));
  },
);

test('C10: relabelled, the pairs of an arm are looked for in the other’s runs', () => {
  const results = confusing({ relu: 20, tanh: 20 });
  expect(alone(results, 'C10')).toEqual(times(6, 'supported'));
  // ReLU's pairs 9/7, 5/3, 8/7; Tanh's 4/9, 3/5, 7/2: only 3/5 is in both.
  expect(alone(swapped(results), 'C10')[0]).toBe('contradicted');
  expect(alone(swapped(results), 'C10')[1]).toBe('supported');
  expect(alone(swapped(results), 'C10')[3]).toBe('contradicted');
});

test('a record without the newer rules is judged by their defaults', () => {
  const results = drawn(1);
  const { lossRope: _, lateAccuracy: __, ...old } = DEFAULT_RULES;
  const before = { ...results, study: { ...results.study, rules: old } };
  expect(judgeClaims(before)).toEqual(judgeClaims(results));
});
