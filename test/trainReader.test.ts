import { expect, test } from 'vitest';
import { answersOf, calibrate, leastOfSets, nested, sure } from '../scripts/train-reader/answers.ts';
import { foldsOfWriters } from '../scripts/train-reader/folds.ts';
import { CLASSES, FOLDS, NONE } from '../scripts/train-reader/recipe.ts';
import { loadUnipenDrawings } from '../src/store/unipen.ts';

test('a writer of the drawings is in one fold, and the folds hold as many drawings, within one', () => {
  const writers = loadUnipenDrawings().map(({ writer }) => writer);
  const folds = foldsOfWriters(writers);
  const foldsOf = new Map<number, Set<number>>();
  writers.forEach((writer, i) => foldsOf.set(writer, (foldsOf.get(writer) ?? new Set()).add(folds[i])));
  expect(foldsOf.size).toBe(134);
  expect([...foldsOf.values()].every(({ size }) => size === 1)).toBe(true);
  const sizes = Array.from({ length: FOLDS }, (_, fold) => folds.filter((one) => one === fold).length);
  expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
});

/** 1,000 answers of 50 writers, the first the most confident: so many of them right, all others wrong. */
function answers(right: number) {
  const labels = Uint8Array.from({ length: 1000 }, (_, i) => i % 10);
  const logits = new Float64Array(1000 * CLASSES);
  labels.forEach((label, i) => (logits[i * CLASSES + (i < right ? label : (label + 1) % 10)] = 9 - i / 200));
  return { labels, logits, writers: Uint16Array.from({ length: 1000 }, (_, i) => i % 50) };
}

test.each([700, 850])(
  '%i right answers, then wrong ones: those that are sure end within 1 % of the right ones',
  (right) => {
    const { labels, logits, writers } = answers(right);
    const { temperature, sureFrom, bound } = calibrate(logits, labels, writers);
    const answered = sure(answersOf(logits, temperature), sureFrom);
    const count = answered.reduce((sum, one) => sum + one, 0);
    expect(Math.abs(count - right)).toBeLessThanOrEqual(10);
    expect(bound).toBeLessThanOrEqual(0.005);
    expect(answered.slice(0, right - 10).every((one) => one === 1)).toBe(true);
  },
);

test('wrong answers among the most confident: nothing is sure', () => {
  const { labels, logits, writers } = answers(0);
  expect(calibrate(logits, labels, writers)).toMatchObject({ sureFrom: 1, share: 0 });
});

test('conformal sets of nine digits read with probabilities of .1 to .9: nine of ten hold the truth from .1 on, more are not promised', () => {
  const labels = Uint8Array.from({ length: 9 }, (_, i) => i);
  const logits = Float64Array.from({ length: 9 * CLASSES }, (_, k) => {
    const [i, label] = [Math.floor(k / CLASSES), k % CLASSES];
    const p = (i + 1) / 10;
    return Math.log(label === i ? p : (1 - p) / (CLASSES - 1));
  });
  // The ⌈10 × .9⌉ = 9th smallest of .1 … .9 is .9; of .95 the tenth would be needed. Rounded down to four digits.
  const least = leastOfSets(logits, labels, 1);
  expect(least['0.9']).toBeGreaterThanOrEqual(0.0999);
  expect(least).toEqual({ '0.9': least['0.9'], '0.95': 0, '0.99': 0 });
  expect(least['0.9']).toBeLessThanOrEqual(0.1);
});

test('what is read as no digit is never sure, however probable', () => {
  const read = Uint8Array.from([NONE, 3, 4]);
  expect([...sure({ read, confidence: Float64Array.from([1, 1, 0.5]) }, 0.9)]).toEqual([0, 1, 0]);
});

test('a fold is judged by the others: its own errors do not change its threshold', () => {
  const { labels, logits, writers } = answers(800);
  const folds = Uint8Array.from(labels, (_, i) => i % 5);
  const before = nested(logits, labels, writers, folds).calibrations;
  const changed = labels.map((label, i) => (i % 5 === 2 ? (label + 3) % 10 : label));
  const after = nested(logits, changed, writers, folds).calibrations;
  expect(after[2]).toEqual(before[2]);
  expect(after[1]).not.toEqual(before[1]);
});
