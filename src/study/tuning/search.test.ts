import { expect, test } from 'vitest';
import { resolveStudy } from '../configuration.ts';
import type { TrialEnd } from '../runStudy.ts';
import { resolveTuning, tuningHash } from './configuration.ts';
import { HILL, MADE_UP, madeUpEnd, madeUpResults } from './fixtures/madeUp.ts';
import { budgetOf, compareScores, promoted, rungSizes } from './halving.ts';
import { bestStudy } from './results.ts';
import { scoreOf } from './searchedTrial.ts';
import { firstTrials, searchArm } from './search.ts';

test('rungs by hand: one in three goes on, never none', () => {
  const ladder = { configurations: 54, rungs: [2, 6, 18], reduction: 3 };
  expect(rungSizes(ladder)).toEqual([54, 18, 6]);
  // 54·2 + 18·6 + 6·18 and the recipe as it stands, 18.
  expect(budgetOf(ladder)).toEqual({ trials: 79, epochs: 342 });
  expect(rungSizes({ configurations: 5, rungs: [1, 2, 3, 4], reduction: 2 })).toEqual([5, 2, 1, 1]);
  expect(budgetOf({ configurations: 4, rungs: [5], reduction: 3 })).toEqual({ trials: 5, epochs: 25 });
});

test('promotions by hand: the best of those that finished, ties by the other measure, then the first', () => {
  const scores = [
    { accuracy: 0.9, loss: 0.4 },
    null,
    { accuracy: 0.95, loss: 0.3 },
    { accuracy: 0.95, loss: 0.2 },
    { accuracy: 0.9, loss: 0.4 },
    { accuracy: 0.91, loss: 0.1 },
  ];
  expect(promoted(scores, 1, 'val_accuracy')).toEqual([3]);
  expect(promoted(scores, 2, 'val_accuracy')).toEqual([2, 3]);
  expect(promoted(scores, 4, 'val_accuracy')).toEqual([0, 2, 3, 5]);
  expect(promoted(scores, 1, 'val_loss')).toEqual([5]);
  expect(promoted(scores, 6, 'val_accuracy')).toEqual([0, 2, 3, 4, 5]);
  expect(promoted([null, null], 1, 'val_loss')).toEqual([]);
  expect(compareScores('val_accuracy', scores[2]!, scores[3]!)).toBeGreaterThan(0);
});

test('every arm tries the same configurations and spends the same; each rung keeps the best of the one before', async () => {
  const { arms, tuning } = await madeUpResults({}, (trial, epoch) => HILL(trial, epoch) ?? 0.1);
  const { trials, epochs } = budgetOf(tuning);
  const [relu, tanh] = arms;
  for (const arm of arms) {
    expect(arm.trials).toHaveLength(trials);
    expect(arm.trials.reduce((sum, { recipe }) => sum + recipe.epochs, 0)).toBe(epochs);
    const [first, second, third] = [0, 1, 2].map((rung) =>
      arm.trials.filter((trial) => trial.rung === rung && trial.configuration !== null),
    );
    const numbers = (rung: typeof first): (number | null)[] => rung.map(({ configuration }) => configuration);
    const bestOfRung = (rung: typeof first, count: number): (number | null)[] =>
      numbers(rung.toSorted((a, b) => scoreOf(b)!.accuracy - scoreOf(a)!.accuracy).slice(0, count)).sort();
    expect([first.length, second.length, third.length]).toEqual([9, 3, 1]);
    expect(numbers(second)).toEqual(bestOfRung(first, 3));
    expect(numbers(third)).toEqual(bestOfRung(second, 1));
  }
  const drawn = (arm: (typeof arms)[number]): unknown[] =>
    arm.trials.filter(({ rung }) => rung === 0).map(({ recipe }) => ({ ...recipe, activation: '' }));
  expect(drawn(relu)).toEqual(drawn(tanh));
  expect(relu.trials.every(({ recipe }) => recipe.activation === 'relu')).toBe(true);
});

