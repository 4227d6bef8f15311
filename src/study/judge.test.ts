import { expect, test } from 'vitest';
import { CLAIMS } from './claims.ts';
import { madeUpHistory, madeUpResults, shifted } from './fixtures/madeUp.ts';
import type { State } from './decision.ts';
import { correctVerdicts, distinctVerdicts, judgeClaims } from './judge.ts';
import { epochsTo, tellTurn } from './judgements/convergence.ts';
import { DEFAULT_RULES } from './rules.ts';
import { rankPairs } from './judgements/digits.ts';
import { fluctuation } from './judgements/stability.ts';
import type { Results } from './results.ts';
import type { Verdict } from './verdict.ts';
import { neededText, seedsForMargin } from './verdict.ts';

const PLAIN = /\u00a0/g;

/** State and sentence of each statement of a claim. */
function verdicts(results: Results, id: string): { state: string; sentence: string }[] {
  const judgement = judgeClaims(results).find(({ claim }) => claim.id === id)!;
  return judgement.verdicts.map(({ state, sentence }) => ({ state, sentence: sentence.replace(PLAIN, ' ') }));
}

const states = (results: Results, id: string) => verdicts(results, id).map(({ state }) => state);

/** ReLU's test accuracy minus Tanh's, seed by seed. */
const withDifferences = (differences: readonly number[]) =>
  madeUpResults({
    configuration: { seeds: differences.map((_, k) => k + 1) },
    trial: (activation, k) => ({ testAccuracy: 0.974 + (activation === 'relu' ? differences[k] : 0) }),
  });

test('every claim C1–C13 is judged, in order, with at least one statement', () => {
  const judgements = judgeClaims(madeUpResults());
  expect(judgements.map(({ claim }) => claim.id)).toEqual(Array.from({ length: 13 }, (_, i) => `C${i + 1}`));
  expect(judgements.every(({ verdicts }) => verdicts.length > 0)).toBe(true);
  expect(CLAIMS).toHaveLength(13);
});

// 0.33 and 0.43: SciPy's interval of these six differences, .0032649 to .0043351.
test('C1 is supported by a clear lead of ReLU, to two decimals of a point', () => {
  const [{ state, sentence }] = verdicts(
    withDifferences([0.003, 0.004, 0.0035, 0.0045, 0.004, 0.0038]),
    'C1',
  );
  expect(state).toBe('supported');
  expect(sentence).toContain('97.78 % with ReLU and 97.40 % with Tanh');
  expect(sentence).toContain('+0.38 points (95 % interval +0.33 to +0.43 points)');
});

test('a rule names the side of zero that supports its statement, and the numbers agree with it', () => {
  const rules = (id: string) =>
    judgeClaims(madeUpResults())
      .find(({ claim }) => claim.id === id)!
      .verdicts.map(({ rule }) => rule);
  const above = 'above zero supports the statement, below zero contradicts it';
  const below = 'below zero supports the statement, above zero contradicts it';
  // More accuracy of ReLU, and more fluctuation of it, are positive; faster, steadier and fewer errors are negative.
  for (const id of ['C1', 'C12']) expect(rules(id)[0]).toContain(above);
  for (const id of ['C3', 'C13']) expect(rules(id)[0]).toContain(below);
  expect(rules('C4')[0]).toContain(above);
  expect(rules('C4')[1]).toContain(below);
  expect(rules('C4')[2]).toContain(above);
  expect(rules('C4')[3]).toContain(below);
});

test('C1 is contradicted by a clear lead of Tanh', () => {
  const [{ state, sentence }] = verdicts(
    withDifferences([-0.003, -0.004, -0.0035, -0.0045, -0.004, -0.0038]),
    'C1',
  );
  expect(state).toBe('contradicted');
  expect(sentence).toContain('95 % interval −0.43 to −0.33 points');
});

test('five seeds decide no sign of C1, and the sentence says why', () => {
  for (const sign of [1, -1]) {
    const five = [0.003, 0.004, 0.0035, 0.0045, 0.004].map((by) => sign * by);
    const [{ state, sentence }] = verdicts(withDifferences(five), 'C1');
    expect(state).toBe('undecided');
    expect(sentence).toContain(', clear of zero, but fewer than six decide no sign.');
  }
});

