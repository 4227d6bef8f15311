import { expect, test } from 'vitest';
import { slopeOf, turned, turnFor } from './skew.ts';

const digit = (left: number, top: number) => ({ left, top, right: left + 10, bottom: top + 10 });

test('two digits, two heights apart and a fifth of one lower: .2 / (2 + 1), within 1e-12', () => {
  expect(Math.abs(slopeOf([[digit(0, 0), digit(20, 2)]]) - 1 / 15)).toBeLessThan(1e-12);
});

test('several chains count together: .4 / (4 + 1), within 1e-12', () => {
  const chain = [digit(0, 0), digit(20, 2)];
  expect(Math.abs(slopeOf([chain, chain]) - 0.08)).toBeLessThan(1e-12);
});

test('a slope below .02, and digits by themselves, leave the page as it is; none is above .5', () => {
  expect(slopeOf([[digit(0, 0), digit(20, 0.4)]])).toBe(0);
  expect(slopeOf([[digit(0, 0)], [digit(20, 5)]])).toBe(0);
  expect(slopeOf([[digit(0, 0), digit(20, 100)]])).toBe(0.5);
  expect(slopeOf([[digit(0, 0), digit(20, -100)]])).toBe(-0.5);
});

test('a turn by 3 in 4 (cosine .8, sine .6) holds the whole plane, its middle in the middle, within 1e-12', () => {
  const turn = turnFor(0.75, { data: new Float32Array(51 * 101), rows: 51, columns: 101 });
  // .8 × 101 + .6 × 51 = 111.4 and .8 × 51 + .6 × 101 = 101.4, upwards.
  expect([turn.columns, turn.rows]).toEqual([112, 102]);
  const near = (at: readonly number[], x: number, y: number): void => {
    expect(Math.abs(at[0] - x) + Math.abs(at[1] - y)).toBeLessThan(1e-12);
  };
  near(turn.back(56, 51), 50.5, 25.5);
  near(turn.back(66, 51), 58.5, 31.5);
  near(turn.back(56, 61), 44.5, 33.5);
});

test('values that grow evenly stay so when turned, within 1e-3; outside there is no ink', () => {
  const [rows, columns] = [40, 60];
  const data = Float32Array.from(
    { length: rows * columns },
    (_, i) => 5 + (i % columns) + 3 * Math.floor(i / columns),
  );
  const turn = turnFor(0.25, { data, rows, columns });
  const result = turned({ data, rows, columns }, turn);
  let inside = 0;
  result.data.forEach((value, i) => {
    const [x, y] = turn.back((i % turn.columns) + 0.5, Math.floor(i / turn.columns) + 0.5);
    const within = x > 0.51 && y > 0.51 && x < columns - 0.51 && y < rows - 0.51;
    const without = x < 0.49 || y < 0.49 || x > columns - 0.49 || y > rows - 0.49;
    if (within) expect(Math.abs(value - (5 + x - 0.5 + 3 * (y - 0.5)))).toBeLessThan(1e-3);
    if (without) expect(value).toBe(0);
    inside += Number(within);
  });
  expect(inside).toBeGreaterThan(2000);
});
