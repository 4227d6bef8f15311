import { expect, test } from 'vitest';
import type {
  ArmEvidence,
  Estimate,
  FoldEvidence,
  SettingEvidence,
} from '../../../study/evaluation/evidence.ts';
import type { Evaluation } from '../../../study/evaluation/record.ts';
import { html } from '../../html.ts';
import { differenceOf } from '../estimate.ts';
import { augmentationPoint } from './augmentation.ts';
import { overfittingPoint } from './overfitting.ts';
import { societyPoint } from './society.ts';
import { supervisionPoint } from './supervision.ts';

const plain = (text: string) => text.replaceAll('\u00a0', ' ');
const estimate = (mean: number, half: number, n = 30): Estimate => ({
  n,
  mean,
  low: mean - half,
  high: mean + half,
});
const evaluationWith = (evidence: Partial<Evaluation['evidence']>, rest: Partial<Evaluation> = {}) =>
  ({
    arms: [],
    evidence: { arms: [], settings: [], folds: [], ...evidence },
    parts: [],
    ...rest,
  }) as unknown as Evaluation;

function learner(arm: string, label: string, gap: Estimate, trainAccuracy = 0.99): ArmEvidence {
  const rest = {
    unit: 'seed' as const,
    epochs: 10,
    dropout: 0,
    earlyStopping: false,
    validationAccuracy: 0.97,
    seconds: 5,
  };
  return { arm, label, gap, trainAccuracy, ...rest };
}

test('overfitting is a risk of every arm that it holds for, and of no other', () => {
  const { highlights } = overfittingPoint(
    evaluationWith({
      arms: [
        learner('relu', 'ReLU', estimate(0.0162, 0.0008)),
        learner('tanh', 'Tanh', estimate(0.0176, 0.0007)),
        learner('open', 'Open', estimate(0.001, 0.002)),
        learner('blind', 'Blind', estimate(0.01, 0.001), 0.2),
      ],
    }),
  );
  expect(highlights.map(({ label, value, kind }) => [label, plain(value), kind])).toEqual([
    [
      'Overfitting',
      'ReLU +1.62 points (95 % interval +1.54 to +1.70 points) and Tanh +1.76 points (95 % interval +1.69 to +1.83 points)',
      'risk',
    ],
  ]);
});

test('the cost of errors is told of every arm, its interval widened for MNIST’s writers, by hand within 0.001', () => {
  const confusion = (wrong: number) =>
    Array.from({ length: 10 }, (_, t) =>
      Array.from({ length: 10 }, (__, p) => (t === p ? 100 - wrong : p === (t + 1) % 10 ? wrong : 0)),
    );
  const subjects = ['relu', 'tanh'].map((arm, k) => ({
    arm,
    activation: arm,
    seed: 1,
    hash: '',
    accuracy: 0.98 - k / 100,
    mnist: k === 0 ? { students: 0.99, employees: 0.97 } : null,
    confusion: confusion(2 + k),
  }));
  const { highlights, tables } = societyPoint(
    evaluationWith(
      {},
      {
        arms: ['relu', 'tanh'].map((name) => ({
          name,
          label: name,
          activation: name,
        })) as unknown as Evaluation['arms'],
        parts: [{ part: 'answers', result: { images: 1_000, subjects } }] as unknown as Evaluation['parts'],
        costs: {
          matrix: Array.from({ length: 10 }, (_, t) =>
            Array.from({ length: 10 }, (__, p) => (t === p ? 0 : 1)),
          ),
          source: { file: 'c', sha256: '' },
        },
      },
    ),
  );
  // 2 and 3 of 100 of each digit.
  expect(highlights.map(({ value }) => value)).toEqual(['Relu 20.0 and Tanh 30.0']);
  // The first of MNIST, where 1,000 images are worth 340: Wilson's formula by hand with z = 1.95996; the second of unknown writers.
  const [, , mean, low, high] = tables[0].rows[0] as number[];
  expect(mean).toBeCloseTo(20, 9);
  expect(low).toBeCloseTo(9.623119, 3);
  expect(high).toBeCloseTo(41.102174, 3);
});