test('C1 is equivalent within ±0.1 points, and undecided where the interval is wide', () => {
  expect(states(withDifferences([0.0001, -0.0001, 0, 0.0002, -0.0002, 0]), 'C1')).toEqual(['equivalent']);
  const [{ state, sentence }] = verdicts(
    withDifferences([0.004, -0.003, 0.002, -0.001, 0.003, -0.002]),
    'C1',
  );
  expect(state).toBe('undecided');
  expect(sentence).toMatch(/about \d+ seeds \(\d+ to \d+ by .*\) would find a difference of 0\.1 points/);
});

test('one seed leaves every interval claim undecided and says why', () => {
  const results = withDifferences([0.0033]);
  for (const id of ['C1', 'C3', 'C4', 'C5', 'C6', 'C9', 'C10', 'C12', 'C13']) {
    expect(new Set(states(results, id)), id).toEqual(new Set(['undecided']));
  }
  expect(verdicts(results, 'C1')[0].sentence).toContain('no measure of chance');
});

test('C2, C7 and C8 are not measured by training alone; of new writers nothing is known', () => {
  for (const id of ['C7', 'C8'])
    expect(new Set(states(madeUpResults(), id))).toEqual(new Set(['not measured']));
  expect(states(madeUpResults(), 'C2')).toEqual([
    'undecided',
    'not measured',
    'not measured',
    'not measured',
  ]);
});

test('a study judges the claims that it names, in the paper’s order', () => {
  const results = madeUpResults();
  const judged = judgeClaims({ ...results, study: { ...results.study, claims: ['C13', 'C1'] } });
  expect(judged.map(({ claim }) => claim.id)).toEqual(['C1', 'C13']);
});

test('epochs to a threshold are linear between epochs: .98 lies half way from .97 to .99', () => {
  expect(epochsTo([0.9, 0.97, 0.99], 0.98)).toBeCloseTo(2.5, 12);
  expect(epochsTo([0.99, 0.97], 0.98)).toBe(1);
  expect(epochsTo([0.9, 0.97], 0.98)).toBeNull();
});

test('C3 is supported where ReLU learns faster, contradicted where slower; a run that never arrives counts with all its epochs', () => {
  const faster = (by: number) =>
    madeUpResults({
      trial: (activation, k) =>
        activation === 'relu'
          ? { history: madeUpHistory({ accuracy: shifted('accuracy', by + k * 0.0001) }) }
          : { history: madeUpHistory({ accuracy: shifted('accuracy', k * 0.00001) }) },
    });
  expect(states(faster(0.003), 'C3')).toEqual(['supported', 'supported']);
  expect(states(faster(-0.001), 'C3')).toEqual(['contradicted', 'contradicted']);
  const [{ state, sentence }] = verdicts(faster(-0.02), 'C3');
  expect(state).toBe('contradicted');
  // ReLU never arrives, Tanh does after (.98 − .976)/.005 = .8 of the fourth epoch.
  expect(sentence).toContain('10.00 epochs with ReLU and 3.80 epochs with Tanh');
});

test('a sentence says of an interval only where it lies: what Holm opens is not said to be supported or contradicted', () => {
  // ReLU is slower to 98 % by .02 epochs, sd .0158 · √(5/4): t about 2.8 with 4 degrees, p about .05 of many.
  const results = madeUpResults({
    trial: (activation, k) => ({
      history: madeUpHistory({
        accuracy: shifted('accuracy', activation === 'relu' ? -0.0001 - 0.00002 * k * k : 0.0004 * (k % 2)),
      }),
    }),
  });
  const found = judgeClaims(results).find(({ claim }) => claim.id === 'C3')!.verdicts;
  expect(found.map(({ alone, state }) => [alone, state])).toEqual([
    ['contradicted', 'undecided'],
    ['contradicted', 'undecided'],
  ]);
  for (const { sentence } of found) {
    expect(sentence).toContain(
      'clear of zero on the other side than the statement says. Judged alone it would be',
    );
    expect(sentence).not.toMatch(/supports|contradicts/);
  }
});

