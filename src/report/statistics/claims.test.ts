import { expect, test } from 'vitest';
import { madeUpInput, spreadOut } from '../fixtures/madeUp.ts';
import type { ReportInput } from '../input.ts';
import { claimsHtml } from '../sections/claims.ts';
import { claimsTable } from '../tables/claims.ts';
import { judgementsOf } from './claims.ts';

const SEEDS = Array.from({ length: 8 }, (_, k) => k + 1);

/** Tanh misreads two more of every ten images than ReLU; 40 writers of ten images each. */
function withWriters(activations: string[]): ReportInput {
  const input = madeUpInput({ configuration: { activations, seeds: SEEDS }, trial: spreadOut });
  const { labels } = input.test;
  const predictions = new Map(
    input.results.trials.map(({ key, arm, seed }) => [
      key,
      labels.map((label, i) =>
        (7 * i + seed) % 10 < (arm === 'tanh' ? 3 : 1) + ((i + seed) % 17 === 0 ? 1 : 0)
          ? (label + 1) % 10
          : label,
      ),
    ]),
  );
  return { ...input, predictions, writers: Array.from(labels, (_, i) => Math.floor(i / 10)) };
}

const newWriters = (input: ReportInput) =>
  judgementsOf(input)
    .find(({ claim }) => claim.id === 'C2')!
    .verdicts.find(({ test }) => test === 'C2 writers')!;

// Of every ten images in a row ReLU misreads one and Tanh three, and both a few more alike.
test('with the writers of the test images C2 is judged on new writers, whichever arm comes first', () => {
  for (const activations of [
    ['relu', 'tanh'],
    ['tanh', 'relu'],
  ]) {
    const verdict = newWriters(withWriters(activations));
    expect(verdict.alone).toBe('supported');
    expect(verdict.numbers[0].value).toMatch(/^\+(19\.9|20\.0)\d\u00a0points$/);
  }
  const { writers: _, ...without } = withWriters(['relu', 'tanh']);
  expect(newWriters(without).state).toBe('undecided');
  expect(newWriters(without).p).toBeNull();
});

test('all parts of a report share one judgement, and the tally counts a test once', () => {
  const input = madeUpInput({ configuration: { seeds: SEEDS }, trial: spreadOut });
  const judgements = judgementsOf(input);
  expect(judgementsOf(input)).toBe(judgements);
  const table = claimsTable(input);
  const states = judgements.flatMap(({ verdicts }) => verdicts.map(({ state }) => state));
  expect(table.rows.map((row) => row[2])).toEqual(states);
  const page = claimsHtml(judgements, table, () => null).markup;
  const tally = /<p class="tally">([\s\S]*?)<\/p>/.exec(page)![1];
  const counted = [...tally.matchAll(/<span>(\d+)/g)].reduce((sum, [, n]) => sum + Number(n), 0);
  // C4's two ways of two curves, and the suite of corruptions in C2 and C7.
  expect(counted).toBe(states.length - 3);
  expect(tally).toContain('no fair measure');
});
