import { expect, test } from 'vitest';
import fixture from '../../../test/fixtures/drift.json' with { type: 'json' };
import { errorOf } from '../../../test/support/models.ts';
import { loadMnist } from '../../store/mnist.ts';
import { answerStatistics } from './answerStatistics.ts';
import { INPUT_STATISTICS, inputStatistics } from './inputStatistics.ts';
import { driftObservations, STATISTICS } from './observations.ts';

/** Made by scripts/fixtures/drift.py with NumPy, SciPy and scikit-learn. */
const NAMES = Object.keys(fixture.digits[0]) as (keyof (typeof fixture.digits)[0])[];
const WIDTH = INPUT_STATISTICS.length;
const place = (name: string): number => INPUT_STATISTICS.findIndex((one) => one.name === name);

test.each(NAMES)('%s of 40 digits and of noise of another size is within 1e-9 of NumPy and SciPy', (name) => {
  const digits = inputStatistics(loadMnist().test.images.data.subarray(0, 40 * 784), [28, 28]);
  const noisy = inputStatistics(Uint8Array.from(fixture.noisy.images), [12, 17]);
  expect(place(name)).toBeGreaterThanOrEqual(0);
  fixture.digits.forEach((expected, i) => {
    expect(Math.abs(digits[i * WIDTH + place(name)] - expected[name])).toBeLessThan(1e-9);
  });
  fixture.noisy.statistics.forEach((expected, i) => {
    expect(Math.abs(noisy[i * WIDTH + place(name)] - expected[name])).toBeLessThan(1e-9);
  });
});

test('channels are averaged, values rounded half upwards and clipped: those of the grey image', () => {
  const grey = Uint8Array.from({ length: 20 }, (_, i) => (i * 37) % 256);
  const colour = Float32Array.from({ length: 60 }, (_, i) => grey[Math.floor(i / 3)] + [-3, 0, 4.4][i % 3]);
  // Means of channels are .4667 above the grey level, and below 255 after clipping.
  expect([...inputStatistics(colour, [4, 5, 3])]).toEqual([...inputStatistics(grey, [4, 5])]);
  const beyond = inputStatistics(Float32Array.of(-5, 300, 0, 255), [2, 2]);
  expect([...beyond]).toEqual([...inputStatistics(Uint8Array.of(0, 255, 0, 255), [2, 2])]);
});

test('an empty image and one of one grey level: no number is missing', () => {
  for (const level of [0, 200]) {
    const statistics = inputStatistics(new Uint8Array(784).fill(level), [28, 28]);
    expect([...statistics].every(Number.isFinite)).toBe(true);
    expect(statistics[place('sharpness')]).toBe(0);
  }
});

test.each([[[784]], [[28, 28, 1, 1]], [[28, 27]]])('E_SHAPE for %j', async (shape) => {
  expect((await errorOf(() => inputStatistics(new Uint8Array(784), shape))).code).toBe('E_SHAPE');
});

test('confidence, margin, entropy and none: entropy within 1e-12 of SciPy', () => {
  fixture.answers.entropy.forEach((expected, i) => {
    const row = fixture.answers.probabilities.slice(i * 11, (i + 1) * 11);
    const [first, second] = fixture.answers.sorted.slice(i)[0];
    const [confidence, margin, entropy, none] = answerStatistics(row.slice(0, 10), row[10]);
    expect([confidence, none]).toEqual([first, row[10]]);
    expect(margin).toBe(first - Math.max(second, row[10]));
    expect(Math.abs(entropy - expected)).toBeLessThan(1e-12);
  });
  expect(answerStatistics([1, 0], 0)).toEqual([1, 1, 0, 0]);
});

test('an observation is its statistics in order and the class answered; none where that is more probable', () => {
  const probabilities = [0.7, 0.2, 0.1, 0.3];
  const { statistics, answers } = driftObservations(Uint8Array.of(0, 255, 0, 0, 0, 0, 0, 0), [2, 2], {
    probabilities,
    none: [0.1, 0.6],
    classes: 2,
  });
  expect([...answers]).toEqual([0, 2]);
  expect(statistics).toHaveLength(2 * STATISTICS.length);
  expect(statistics[0]).toBe(0.25);
  expect([statistics[WIDTH], statistics[STATISTICS.length + WIDTH + 3]]).toEqual([0.7, 0.6]);
});