test('C3 says that the order turns where ReLU is the first to 98 % and the last to 99 %', () => {
  const results = madeUpResults({
    trial: (activation, k) =>
      activation === 'relu'
        ? {
            history: madeUpHistory({
              accuracy: [0.92, 0.965, 0.979, 0.982, 0.985, 0.986, 0.987, 0.988, 0.989, 0.9905 + k * 0.0001],
            }),
          }
        : { history: madeUpHistory({ accuracy: shifted('accuracy', k * 0.00001) }) },
  });
  const [early, late] = verdicts(results, 'C3');
  expect([early.state, late.state]).toEqual(['supported', 'contradicted']);
  for (const { sentence } of [early, late])
    expect(sentence).toContain('The order turns between 98 % and 99 %');
});

test('C3: the order turns only where both statements are decided, opposite ways, after Holm', () => {
  const turns = (first: State, second: State) =>
    tellTurn(
      [first, second].map((state) => ({ state, sentence: 'Said.' })),
      DEFAULT_RULES,
    ).every(({ sentence }) => sentence.includes('The order turns'));
  expect(turns('supported', 'contradicted')).toBe(true);
  expect(turns('contradicted', 'supported')).toBe(true);
  for (const state of ['supported', 'contradicted', 'undecided'] as const) {
    expect(turns(state, 'undecided')).toBe(false);
    expect(turns(state, state)).toBe(false);
  }
});

test('fluctuation is the sd of changes after the window begins: of +1, −1, +1 it is √(4/3)', () => {
  expect(fluctuation([9, 9, 9, 0, 1, 0, 1], 4)).toBeCloseTo(Math.sqrt(4 / 3), 12);
});

test('C4 is judged both ways: where Tanh jumps, the first way is contradicted and the second supported', () => {
  const results = madeUpResults({
    trial: (activation, k) => ({
      history: madeUpHistory({
        val_accuracy: shifted('val_accuracy', 0).map(
          (value, i) => value + (i % 2) * (activation === 'tanh' ? 0.004 + k * 0.0002 : 0.0002),
        ),
      }),
    }),
  });
  // The losses of all runs are the same.
  expect(states(results, 'C4')).toEqual(['contradicted', 'supported', 'undecided', 'undecided']);
});

test('C6 is supported by a fall of accuracy and a rise of loss after epoch 6, contradicted by the reverse', () => {
  const end = (accuracy: number, loss: number) =>
    madeUpResults({
      trial: (_, k) => ({
        history: madeUpHistory({
          val_accuracy: [...Array.from({ length: 9 }, () => 0.975), 0.975 + accuracy + k * 0.0001],
          val_loss: [...Array.from({ length: 9 }, () => 0.09), 0.09 + loss + k * 0.0001],
        }),
      }),
    });
  expect(states(end(-0.005, 0.01), 'C6')).toEqual(['supported', 'supported']);
  expect(states(end(0.005, -0.01), 'C6')).toEqual(['contradicted', 'contradicted']);
  expect(states(end(-0.0002, 0.003), 'C6')).toEqual(['equivalent', 'equivalent']);
});

test('C6 of five seeds is undecided where six decide, and says why', () => {
  const of = (seeds: readonly number[]) =>
    verdicts(
      madeUpResults({
        configuration: { seeds: [...seeds] },
        trial: (_, k) => ({
          history: madeUpHistory({
            val_accuracy: [...Array.from({ length: 9 }, () => 0.975), 0.97 + k * 0.0001],
            val_loss: [...Array.from({ length: 9 }, () => 0.09), 0.1 + k * 0.0001],
          }),
        }),
      }),
      'C6',
    );
  expect(of([1, 2, 3, 4, 5, 6]).map(({ state }) => state)).toEqual(['supported', 'supported']);
  for (const { state, sentence } of of([1, 2, 3, 4, 5])) {
    expect(state).toBe('undecided');
    expect(sentence).toContain(': clear of zero, but fewer than six decide no sign.');
  }
});

test('pairs are ranked by both directions together', () => {
  const matrix = [
    [9, 1, 2],
    [4, 9, 0],
    [2, 0, 9],
  ];
  expect(rankPairs(matrix)).toEqual([
    { a: 0, b: 1, aAsB: 1, bAsA: 4 },
    { a: 0, b: 2, aAsB: 2, bAsA: 2 },
    { a: 1, b: 2, aAsB: 0, bAsA: 0 },
  ]);
});

