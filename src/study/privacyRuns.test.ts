import { expect, test } from 'vitest';
import { resolveStudy, type StudyFile } from './configuration.ts';
import { MNIST_DATA } from './dataAbout.ts';
import { privacyRunsOf } from './privacyRuns.ts';
import type { Results, StudyTrial } from './results.ts';

const FILE: StudyFile = {
  name: 'p',
  question: 'q',
  arms: {
    relu: {},
    'tanh-noise-1': { activation: 'tanh', batchSize: 600, privacy: { clip: 0.5, noiseMultiplier: 1 } },
  },
  seeds: 1,
};

function results(split: NonNullable<StudyFile['split']>): Results {
  const trial = (arm: string, activation: string) =>
    ({ arm, activation, seed: 1, testAccuracy: 0.5, history: { loss: [3, 2, 1] } }) as StudyTrial;
  const trials = [trial('relu', 'relu'), trial('tanh-noise-1', 'tanh')];
  return { study: resolveStudy({ ...FILE, split }), trials, data: MNIST_DATA } as Results;
}

test('privacyRunsOf: batch size and privacy of the arm, images of the split, epochs that were run; no folds', () => {
  expect(privacyRunsOf(results({ kind: 'test' }))).toEqual([
    {
      arm: 'relu',
      activation: 'relu',
      seed: 1,
      testAccuracy: 0.5,
      privacy: null,
      images: 60_000,
      batchSize: 32,
      epochs: 3,
    },
    {
      arm: 'tanh-noise-1',
      activation: 'tanh',
      seed: 1,
      testAccuracy: 0.5,
      privacy: { clip: 0.5, noiseMultiplier: 1 },
      images: 60_000,
      batchSize: 600,
      epochs: 3,
    },
  ]);
  expect(privacyRunsOf(results({ kind: 'half' }))[0].images).toBe(30_000);
  expect(privacyRunsOf(results({ kind: 'holdout' }))[0].images).toBe(54_000);
  expect(privacyRunsOf(results({ kind: 'folds', folds: 5, repeats: 1, groups: 'images' }))).toEqual([]);
});