test('what is found does not depend on which trial ends first', async () => {
  const tuning = resolveTuning(MADE_UP);
  const search = (delay: (k: number) => number) =>
    searchArm(tuning, tuning.arms[0], {
      run: (planned) =>
        Promise.all(
          planned.map(
            (trial, k) =>
              new Promise<TrialEnd>((resolve) => {
                setTimeout(() => {
                  resolve(madeUpEnd(trial, HILL));
                }, delay(k));
              }),
          ),
        ),
    });
  expect(await search((k) => k % 5)).toEqual(await search((k) => 8 - (k % 7)));
});

test('failed trials are kept, count, and never go on', async () => {
  const { arms } = await madeUpResults({}, (trial, epoch) =>
    trial.configuration.recipe.learningRate > 0.003 ? null : HILL(trial, epoch),
  );
  const failed = arms[0].trials.filter(({ history }) => history === null);
  expect(failed.length).toBeGreaterThan(0);
  expect(
    failed.every(({ rung, message }) => rung === 0 && message === 'The loss became NaN in epoch 1.'),
  ).toBe(true);
});

test('with everything failed there is no best and no study', async () => {
  const results = await madeUpResults({}, () => null);
  expect(results.arms.map(({ best, importance }) => [best, importance])).toEqual([
    [null, null],
    [null, null],
  ]);
  // The first rung and the recipe as it stands.
  expect(results.arms[0].trials).toHaveLength(10);
  expect(bestStudy(results)).toBeNull();
});

test('the results hold nothing of the test set', async () => {
  const text = JSON.stringify(await madeUpResults());
  expect(text).not.toContain('0.123456');
  expect(text).not.toContain('123.456');
  expect(text).not.toContain('confusionMatrix');
});

test('the hill is found: a learning rate near 0.002, which alone matters beside dropout', async () => {
  const { arms } = await madeUpResults({ configurations: 40, arms: { relu: {} } });
  const { trials, best, importance } = arms[0];
  const { learningRate } = trials.find(({ key }) => key === best)!.recipe;
  expect(learningRate).toBeGreaterThan(0.001);
  expect(learningRate).toBeLessThan(0.004);
  const { parameters, shares, p } = importance!;
  expect(parameters[shares.indexOf(Math.max(...shares))]).toBe('learningRate');
  expect(parameters.filter((_, k) => p[k] <= 0.05)).not.toContain('initializer');
});

test('the best study: every arm’s best recipe in full, fresh seeds, the hold-out', async () => {
  const results = await madeUpResults({ seed: 7, confirmation: 5 });
  const file = bestStudy(results)!;
  const study = resolveStudy(file);
  expect(study.seeds).toEqual([8, 9, 10, 11, 12]);
  expect(study.split).toEqual({ kind: 'holdout' });
  expect(study.arms.map(({ name, recipe }) => [name, recipe])).toEqual(
    results.arms.map(({ arm, trials, best }) => [arm, trials.find(({ key }) => key === best)!.recipe]),
  );
});

test('the hash: of all that decides what is found, not of names and of what comes after', () => {
  const hash = tuningHash(resolveTuning(MADE_UP));
  expect(tuningHash(resolveTuning({ ...MADE_UP, name: 'other', confirmation: 3 }))).toBe(hash);
  for (const other of [
    { seed: 2 },
    { configurations: 8 },
    { rungs: [1, 3] },
    { reduction: 2 },
    { objective: 'val_loss' as const },
    { question: '?' },
    { recipe: { l2: 0.1 } },
    { space: { ...MADE_UP.space, dropout: { kind: 'uniform' as const, from: 0, to: 0.5 } } },
  ]) {
    expect(tuningHash(resolveTuning({ ...MADE_UP, ...other }))).not.toBe(hash);
  }
});

test('--quick: six configurations, two rungs of one and two epochs, another name', () => {
  const quick = resolveTuning(MADE_UP, true);
  expect(quick).toMatchObject({ name: 'made-up-quick', configurations: 6, rungs: [1, 2], quick: true });
  expect(firstTrials(quick)).toHaveLength(14);
});