test('C12 and C13: a higher accuracy supports, a lower loss supports', () => {
  const results = madeUpResults({
    trial: (activation, k) =>
      activation === 'relu'
        ? {
            history: madeUpHistory({
              accuracy: shifted('accuracy', 0.003 + k * 0.0001),
              loss: shifted('loss', -0.006 + k * 0.0001),
              val_loss: shifted('val_loss', 0.006 + k * 0.0001),
            }),
          }
        : {},
  });
  expect(states(results, 'C12')).toEqual(['supported']);
  expect(states(results, 'C13')).toEqual(['supported', 'contradicted']);
});

test('other arms make every claim not applicable', () => {
  const results = madeUpResults({ configuration: { activations: ['relu', 'gelu'] } });
  const all = judgeClaims(results).flatMap(({ verdicts }) => verdicts);
  expect(new Set(all.map(({ state }) => state))).toEqual(new Set(['not applicable']));
  expect(all[0].sentence).toBe('The claim is about ReLU and Tanh; these runs compare ReLU and GELU.');
  const alone = madeUpResults({ configuration: { activations: ['tanh'] } });
  expect(judgeClaims(alone)[0].verdicts[0].sentence).toBe(
    'The claim is about ReLU and Tanh; these runs are of Tanh alone.',
  );
});

test('another recipe gives the numbers without a verdict', () => {
  const results = madeUpResults({ configuration: { dropout: 0.2 } });
  const [{ state, sentence }] = verdicts(results, 'C1');
  expect(state).toBe('not applicable');
  expect(sentence).toContain("By another recipe than the paper's, so this decides nothing about its claim.");
  expect(sentence).toContain('97.60 % with ReLU');
  expect(new Set(states(results, 'C7'))).toEqual(new Set(['not measured']));
});

test('a quick run decides nothing, and two epochs are too few for windows', () => {
  const results = madeUpResults({ configuration: { quick: true, epochs: 2 } });
  const found = judgeClaims(results).flatMap(({ verdicts }) => verdicts.map(({ state }) => state));
  expect(new Set(found)).toEqual(new Set(['not applicable', 'not measured', 'no fair measure']));
  expect(verdicts(results, 'C4')[0].sentence).toBe('Needs at least 6 epochs; these runs have 2.');
});

test('a third arm does not disturb the two, and a seed of one arm alone is left out', () => {
  const results = madeUpResults({
    configuration: { activations: ['tanh', 'gelu', 'relu'], seeds: [1, 2, 3, 4, 5, 6, 7] },
    trial: (activation, k) => ({ testAccuracy: 0.97 + (activation === 'relu' ? 0.003 + k * 0.0001 : 0) }),
  });
  const partial = {
    ...results,
    trials: results.trials.filter(({ activation, seed }) => !(activation === 'tanh' && seed === 7)),
  };
  const [{ state, sentence }] = verdicts(partial, 'C1');
  expect(state).toBe('supported');
  expect(sentence).toContain('Over six seeds');
});

// t of six differences with mean .0038, sd 5.0990e-4: 18.2546, p = 9.0694e-6 (SciPy 1.17: 2 * t.sf(18.2546, 5))
test('each test has the p of the t-test, both ways of C4 are one, and what is said twice is counted once', () => {
  const judgements = judgeClaims(withDifferences([0.003, 0.004, 0.0035, 0.0045, 0.004, 0.0038]));
  const [c1] = judgements[0].verdicts;
  expect(c1.p).toBeCloseTo(9.0693843e-6, 11);
  const all = judgements.flatMap(({ verdicts }) => verdicts);
  const distinct = distinctVerdicts(judgements);
  // C4 twice two ways, and the suite of corruptions in C2 and C7.
  expect(all.length - distinct.length).toBe(3);
  expect(new Set(distinct.map(({ test }) => test)).size).toBe(distinct.length);
});

const byHand = (test: string, p: number | null, state: State): Verdict => ({
  test,
  statement: test,
  state,
  measure: '',
  rule: '',
  numbers: [],
  sentence: 'Said.',
  p,
});

