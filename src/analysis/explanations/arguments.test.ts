import { expect, test } from 'vitest';
import { Conv2D, Dense, Flatten, Input } from '../../nn/layers.ts';
import { Sequential } from '../../nn/sequential.ts';
import { gradient, gradientTimesInput } from './gradient.ts';
import { integratedGradients } from './integratedGradients.ts';
import { occlusion } from './occlusion.ts';
import { layerwiseRelevance } from './relevance.ts';
import { smoothGrad } from './smoothGrad.ts';

const model = new Sequential([
  Input([6, 6, 2]),
  Conv2D(9, 3, { activation: 'tanh' }),
  Flatten(),
  Dense(3, { activation: 'softmax' }),
]);
const images = { data: new Float32Array(72).fill(0.5), shape: [1, 6, 6, 2] };
const target = { classes: [0] };
const baseline = { data: new Float32Array(72), shape: [6, 6, 2] };

/** Past the types, as JavaScript calls. */
const call = (explain: unknown, of: unknown, options?: unknown): unknown =>
  (explain as (...args: unknown[]) => unknown)(model, images, of, options);

const TARGETS: [unknown, string, string][] = [
  [null, 'E_ARGUMENT', 'target'],
  [{ classes: null }, 'E_ARGUMENT', 'classes: expected an array of numbers; received null'],
  [{ classes: undefined }, 'E_ARGUMENT', 'classes: expected an array of numbers; received undefined'],
  [{ classes: 5 }, 'E_ARGUMENT', 'classes: expected an array of numbers; received the number 5'],
  [{ classes: [0], against: null }, 'E_ARGUMENT', 'against: expected an array of numbers; received null'],
  [{ classes: [0], agaisnt: [1] }, 'E_ARGUMENT', 'nearest: against'],
  [{ classes: [0, 1] }, 'E_SHAPE', 'expected 1 classes'],
  [{ classes: [3] }, 'E_LABEL', 'from 0 to 2, received 3'],
];

test.each(TARGETS)('a target %j is %s: %s', (wrong, code, words) => {
  for (const [explain, options] of [
    [gradient],
    [gradientTimesInput],
    [smoothGrad, {}],
    [occlusion, {}],
    [integratedGradients, { baseline }],
    [layerwiseRelevance, { rule: 'epsilon' }],
  ])
    expect(() => call(explain, wrong, options)).toThrowError(
      expect.objectContaining({ code, message: expect.stringContaining(words) as string }),
    );
});

test.each<[string, unknown, object, string]>([
  ['layerwiseRelevance', layerwiseRelevance, { rule: 'x' }, "'epsilon' or 'zPlus'; received the text 'x'"],
  ['layerwiseRelevance', layerwiseRelevance, {}, 'rule'],
  ...[-1, NaN, Infinity, '1'].map((epsilon): [string, unknown, object, string] => [
    'layerwiseRelevance',
    layerwiseRelevance,
    { rule: 'epsilon', epsilon },
    'epsilon: expected a number from 0 on',
  ]),
  ...[0, -1, 1.5, NaN, 2 ** 28, '5', null].map((samples): [string, unknown, object, string] => [
    'smoothGrad',
    smoothGrad,
    { samples },
    'samples: expected a whole number from 1 to',
  ]),
  ...[-1, NaN, Infinity, 'x'].map((deviation): [string, unknown, object, string] => [
    'smoothGrad',
    smoothGrad,
    { deviation },
    'deviation: expected a number from 0 on',
  ]),
  ...['x', new Float32Array(0), new Float32Array(50), new Float32Array(100), [0]].map(
    (noise): [string, unknown, object, string] => [
      'smoothGrad',
      smoothGrad,
      { noise },
      'noise: expected a Float32Array of 72 values for each sample',
    ],
  ),
  [
    'smoothGrad',
    smoothGrad,
    { noise: new Float32Array(72).fill(NaN) },
    'finite numbers; received the number NaN',
  ],
  ['integratedGradients', integratedGradients, {}, 'baseline'],
  ['integratedGradients', integratedGradients, { baseline: null }, 'baseline'],
  ['integratedGradients', integratedGradients, { baseline: 0 }, 'baseline'],
  [
    'integratedGradients',
    integratedGradients,
    { baseline: { data: new Float32Array(50), shape: [5, 5, 2] } },
    'of 72 values each, received shape (5, 5, 2)',
  ],
  [
    'integratedGradients',
    integratedGradients,
    { baseline: { data: new Float32Array(72).fill(NaN), shape: [6, 6, 2] } },
    'finite numbers; received the number NaN',
  ],
  ...[0, -1, 1.5, NaN, 2 ** 30].flatMap((steps): [string, unknown, object, string][] => [
    [
      'integratedGradients',
      integratedGradients,
      { baseline, steps },
      'steps: expected a whole number from 1 to',
    ],
    [
      'integratedGradients',
      integratedGradients,
      { baseline, mostSteps: steps },
      'mostSteps: expected a whole number from 1 to',
    ],
  ]),
  ...[-1, NaN, '0'].map((tolerance): [string, unknown, object, string] => [
    'integratedGradients',
    integratedGradients,
    { baseline, tolerance },
    'tolerance: expected a number from 0 on',
  ]),
  ...[{ side: 2.5 }, { side: 7 }, { stride: 0 }, { side: 2, stride: 1.5 }, { side: NaN }].map(
    (options): [string, unknown, object, string] => ['occlusion', occlusion, options, 'of whole pixels'],
  ),
])('%s: %j … %j is refused: %s', (_, explain, options, words) => {
  expect(() => call(explain, target, options)).toThrowError(
    expect.objectContaining({ message: expect.stringContaining(words) as string }),
  );
});
