import { expect, test } from 'vitest';
import { privacySpent } from './accountant.ts';
import fixture from './fixtures/renyi.json' with { type: 'json' };
import { renyiOfStep } from './renyi.ts';

test('renyiOfStep: numerical integration of the definition (mpmath, 40 digits) within 1e-9 relative', () => {
  expect(fixture.cases.length).toBeGreaterThan(40);
  for (const { rate, noiseMultiplier, order, renyi } of fixture.cases) {
    const received = renyiOfStep(rate, noiseMultiplier, order);
    expect(Math.abs(received / renyi - 1), `${rate} ${noiseMultiplier} ${order}`).toBeLessThan(1e-9);
  }
});

test.each([
  ['TensorFlow Privacy, MNIST tutorial, 15 epochs', 1.3, 15, 1.19],
  ['TensorFlow Privacy, MNIST tutorial, 60 epochs', 1.1, 60, 3.01],
  ['TensorFlow Privacy, MNIST tutorial, 45 epochs', 0.7, 45, 7.1],
  ['TensorFlow Privacy, compute_dp_sgd_privacy', 1.12, 60, 2.92],
  ['Bu et al. 2020, figure 4', 0.7, 70, 8.68],
])(
  'published, classic conversion, δ = 1e-5, batch 256 of 60,000: %s, noise %f: ε = %f to two decimals',
  (_, noiseMultiplier, epochs, epsilon) => {
    const rate = 256 / 60_000;
    const steps = Math.ceil((epochs * 60_000) / 256);
    const spent = privacySpent({ rate, noiseMultiplier, steps }, { conversion: 'classic' });
    expect(spent.epsilon).toBeCloseTo(epsilon, 2);
  },
);

test('published, Abadi et al. 2016: q = 0.01, noise 4, 10,000 steps, δ = 1e-5: ε = 1.26 to two decimals', () => {
  const training = { rate: 0.01, noiseMultiplier: 4, steps: 10_000 };
  expect(privacySpent(training, { conversion: 'classic' }).epsilon).toBeCloseTo(1.26, 2);
});

test('published, documentation of Opacus, improved conversion: q = 0.01, noise 1, 300 steps, five orders: ε = 2.39 at order 5', () => {
  const training = { rate: 0.01, noiseMultiplier: 1, steps: 300 };
  const spent = privacySpent(training, { orders: [2, 5, 10, 20, 100] });
  expect(spent.epsilon).toBeCloseTo(2.39, 2);
  expect(spent).toMatchObject({ order: 5, conversion: 'improved', delta: 1e-5 });
});

test('without subsampling the classic ε of the Gaussian mechanism is the closed form T/2σ² + √(2T log(1/δ))/σ within 0.1 %', () => {
  const spent = privacySpent(
    { rate: 1, noiseMultiplier: 5, steps: 20 },
    { conversion: 'classic', delta: 1e-6 },
  );
  const closed = 20 / 50 + Math.sqrt(2 * 20 * Math.log(1e6)) / 5;
  expect(spent.epsilon).toBeGreaterThanOrEqual(closed);
  expect(spent.epsilon).toBeLessThan(1.001 * closed);
});

test('the improved conversion gives less than the classic; ε grows with steps and rate and falls with noise', () => {
  const base = { rate: 0.01, noiseMultiplier: 1, steps: 1000 };
  const of = (change: Partial<typeof base>): number => privacySpent({ ...base, ...change }).epsilon;
  expect(of({})).toBeLessThan(privacySpent(base, { conversion: 'classic' }).epsilon);
  expect(of({ steps: 2000 })).toBeGreaterThan(of({}));
  expect(of({ rate: 0.02 })).toBeGreaterThan(of({}));
  expect(of({ noiseMultiplier: 2 })).toBeLessThan(of({}));
});

test('no step costs nothing; no noise protects nothing', () => {
  expect(privacySpent({ rate: 0.01, noiseMultiplier: 1, steps: 0 }).epsilon).toBe(0);
  expect(privacySpent({ rate: 0.01, noiseMultiplier: 0, steps: 1 }).epsilon).toBe(Infinity);
});

test.each([
  { rate: 0 },
  { rate: 1.1 },
  { noiseMultiplier: -1 },
  { noiseMultiplier: NaN },
  { steps: 1.5 },
  { steps: -1 },
])('%j is E_ARGUMENT', (change) => {
  const training = { rate: 0.01, noiseMultiplier: 1, steps: 10, ...change };
  expect(() => privacySpent(training)).toThrow('A privacy account');
});

test.each([{ delta: 0 }, { delta: 1 }, { orders: [1] }])('%j is E_ARGUMENT', (options) => {
  expect(() => privacySpent({ rate: 0.01, noiseMultiplier: 1, steps: 10 }, options)).toThrow(
    'A privacy account',
  );
});