// Holm by hand over four: .001·4, .02·3, max(.06, .04·2) = .08, .2.
test('what Holm opens is undecided and says so; what is clear, equivalent or without a test stays; one test is one', () => {
  const corrected = correctVerdicts([
    { claim: CLAIMS[0], verdicts: [byHand('a', 0.001, 'supported'), byHand('b', 0.04, 'supported')] },
    { claim: CLAIMS[1], verdicts: [byHand('b', 0.04, 'contradicted'), byHand('c', 0.2, 'undecided')] },
    { claim: CLAIMS[2], verdicts: [byHand('d', 0.02, 'equivalent'), byHand('e', null, 'not measured')] },
  ]).flatMap(({ verdicts }) => verdicts);
  expect(corrected.map(({ holm }) => holm)).toEqual([0.004, 0.08, 0.08, 0.2, 0.06, null]);
  expect(corrected.map(({ state }) => state)).toEqual([
    'supported',
    'undecided',
    'undecided',
    'undecided',
    'equivalent',
    'not measured',
  ]);
  expect(corrected.map(({ alone }) => alone)).toEqual([
    'supported',
    'supported',
    'contradicted',
    'undecided',
    'equivalent',
    'not measured',
  ]);
  expect(corrected[1].sentence).toBe(
    'Said. Judged alone it would be supported; as one of 4 tests behind the claims it stays open (p by Holm 0.080).',
  );
  expect(corrected[0].sentence).toBe('Said.');
});

test('the rules of the study decide: a wider region makes the same lead equivalent, a later window is not measured', () => {
  const results = withDifferences([0.003, 0.004, 0.0035, 0.0045, 0.004, 0.0038]);
  const rules = { ...results.study.rules, rope: 0.005, overfittingFrom: 10, declineFrom: 9 };
  const changed = { ...results, study: { ...results.study, rules } };
  expect(states(changed, 'C1')).toEqual(['equivalent']);
  expect(new Set(states(changed, 'C5'))).toEqual(new Set(['not measured']));
});

test('a difference too small to matter has no sign either from five seeds', () => {
  const five = [-1, 0, 1, 0, -1].map((k) => 0.0004 + k * 0.00002);
  const [{ state, sentence }] = verdicts(withDifferences(five), 'C1');
  expect(state).toBe('equivalent');
  expect(sentence).toContain('so any difference is below the margin of 0.1 points');
});

test('a difference too small to matter is said to be of the sign stated, of the opposite one, or of neither', () => {
  const sentence = (differences: readonly number[]) =>
    verdicts(withDifferences(differences), 'C1')[0].sentence;
  const near = (mean: number) => [-1, 0, 1, 0, -1, 1].map((k) => mean + k * 0.00002);
  expect(sentence(near(0.0004))).toContain('so it is of the sign stated, but below the margin of 0.1 points');
  expect(sentence(near(-0.0004))).toContain('so it is of the opposite sign, below the margin of 0.1 points');
  expect(sentence(near(0))).toContain('so any difference is below the margin of 0.1 points');
});

test('seeds needed: more than there are, or enough already; then also how many would show that there is none', () => {
  const plan = { find: 69, findLow: 25, findHigh: 570, exclude: 90 };
  const text = (n: number) => neededText(plan, n, '0.1 points').replace(PLAIN, ' ');
  expect(text(68)).toMatch(
    /^With this spread about 69 seeds \(25 to 570 by .*\) would find a difference of 0\.1 points/,
  );
  expect(text(69)).toMatch(
    /^With this spread 69 seeds find a difference of 0\.1 points, .* 80 % or more; were there none, about 90 seeds/,
  );
  expect(text(90)).toMatch(/80 % or more\.$/);
});

// By SciPy's noncentral t, three pairs whose differences have a tenth of the margin as sd find it with a chance of 80 %, and 68 with 2.881 margins.
test('fewer than six seeds are never enough to find a difference', () => {
  expect(seedsForMargin(0.001, 0.0001, 5)).toMatchObject({ find: 6, findLow: 6, findHigh: 6 });
  expect(seedsForMargin(0.001, 0.002881, 5).find).toBe(68);
});

// By SciPy's noncentral t, difference .001 and sd .0028810 take 68 pairs for a power of .8.
test('the seeds that an undecided C1 needs are of the exact power of the t-test', () => {
  const [{ sentence }] = verdicts(withDifferences([0.004, -0.003, 0.002, -0.001, 0.003, -0.002]), 'C1');
  expect(sentence).toContain('about 68 seeds (');
});
