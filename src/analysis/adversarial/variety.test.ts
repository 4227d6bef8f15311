import { beforeEach, expect, test, vi } from 'vitest';
import { Random } from '../../util/random.ts';
import { type Ascent, ascend, constant, decaying } from './ascend.ts';
import { networkOf } from './fixtures/networks.ts';
import { harder } from './harder.ts';
import { pgd } from './pgd.ts';
import { Target } from './target.ts';

// What is tried, whatever comes of it: no climb fools an image.
vi.mock('./ascend.ts', async (original) => ({
  ...(await original<object>()),
  ascend: vi.fn((_target: Target, _images: unknown, _labels: unknown, rows: readonly number[]) =>
    Promise.resolve({ fooled: new Uint8Array(rows.length), left: new Float64Array(rows.length) }),
  ),
}));

beforeEach(() => {
  vi.mocked(ascend).mockClear();
});

const CLASSES = 4;
const random = new Random(0, 'weights');
const drawn = (count: number): number[] => Array.from({ length: count }, () => random.normal());
const target = new Target(
  networkOf(3, [2], CLASSES, 'relu', [drawn(6), drawn(2), drawn(2 * CLASSES), drawn(CLASSES)]),
);
const images = Float32Array.of(10, 200, 90, 255, 0, 30);
const labels = [0, 3];
const climbs = (): Ascent[] => vi.mocked(ascend).mock.calls.map(([, , , , ascent]) => ascent);

test('PGD follows margin and cross-entropy by turns, the first from the image itself', async () => {
  await pgd(target, images, labels, { norm: 'linf', epsilon: 0.1, steps: 5, restarts: 4, seed: 1 });
  expect(climbs().map(({ loss }) => loss)).toEqual(['margin', 'crossEntropy', 'margin', 'crossEntropy']);
  const places = climbs().map(({ start }) => {
    const x = images.slice(0, 3);
    start!(0, x);
    return x.join();
  });
  expect(places[0]).toBe(images.slice(0, 3).join());
  expect(new Set(places).size).toBe(4);
});

test('far more effort is three losses and every other class, each by both schedules, from every start', async () => {
  const starts = 2;
  await harder(target, images, labels, {
    norm: 'l2',
    epsilon: 0.5,
    steps: 6,
    starts,
    seed: 1,
    names: [0, 1],
  });
  const losses = climbs().map(({ loss }) => loss);
  expect(losses).toHaveLength(starts * 2 * (3 + CLASSES - 1));
  for (const loss of ['crossEntropy', 'margin', 'dlr'] as const)
    expect(losses.filter((one) => one === loss)).toHaveLength(starts * 2);
  const first = losses.slice(0, 3 + CLASSES - 1).filter((one) => typeof one === 'object');
  labels.forEach((label, row) => {
    const aims = first.map(({ towards }) => towards(row)).sort((a, b) => a - b);
    expect(aims).toEqual(Array.from({ length: CLASSES }, (_, k) => k).filter((k) => k !== label));
  });
  const schedules = new Set(climbs().map(({ sizes }) => sizes.join()));
  expect(schedules).toEqual(new Set([decaying(6).join(), constant(6).join()]));
});