test('the difference of two independent estimates has Welch’s interval: SciPy’s within 1e-12', () => {
  const found = differenceOf(estimate(0.9749, 0.002, 50), estimate(0.9712, 0.004, 10));
  expect(found.low).toBeCloseTo(-0.0006169232183068319, 12);
  expect(found.high).toBeCloseTo(0.008016923218306906, 12);
  expect(differenceOf(estimate(1, 0.1), { n: 1, mean: 0.5, low: null, high: null })).toEqual({
    n: 1,
    mean: 0.5,
    low: null,
    high: null,
  });
});

test('folds that share writers beside folds that do not: the flattery with its interval, arm by arm', () => {
  const fold = (arm: string, groups: 'images' | 'writers', accuracy: Estimate): FoldEvidence => ({
    study: groups,
    studyHash: '',
    arm,
    folds: 10,
    repeats: 5,
    groups,
    accuracy,
  });
  const sentences = (writers: number, n = 50) =>
    supervisionPoint(
      evaluationWith({
        folds: [
          fold('ReLU', 'images', estimate(0.9749, 0.001, n)),
          fold('ReLU', 'writers', estimate(writers, 0.001, n)),
          fold('Tanh', 'writers', estimate(0.96, 0.001, 50)),
        ],
      }),
    )
      .pages(
        (name) => html`${name}`,
        (name) => html`${name}`,
      )[0]
      .follows.map(plain)
      .filter((text) => text.startsWith('Folds that share'));
  expect(sentences(0.9712)).toEqual([
    'Folds that share writers give ReLU +0.37 points (95 % interval +0.23 to +0.51 points) more than folds that do not: they flatter it. The two are taken as independent, which makes the interval rather too wide.',
  ]);
  expect(sentences(0.9745)[0]).toContain('does not settle');
  // .0037 ± √2 · .001 · t₈/t₄ = .00117: clear of zero.
  expect(sentences(0.9712, 5)).toEqual([
    'Folds that share writers give ReLU +0.37 points (95 % interval +0.25 to +0.49 points) more than folds that do not: clear of zero, but fewer than six decide no sign.',
  ]);
});

test('a gap, a setting and distorted images: five seeds decide no sign, clear of zero as they are, and say why; six do', () => {
  const follows = (point: typeof overfittingPoint, n: number, mean: number) => {
    const change = estimate(mean, 0.001, n);
    const setting = (name: SettingEvidence['setting']): SettingEvidence => ({
      study: 'own',
      studyHash: '',
      setting: name,
      without: 'Plain',
      with: 'Other',
      words: `${name} instead of none`,
      accuracy: change,
      gap: change,
    });
    return point(
      evaluationWith(
        { arms: [learner('relu', 'ReLU', change)], settings: [setting('dropout'), setting('distortion')] },
        {
          data: { trainImages: 60_000, testImages: 10_000 } as unknown as Evaluation['data'],
          missing: [],
        },
      ),
    )
      .pages(
        (name) => html`${name}`,
        (name) => html`${name}`,
      )[0]
      .follows.map(plain);
  };
  const range = '+0.50 points (95 % interval +0.40 to +0.60 points)';
  const few = `${range}, clear of zero, but fewer than six decide no sign`;
  expect(follows(overfittingPoint, 5, 0.005)).toEqual([
    `For ReLU the gap is ${few}; whether there is one is not settled.`,
    `Dropout instead of none, in the study own beside Plain: the gap changes by ${range} and the accuracy by ${few}.`,
  ]);
  expect(follows(augmentationPoint, 5, 0.005)).toEqual([
    `In the study own it is not settled whether distorted training images help: Other minus Plain is ${few}.`,
  ]);
  expect(follows(overfittingPoint, 5, -0.005).join(' ')).not.toMatch(/less accurate|a loss/);
  expect(follows(augmentationPoint, 5, -0.005)[0]).toContain('it is not settled');
  expect(follows(overfittingPoint, 6, 0.005)[0]).toContain('some of them it knows by heart');
  expect(follows(overfittingPoint, 6, 0.005)[1]).toMatch(/, a gain\.$/);
  expect(follows(overfittingPoint, 6, -0.005)[1]).toMatch(/, a loss\.$/);
  expect(follows(augmentationPoint, 6, 0.005)[0]).toContain('make Other more accurate than Plain');
  const { highlights } = overfittingPoint(
    evaluationWith({ arms: [learner('relu', 'ReLU', estimate(0.0162, 0.0008, 5))] }),
  );
  expect(highlights).toEqual([]);
});
