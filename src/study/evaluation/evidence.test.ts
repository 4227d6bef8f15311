import { expect, test } from 'vitest';
import { privacySpent } from '../../analysis/privacy/accountant.ts';
import { madeUpResults } from '../fixtures/madeUp.ts';
import { evidenceOf } from './evidence.ts';

const privacy = { clip: 0.5, noiseMultiplier: 0.93 };
const arms = { relu: {}, 'relu-noise-0.93': { batchSize: 1_000, epochs: 15, privacy } };

test('the price of privacy: ε of 900 steps that draw 1,000 of 60,000 images is 3.968 at δ = 1e-5, by numerical integration', () => {
  const results = madeUpResults({ configuration: { arms } });
  const { study, curve } = evidenceOf(null, [madeUpResults(), results]).price!;
  expect([study, curve.images, curve.delta, curve.conversion]).toEqual(['made-up', 60_000, 1e-5, 'improved']);
  const [first, plain] = curve.points;
  expect(first).toMatchObject({ arm: 'relu-noise-0.93', steps: 900, noiseMultiplier: 0.93 });
  // NumPy's trapezoids over the definition of the Rényi divergence, 400,001 points, the same orders: 3.96842654694.
  expect(first.epsilon).toBeCloseTo(3.96842654694, 9);
  expect(plain).toMatchObject({ arm: 'relu', epsilon: null, noiseMultiplier: null });
});

test('half of the images make ε larger; training that ended early counts as a whole; folds and studies without privacy have no price', () => {
  const half = madeUpResults({ configuration: { arms, split: { kind: 'half' } } });
  const { curve } = evidenceOf(half, []).price!;
  expect(curve.images).toBe(30_000);
  const spent = privacySpent({ rate: 1 / 30, noiseMultiplier: 0.93, steps: 450 });
  expect(curve.points[0].epsilon).toBeCloseTo(spent.epsilon, 12);
  const short = madeUpResults({
    configuration: { arms },
    trial: (_, k) =>
      k === 1 ? { history: { accuracy: [0.1], loss: [2], val_accuracy: [0.1], val_loss: [2] } } : {},
  });
  expect(evidenceOf(null, [short]).price!.curve.points[0].steps).toBe(900);
  expect(evidenceOf(madeUpResults(), []).price).toBeNull();
  const folds = { kind: 'folds', folds: 5, repeats: 1, groups: 'images' } as const;
  expect(
    evidenceOf(madeUpResults({ configuration: { arms, split: folds, seeds: [1] } }), []).price,
  ).toBeNull();
});
