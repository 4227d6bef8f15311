import { expect, test } from 'vitest';
import { Random } from '../util/random.ts';
import { answersBootstrap } from './answersBootstrap.ts';
import { crossedBootstrap } from './crossedBootstrap.ts';

const draw = (onlyFirst: number, onlySecond: number, images: number, resamples = 20_000) =>
  answersBootstrap({ onlyFirst, onlySecond, images }, { random: new Random(0, 'test'), resamples });

test('the standard error is √(b + c − (b − c)²/n)/n within 2 %, and the interval normal within 2 %', () => {
  for (const [b, c, n] of [
    [40, 25, 1_000],
    [33_928, 29_044, 1_000_000],
    [900, 50, 1_000],
  ] as const) {
    const { standardError, low, high } = draw(b, c, n);
    const exact = Math.sqrt(b + c - (b - c) ** 2 / n) / n;
    expect(Math.abs(standardError / exact - 1)).toBeLessThan(0.02);
    expect(Math.abs((high - low) / (2 * 1.959964 * exact) - 1)).toBeLessThan(0.02);
    expect(Math.abs((low + high) / 2 - (b - c) / n)).toBeLessThan(0.05 * exact);
  }
});

test('the same as drawing image by image, within a fifth of a standard error', () => {
  const answers = (right: (i: number) => boolean) =>
    Uint8Array.from({ length: 300 }, (_, i) => (right(i) ? 1 : 0));
  // 12 images only the first gets right, 5 only the second.
  const [first, second] = [answers((i) => i >= 5), answers((i) => i < 288)];
  const byImage = crossedBootstrap([first], [second], {
    random: new Random(0, 'crossed'),
    resamples: 20_000,
  });
  const { standardError, low, high } = draw(12, 5, 300);
  expect(Math.abs(low - byImage.low)).toBeLessThan(0.2 * standardError);
  expect(Math.abs(high - byImage.high)).toBeLessThan(0.2 * standardError);
});

test('the borders: nothing apart, everything apart, one image', () => {
  expect(draw(0, 0, 50, 100)).toEqual({ standardError: 0, low: 0, high: 0 });
  expect(draw(50, 0, 50, 100)).toMatchObject({ low: 1, high: 1 });
  expect(draw(0, 50, 50, 100)).toMatchObject({ low: -1, high: -1 });
  expect(draw(1, 0, 1, 100)).toMatchObject({ low: 1, high: 1 });
  const half = draw(25, 25, 50);
  expect(half.low).toBeGreaterThan(-0.32);
  expect(half.high).toBeLessThan(0.32);
});

test.each([
  [-1, 0, 5],
  [0, 0.5, 5],
  [3, 3, 5],
  [0, 0, 0],
])('E_ARGUMENT for counts that do not fit: %d, %d of %d', (onlyFirst, onlySecond, images) => {
  expect(() => draw(onlyFirst, onlySecond, images)).toThrow(
    expect.objectContaining({ code: 'E_ARGUMENT' }) as Error,
  );
});
