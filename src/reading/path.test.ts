import { expect, test } from 'vitest';
import { Random } from '../util/random.ts';
import { bestPath, type Segment, segmentsOf, worthOf } from './path.ts';

const box = (left: number, right: number, top = 0, bottom = 10) => ({ left, top, right, bottom });

/** [n, 11] with one probability for one output each, the rest shared. */
function certain(outputs: readonly (readonly [number, number])[]): Float64Array {
  return Float64Array.from(
    outputs.flatMap(([output, p]) => Array.from({ length: 11 }, (_, k) => (k === output ? p : (1 - p) / 10))),
  );
}

test('segments: neighbours that overlap may be one digit, tall ones that stand apart may not', () => {
  const boxes = [box(0, 5), box(4, 8), box(12, 17)];
  const pairs = segmentsOf({ boxes, height: 10, cuts: new Float64Array(4) }).map(({ from, to }) => [
    from,
    to,
  ]);
  expect(pairs).toEqual([
    [0, 0],
    [1, 1],
    [0, 1],
    [2, 2],
  ]);
});

test('the path is the best of all divisions, tried one by one', () => {
  const random = new Random(1, 'paths');
  for (let trial = 0; trial < 50; trial++) {
    const boxes = Array.from({ length: 6 }, (_, k) => box(3 * k, 3 * k + 4));
    const cuts = Float64Array.from({ length: 7 }, (_, k) => (k % 6 === 0 ? 0 : random.uniform()));
    const sequence = { boxes, height: 10, cuts };
    const segments = segmentsOf(sequence);
    const probabilities = certain(segments.map(() => [random.integer(11), random.uniform()]));
    const path = bestPath(sequence, segments, probabilities);
    const worth = (division: readonly number[]): number =>
      division.reduce(
        (sum, k) => sum + worthOf(sequence, segments[k], probabilities.subarray(11 * k, 11 * k + 11)),
        0,
      );
    let best = -Infinity;
    for (const division of divisions(segments, 6)) best = Math.max(best, worth(division));
    expect(Math.abs(worth(path) - best)).toBeLessThan(1e-9);
  }
});

/** All ways to divide `count` pieces into segments. */
function divisions(segments: readonly Segment[], count: number, from = 0): number[][] {
  if (from === count) return [[]];
  return [...segments.keys()]
    .filter((k) => segments[k].from === from)
    .flatMap((k) => divisions(segments, count, segments[k].to + 1).map((rest) => [k, ...rest]));
}
