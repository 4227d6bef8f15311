import { expect, test } from 'vitest';
import { CLAIMS } from './claims.ts';
import { madeUpConfusion, madeUpHistory, madeUpResults, shifted } from './fixtures/madeUp.ts';
import { correctVerdicts, judgeClaims } from './judge.ts';
import { epochsTo } from './judgements/convergence.ts';
import { rankPairs } from './judgements/digits.ts';
import { fluctuation } from './judgements/stability.ts';
import type { Results } from './results.ts';

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

// 0.31 and 0.45: SciPy's interval of these five differences.
test('C1 is supported by a clear lead of ReLU, to two decimals of a point', () => {
  const [{ state, sentence }] = verdicts(withDifferences([0.003, 0.004, 0.0035, 0.0045, 0.004]), 'C1');
  expect(state).toBe('supported');
  expect(sentence).toContain('97.78 % with ReLU and 97.40 % with Tanh');
  expect(sentence).toContain('+0.38 points (95 % interval +0.31 to +0.45 points)');
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
});

test('C1 is contradicted by a clear lead of Tanh', () => {
  const [{ state, sentence }] = verdicts(withDifferences([-0.003, -0.004, -0.0035, -0.0045, -0.004]), 'C1');
  expect(state).toBe('contradicted');
  expect(sentence).toContain('95 % interval −0.45 to −0.31 points');
});

test('C1 is equivalent within ±0.1 points, and undecided where the interval is wide', () => {
  expect(states(withDifferences([0.0001, -0.0001, 0, 0.0002, -0.0002]), 'C1')).toEqual(['equivalent']);
  const [{ state, sentence }] = verdicts(withDifferences([0.004, -0.003, 0.002, -0.001, 0.003]), 'C1');
  expect(state).toBe('undecided');
  expect(sentence).toMatch(/about \d+ seeds would be needed to find a difference of 0\.1 points/);
});

test('one seed leaves every interval claim undecided and says why', () => {
  const results = withDifferences([0.0033]);
  for (const id of ['C1', 'C3', 'C4', 'C5', 'C6', 'C9', 'C10', 'C12', 'C13']) {
    expect(new Set(states(results, id)), id).toEqual(new Set(['undecided']));
  }
  expect(verdicts(results, 'C1')[0].sentence).toContain('no measure of chance');
});

