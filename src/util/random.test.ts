import { expect, test } from 'vitest';
import fixture from './fixtures/random.json' with { type: 'json' };
import { Random } from './random.ts';

function draws(random: Random, count: number): number[] {
  return Array.from({ length: count }, () => random.uint32());
}

function withState(state: readonly number[]): Random {
  const random = new Random(0, '');
  random.restore(Uint32Array.from(state));
  return random;
}

test('xoshiro128** from the state 1, 2, 3, 4: the published numbers', () => {
  expect(draws(withState([1, 2, 3, 4]), 10)).toEqual(fixture.published);
});

test.each(fixture.streams)(
  'seed $seed, purpose "$purpose": state, draws and uniforms of an independent implementation',
  ({ seed, purpose, state, draws: expected, uniform }) => {
    expect([...new Random(seed, purpose).save()]).toEqual(state);
    expect(draws(new Random(seed, purpose), 8)).toEqual(expected);
    const random = new Random(seed, purpose);
    expect(uniform.map(() => random.uniform())).toEqual(uniform);
  },
);

test('save and restore: the stream goes on where it was, and what was saved is a copy', () => {
  const random = new Random(5, 'save');
  draws(random, 3);
  const state = random.save();
  const expected = draws(random, 5);
  const other = new Random(6, 'other');
  other.restore(state);
  expect(draws(other, 5)).toEqual(expected);
  state.fill(1);
  random.restore(other.save());
  expect(draws(random, 2)).toEqual(draws(other, 2));
});

test('streams of other purposes and seeds have nothing in common: bits agree on half within 5 standard deviations', () => {
  const streams = [
    [0, 'shuffle'],
    [1, 'shuffle'],
    [-1, 'shuffle'],
    [2 ** 32, 'shuffle'],
    [0, 'kernel/0'],
    [0, 'kernel/1'],
    [0, 'kernel/10'],
  ] as const;
  const words = streams.map(([seed, purpose]) => draws(new Random(seed, purpose), 2000));
  for (let a = 0; a < words.length; a++) {
    for (let b = 0; b < a; b++) {
      let same = 0;
      for (let k = 0; k < 2000; k++) {
        for (let x = ~(words[a][k] ^ words[b][k]); x !== 0; x &= x - 1) same++;
      }
      expect(Math.abs(same - 32_000), `${streams[a].join()} and ${streams[b].join()}`).toBeLessThan(
        5 * Math.sqrt(16_000),
      );
    }
  }
});

test('integer: every value equally often, χ² of 7 cells below the .9999 quantile 27.9', () => {
  const random = new Random(2, 'integer');
  const counts = new Array<number>(7).fill(0);
  for (let k = 0; k < 70_000; k++) counts[random.integer(7)]++;
  expect(counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0)).toBeLessThan(27.9);
});

test('integer draws again where a remainder would favour small values', () => {
  // Of 2³² draws the last 2³² mod n are one too many for the first values: with n = 3 · 2³⁰ every fourth draw is thrown away.
  const n = 3 * 2 ** 30;
  const random = new Random(3, 'edge');
  const plain = new Random(3, 'edge');
  const expected = draws(plain, 400).filter((draw) => draw < n);
  expect(expected.length).toBeLessThan(330);
  expect(expected.map(() => random.integer(n))).toEqual(expected);
});

test('integer of 1 is 0, of 2³² any draw', () => {
  const random = new Random(4, 'whole');
  const plain = new Random(4, 'whole');
  expect(random.integer(2 ** 32)).toBe(plain.uint32());
  expect(random.integer(1)).toBe(0);
});

test('uniform: mean ½ and variance 1/12 within 5 standard errors, never 1, low bits used', () => {
  const random = new Random(5, 'uniform');
  const n = 100_000;
  const values = Array.from({ length: n }, () => random.uniform());
  const mean = values.reduce((a, b) => a + b) / n;
  const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / n;
  expect(Math.abs(mean - 0.5)).toBeLessThan(5 * Math.sqrt(1 / 12 / n));
  expect(Math.abs(variance - 1 / 12)).toBeLessThan(5 * Math.sqrt(1 / 180 / n));
  expect(Math.max(...values.slice(0, 50_000))).toBeLessThan(1);
  expect(values.filter((x) => (x * 2 ** 53) % 2 === 1).length / n).toBeCloseTo(0.5, 1);
});

test('normal: the first four moments 0, 1, 0, 3 within 5 standard errors, and the share beyond 1.96 sd', () => {
  const random = new Random(6, 'normal');
  const n = 200_000;
  const values = Array.from({ length: n }, () => random.normal());
  const moment = (k: number): number => values.reduce((sum, x) => sum + x ** k, 0) / n;
  expect(Math.abs(moment(1))).toBeLessThan(5 * Math.sqrt(1 / n));
  expect(Math.abs(moment(2) - 1)).toBeLessThan(5 * Math.sqrt(2 / n));
  expect(Math.abs(moment(3))).toBeLessThan(5 * Math.sqrt(15 / n));
  expect(Math.abs(moment(4) - 3)).toBeLessThan(5 * Math.sqrt(96 / n));
  const beyond = values.filter((x) => Math.abs(x) > 1.959964).length / n;
  expect(Math.abs(beyond - 0.05)).toBeLessThan(5 * Math.sqrt((0.05 * 0.95) / n));
});

test('shuffle: in place, every permutation of four equally often, χ² of 24 cells below the .9999 quantile 58.6', () => {
  const random = new Random(7, 'shuffle');
  const counts = new Map<string, number>();
  for (let k = 0; k < 24_000; k++) {
    const array = Uint32Array.of(0, 1, 2, 3);
    expect(random.shuffle(array)).toBe(array);
    const key = array.join('');
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  expect(counts.size).toBe(24);
  const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
  expect(chiSquare).toBeLessThan(58.6);
});

test('shuffle is Fisher–Yates from the end, one integer a place', () => {
  const expected = ['a', 'b', 'c', 'd', 'e'];
  const own = new Random(8, 'order');
  for (let i = 4; i > 0; i--) {
    const j = own.integer(i + 1);
    [expected[i], expected[j]] = [expected[j], expected[i]];
  }
  expect(new Random(8, 'order').shuffle(['a', 'b', 'c', 'd', 'e'])).toEqual(expected);
});
