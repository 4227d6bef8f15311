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
  const writers = Uint16Array.from({ length: 1000 }, (_, i) => i % 50);
  return { labels, logits, writers, cutOff: new Uint8Array(1000) };
}

test.each([700, 900])(
  '%i right answers, then wrong ones: those that are sure end within 1 % of the right ones',
  (right) => {
    const drawn = answers(right);
    const { temperature, sureFrom, bound } = calibrate(drawn);
    const answered = sure(answersOf(drawn.logits, temperature), sureFrom);
    const count = answered.reduce((sum, one) => sum + one, 0);
    expect(Math.abs(count - right)).toBeLessThanOrEqual(10);
    expect(bound).toBeLessThanOrEqual(0.005);
    expect(answered.slice(0, right - 10).every((one) => one === 1)).toBe(true);
  },
);

test('wrong answers among the most confident: nothing is sure', () => {
  expect(calibrate(answers(0))).toMatchObject({ sureFrom: new Array(10).fill(1), doubted: 1 });
});

test('a digit that is always read less confidently is doubted as often as the others, within 2 %', () => {
  const drawn = answers(900);
  for (let i = 1; i < drawn.logits.length; i += CLASSES) if (drawn.logits[i] > 0) drawn.logits[i] -= 3;
  const { temperature, sureFrom } = calibrate(drawn);
  const answered = sure(answersOf(drawn.logits, temperature), sureFrom);
  const sures = (digit: number) => answered.filter((one, i) => one === 1 && drawn.labels[i] === digit).length;
  expect(Math.abs(sures(1) - sures(3))).toBeLessThanOrEqual(2);
  expect(sureFrom[1]).toBeLessThan(sureFrom[3]);
});

test('drawings that are cut off are wrong, and no reason to doubt: eight in a thousand are more than the .45 % of all that may be wrong, and doubts of more than 13 % are not paid for it', () => {
  const drawn = answers(1000);
  for (let i = 0; i < 80; i += 10) {
    drawn.cutOff[i] = 1;
    drawn.labels[i] = 4;
  }
  // With all answers right but eight, the surest, .45 % would never be kept: what the others allow is taken, 8 % of doubts.
  const { doubted, bound, wrong } = calibrate(drawn);
  expect({ doubted, bound }).toEqual({ doubted: 0.08, bound: 0 });
  expect(wrong).toBeGreaterThanOrEqual(8 / 1000);
  expect(wrong).toBeLessThan(8 / 900);
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
  expect([...sure({ read, confidence: Float64Array.from([1, 1, 0.5]) }, new Array(10).fill(0.9))]).toEqual([
    0, 1, 0,
  ]);
});

test('each digit has its own threshold', () => {
  const read = Uint8Array.from([1, 3, 3]);
  const sureFrom = [1, 0.4, 1, 0.9, 1, 1, 1, 1, 1, 1];
  expect([...sure({ read, confidence: Float64Array.from([0.5, 0.5, 0.9]) }, sureFrom)]).toEqual([1, 0, 1]);
});

test('a fold is judged by the others: its own errors do not change its thresholds', () => {
  const drawn = answers(800);
  const folds = Uint8Array.from(drawn.labels, (_, i) => i % 5);
  const { labels, logits } = answers(1000);
  const images = { labels, logits, folds };
  const before = nested({ ...drawn, folds }, images).calibrations;
  const changed = drawn.labels.map((label, i) => (i % 5 === 2 ? (label + 3) % 10 : label));
  const after = nested({ ...drawn, labels: changed, folds }, images).calibrations;
  expect(after[2]).toEqual(before[2]);
  expect(after[1]).not.toEqual(before[1]);
});