test('C2, C7 and C8 are not measured by training alone', () => {
  for (const id of ['C2', 'C7', 'C8'])
    expect(new Set(states(madeUpResults(), id))).toEqual(new Set(['not measured']));
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

test('C3 is supported where ReLU learns faster, contradicted where slower, undecided where a run never arrives', () => {
  const faster = (by: number) =>
    madeUpResults({
      trial: (activation, k) =>
        activation === 'relu'
          ? { history: madeUpHistory({ accuracy: shifted('accuracy', by + k * 0.0001) }) }
          : {},
    });
  expect(states(faster(0.003), 'C3')).toEqual(['supported']);
  expect(states(faster(-0.003), 'C3')).toEqual(['contradicted']);
  const [{ state, sentence }] = verdicts(faster(-0.02), 'C3');
  expect(state).toBe('undecided');
  expect(sentence).toContain('Only 5 of 10 runs reach');
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
  expect(states(results, 'C4')).toEqual(['contradicted', 'supported']);
});

test('C5: both rise, so the contrast is contradicted and Tanh overfits; only ReLU rises, the other way round', () => {
  const rise = (relu: number, tanh: number) =>
    madeUpResults({
      trial: (activation, k) => ({
        history: madeUpHistory({
          val_loss: [
            0.1,
            0.1,
            0.1,
            0.1,
            0.1,
            0.1,
            0.1,
            0.1,
            0.1,
            0.1 + (activation === 'relu' ? relu : tanh) + k * 0.001,
          ],
        }),
      }),
    });
  expect(states(rise(0.02, 0.02), 'C5')).toEqual(['contradicted', 'supported']);
  expect(states(rise(0.02, -0.02), 'C5')).toEqual(['supported', 'contradicted']);
  expect(states(rise(-0.02, 0.02), 'C5')).toEqual(['contradicted', 'supported']);
  expect(states(rise(0.02, -0.002), 'C5')).toEqual(['supported', 'undecided']);
  expect(states(rise(-0.001, -0.002), 'C5')).toEqual(['undecided', 'undecided']);
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
  expect(states(end(-0.0002, 0.01), 'C6')).toEqual(['equivalent', 'supported']);
});

test('C9 is decided by rates: 1 misses 1 % and 5 misses 10 %, whatever their counts', () => {
  const matrix = (k: number) => {
    const counts = madeUpConfusion(40);
    const miss = (digit: number, errors: number) => {
      const row = counts[digit];
      row[digit] += row[(digit + 1) % 10] - errors;
      row[(digit + 1) % 10] = errors;
    };
    miss(1, 11 + (k % 2));
    miss(5, 89 + (k % 2));
    return counts;
  };
  const results = madeUpResults({ trial: (_, k) => ({ confusionMatrix: matrix(k) }) });
  const [best, worst] = verdicts(results, 'C9');
  expect(best.state).toBe('supported');
  expect(best.sentence).toContain('Counts cannot rank');
  expect(worst.state).toBe('contradicted');
  expect(worst.sentence).toContain('5 (89.98 %)');
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

test('C10 is supported where the named pairs lead in most runs, contradicted where none does', () => {
  const confusing = (pairs: readonly (readonly [number, number])[]) => {
    const counts = madeUpConfusion(3);
    for (const [t, p] of pairs) counts[t][p] += 25;
    return counts;
  };
  const results = madeUpResults({
    trial: (activation) => ({
      confusionMatrix: confusing(
        activation === 'relu'
          ? [
              [9, 7],
              [3, 5],
              [8, 7],
            ]
          : [
              [0, 6],
              [1, 8],
              [2, 3],
              [5, 6],
              [8, 0],
            ],
      ),
    }),
  });
  expect(states(results, 'C10')).toEqual(['supported', 'contradicted']);
  expect(verdicts(results, 'C10')[0].sentence).toContain('7→9 0.0, 9→7 25.0');
});

test('C11 counts the values within 96–98 %, the rest is not measured', () => {
  const inside = madeUpResults();
  expect(states(inside, 'C11')).toEqual(['supported', 'not measured']);
  const outside = madeUpResults({
    trial: (_, k) =>
      k === 0 ? { history: madeUpHistory({ val_accuracy: shifted('val_accuracy', -0.005, 1) }) } : {},
  });
  const [{ state, sentence }] = verdicts(outside, 'C11');
  expect(state).toBe('contradicted');
  expect(sentence).toContain('98 of 100 values lie in the range; the lowest is 95.60 %');
});

test('C12 and C13: a higher accuracy supports, a lower loss supports', () => {
  const results = madeUpResults({
    trial: (activation, k) =>
      activation === 'relu'
        ? {
            history: madeUpHistory({
              accuracy: shifted('accuracy', 0.003 + k * 0.0001),
              loss: shifted('loss', -0.003 + k * 0.0001),
              val_loss: shifted('val_loss', 0.003 + k * 0.0001),
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
});

test('another recipe gives the numbers without a verdict', () => {
  const results = madeUpResults({ configuration: { dropout: 0.2 } });
  const [{ state, sentence }] = verdicts(results, 'C1');
  expect(state).toBe('not applicable');
  expect(sentence).toContain("By another recipe than the paper's, so this decides nothing about its claim.");
  expect(sentence).toContain('97.60 % with ReLU');
  expect(new Set(states(results, 'C2'))).toEqual(new Set(['not measured']));
});

test('a quick run decides nothing, and two epochs are too few for windows', () => {
  const results = madeUpResults({ configuration: { quick: true, epochs: 2 } });
  const found = judgeClaims(results).flatMap(({ verdicts }) => verdicts.map(({ state }) => state));
  expect(new Set(found)).toEqual(new Set(['not applicable', 'not measured']));
  expect(verdicts(results, 'C4')[0].sentence).toBe('Needs at least 6 epochs; these runs have 2.');
});

test('a third arm does not disturb the two, and a seed of one arm alone is left out', () => {
  const results = madeUpResults({
    configuration: { activations: ['tanh', 'gelu', 'relu'] },
    trial: (activation, k) => ({ testAccuracy: 0.97 + (activation === 'relu' ? 0.003 + k * 0.0001 : 0) }),
  });
  const partial = {
    ...results,
    trials: results.trials.filter(({ activation, seed }) => !(activation === 'tanh' && seed === 5)),
  };
  const [{ state, sentence }] = verdicts(partial, 'C1');
  expect(state).toBe('supported');
  expect(sentence).toContain('Over four seeds');
});

// t of five differences with mean .0038, sd 5.7009e-4: 14.905, p = 1.1801e-4 (SciPy 1.17: 2 * t.sf(14.905, 4))
test('each test has the p of the t-test, C4 counts once, and Holm multiplies the smallest by their number', () => {
  const corrected = correctVerdicts(judgeClaims(withDifferences([0.003, 0.004, 0.0035, 0.0045, 0.004])));
  const c1 = corrected.find(({ id }) => id === 'C1')!;
  expect(c1.p[0]).toBeCloseTo(1.1801083e-4, 10);
  const ids = new Set(corrected.flatMap(({ verdict }) => verdict.tests.map(({ id }) => id)));
  expect(ids.size).toBe(15);
  expect(ids).toContain('C4');
  expect(corrected.filter(({ id }) => id === 'C4')).toHaveLength(2);
});

test('Holm opens what many tests make doubtful, and leaves what is clear', () => {
  const verdict = (id: string, p: number, state: 'supported' | 'undecided') => ({
    claim: CLAIMS[0],
    verdicts: [
      {
        statement: id,
        state,
        measure: '',
        rule: '',
        numbers: [],
        sentence: '',
        tests: [{ id, p, decisive: true }],
      },
    ],
  });
  const corrected = correctVerdicts([
    verdict('a', 0.001, 'supported'),
    verdict('b', 0.04, 'supported'),
    verdict('c', 0.2, 'undecided'),
  ]);
  expect(corrected.map(({ holm }) => holm[0])).toEqual([0.003, 0.08, 0.2]);
  expect(corrected.map(({ opens }) => opens)).toEqual([false, true, false]);
});

test('the rules of the study decide: a wider region makes the same lead equivalent, a later window is not measured', () => {
  const results = withDifferences([0.003, 0.004, 0.0035, 0.0045, 0.004]);
  const rules = { ...results.study.rules, rope: 0.005, overfittingFrom: 10, declineFrom: 9, goodTo: 0.97 };
  const changed = { ...results, study: { ...results.study, rules } };
  expect(states(changed, 'C1')).toEqual(['equivalent']);
  expect(states(changed, 'C5')).toEqual(['not measured', 'not measured']);
  expect(states(changed, 'C11')[0]).toBe('contradicted');
});

// By SciPy's noncentral t, difference .001 and sd .0029155 take 69 pairs for a power of .8.
test('the seeds that an undecided C1 needs are of the exact power of the t-test', () => {
  const [{ sentence }] = verdicts(withDifferences([0.004, -0.003, 0.002, -0.001, 0.003]), 'C1');
  expect(sentence).toContain('about 69 seeds would be needed');
});
