import { expect, test } from 'vitest';
import type { Evaluation } from '../study/evaluation/record.ts';
import { madeUpResults } from '../study/fixtures/madeUp.ts';
import { judgedByEvaluation } from './judgedByEvaluation.ts';

const results = madeUpResults();

function evaluation(own: boolean, quick = false): Evaluation {
  const networks = results.trials.map(({ arm, seed, key, weightsHash }) => ({
    arm,
    activation: arm,
    seed,
    hash: weightsHash,
    trial: key,
  }));
  const subjects = networks.map(({ arm, seed, hash }, k) => ({
    arm,
    seed,
    hash,
    accuracy: 0.97 + k / 1e4,
    mnist: { corrected: 0.975 + k / 1e4 },
  }));
  const parts = [{ part: 'answers', result: { images: 10_000, subjects } }];
  return { quick, data: { own }, networks, parts } as unknown as Evaluation;
}

test('claims are named that the evaluation judges; of other images, small samples and a study without the pair none', () => {
  expect(judgedByEvaluation(results, evaluation(false))).toBe(' (claim C2 judged by it)');
  expect(judgedByEvaluation(results, evaluation(true))).toBe('');
  expect(judgedByEvaluation(results, evaluation(false, true))).toBe('');
  const others = { ...results, data: { ...results.data, name: 'Clothes', identity: ['0', '0', '0', '0'] } };
  expect(judgedByEvaluation(others, evaluation(false))).toBe('');
});
