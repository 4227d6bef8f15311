import { expect, test } from 'vitest';
import { Random } from '../util/random.ts';
import { bestPath, type Segment, segmentsOf, worthsOf } from './path.ts';
import { APART, TOUCHING, weightsFor } from './weights.ts';

const box = (left: number, right: number, top = 0, bottom = 10) => ({ left, top, right, bottom });

test('segments: neighbours that overlap may be one digit, tall ones that stand apart may not', () => {
  const boxes = [box(0, 5), box(4, 8), box(12, 17)];
  const pairs = segmentsOf({ boxes, height: 10, cuts: new Float64Array(4), weights: APART }).map(
    ({ from, to }) => [from, to],
  );
  expect(pairs).toEqual([
    [0, 0],
    [1, 1],
    [0, 1],
    [2, 2],
  ]);
});

test('parts of a mark wider than 1.25 heights are not read, the whole mark is', () => {
  const boxes = [box(0, 5), box(5, 10), box(10, 14), box(14, 18)];
  const read = segmentsOf({ boxes, height: 10, cuts: Float64Array.of(0, 1, 1, 1, 0), weights: APART });
  const ends = read.map(({ from, to }) => [from, to]);
  expect(ends).not.toContainEqual([0, 2]);
  expect(ends).not.toContainEqual([1, 3]);
  expect(ends).toContainEqual([0, 3]);
  expect(ends).toContainEqual([0, 1]);
});

test('what a segment is worth, worked by hand within 1e-9', () => {
  // Pieces 0 and 1 hang together by .4 of a stroke, 2 stands by itself, and behind it two strokes are cut: as one 7 of probability .5, .81 heights wide, .13 / .15 from its mean.
  const sequence = {
    boxes: [box(0, 3), box(3, 5), box(5, 8.1), box(8.1, 12)],
    height: 10,
    cuts: Float64Array.of(0, 0.4, 0, 2, 0),
    weights: { ...APART, joining: -1.4 },
  };
  const outputs = new Float64Array(11);
  outputs[7] = 0.5;
  const costs = 1.4 + 1.47 * (1 - 0.4) + 1 + 0.98 * 2;
  const expected = 1.45 * Math.log(0.5) + 1.14 - 0.3 * ((0.13 / 0.15) ** 2 / 2) - costs;
  const worths = worthsOf(sequence, { from: 0, to: 2, box: box(0, 8.1) }, outputs);
  expect(Math.abs(worths[7] - expected)).toBeLessThan(1e-9);
  expect(Math.abs(worths[10] - (1.45 * Math.log(1e-9) - 5.1 - 3.05 * 0.81 - costs))).toBeLessThan(1e-9);
  // Half as high as the line: .5 of .28 below it.
  const alone = worthsOf(
    { ...sequence, cuts: new Float64Array(5) },
    { from: 0, to: 0, box: box(0, 6.8, 5) },
    outputs,
  );
  const low = 1.45 * Math.log(0.5) + 1.14 - 1.26 * ((0.5 / 0.28) ** 2 / 2);
  expect(Math.abs(alone[7] - low)).toBeLessThan(1e-9);
});

test('of all readings the one with the largest sum over its divisions, and of those the best, tried one by one', () => {
  const random = new Random(1, 'paths');
  for (let trial = 0; trial < 40; trial++) {
    const boxes = Array.from({ length: 5 }, (_, k) => box(3 * k, 3 * k + 4));
    const cuts = Float64Array.from({ length: 6 }, (_, k) => (k % 5 === 0 ? 0 : random.uniform()));
    const sequence = { boxes, height: 10, cuts, weights: APART };
    const segments = segmentsOf(sequence);
    const probabilities = Float64Array.from(
      segments.flatMap(() => {
        const p = 0.5 + 0.4 * random.uniform();
        return Array.from({ length: 11 }, (_, k) => (k === 3 ? p : k === 8 ? 1 - p : 0));
      }),
    );
    const readings = new Map<string, { sum: number; best: number; path: number[] }>();
    for (const division of divisions(segments, 5)) {
      for (let code = 0; code < 2 ** division.length; code++) {
        const digits = division.map((_, j) => ((code >> j) & 1 ? 8 : 3));
        const worth = division.reduce(
          (sum, k, j) =>
            sum + worthsOf(sequence, segments[k], probabilities.subarray(11 * k, 11 * k + 11))[digits[j]],
          0,
        );
        const known = readings.get(digits.join('')) ?? { sum: 0, best: -Infinity, path: [] };
        known.sum += Math.exp(worth);
        if (worth > known.best) [known.best, known.path] = [worth, division];
        readings.set(digits.join(''), known);
      }
    }
    const [first] = [...readings.values()].sort((a, b) => b.sum - a.sum);
    expect(bestPath(sequence, segments, probabilities)).toEqual(first.path);
  }
});

/** All ways to divide `count` pieces into segments. */
function divisions(segments: readonly Segment[], count: number, from = 0): number[][] {
  if (from === count) return [[]];
  return [...segments.keys()]
    .filter((k) => segments[k].from === from)
    .flatMap((k) => divisions(segments, count, segments[k].to + 1).map((rest) => [k, ...rest]));
}

test('what a segment is worth among digits that touch, worked by hand within 1e-9: each digit has a worth of its own, and what may be none a doubt', () => {
  const boxes = [box(0, 5), box(5, 11)];
  const outputs = new Float64Array(11);
  [outputs[7], outputs[10]] = [0.5, 0.01];
  const sequence = { boxes, height: 10, cuts: Float64Array.of(0, 2, 0), weights: TOUCHING };
  const worths = worthsOf(sequence, { from: 0, to: 0, box: box(0, 5) }, outputs);
  const wide = 0.38 * (((0.5 - 0.68) / 0.15) ** 2 / 2);
  const expected = 1.23 * Math.log(0.5) + 0.79 - 0.53 * Math.log(0.01) - wide - (1.62 + 0.37 * 2);
  expect(Math.abs(worths[7] - expected)).toBeLessThan(1e-9);
  outputs[10] = 0;
  const without = worthsOf(sequence, { from: 0, to: 0, box: box(0, 5) }, outputs)[7];
  expect(Math.abs(without - (expected + 0.53 * Math.log(0.01)))).toBeLessThan(1e-9);
});

test('a line counts as one of digits that touch where pieces of one mark are wider than 1.05 heights', () => {
  const of = (boxes: ReturnType<typeof box>[], ...cuts: number[]) =>
    weightsFor({ boxes, cuts: Float64Array.from(cuts), height: 10 });
  expect(of([box(0, 5), box(5, 11)], 0, 1, 0)).toBe(TOUCHING);
  expect(of([box(0, 5), box(5, 10)], 0, 1, 0)).toBe(APART);
  // Two marks, each narrow; and a mark that is not cut.
  expect(of([box(0, 5), box(5, 8), box(9, 14)], 0, 1, 0, 0)).toBe(APART);
  expect(of([box(0, 13), box(14, 18)], 0, 0, 0)).toBe(APART);
  expect(of([box(0, 5), box(6, 12), box(12, 18)], 0, 0, 1, 0)).toBe(TOUCHING);
});
