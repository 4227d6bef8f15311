import { expect, test } from 'vitest';
import { errorOf } from '../../test/support/models.ts';
import { Dense, type DenseOptions, Dropout, Flatten, Input, type Layer, Rescaling } from './layers.ts';
import { planLayers } from './plan.ts';

test("shapes, parameters and the engine's network, by hand", () => {
  const plan = planLayers([
    Input([2, 3]),
    Flatten(),
    Dense(5, { useBias: false, kernelRegularizer: { l2: 0.5 } }),
    Dropout(0.2),
    Dense(4),
  ]);
  expect(plan.inputShape).toEqual([2, 3]);
  expect(plan.outputShape).toEqual([4]);
  expect(plan.rows.map(({ parameters }) => parameters)).toEqual([0, 30, 0, 24]);
  const { steps, ...network } = plan.network;
  expect(network).toEqual({ shape: [2, 3], scale: 1, offset: 0 });
  expect(steps.map(({ spec }) => spec)).toEqual([
    { kind: 'dense', units: 5, useBias: false, l1: 0, l2: 0.5 },
    { kind: 'dropout', rate: 0.2 },
    { kind: 'dense', units: 4, useBias: true, l1: 0, l2: 0 },
  ]);
  expect(plan.weights.map(({ key, shape }) => [key, shape])).toEqual([
    ['0/kernel', [6, 5]],
    ['1/kernel', [5, 4]],
    ['1/bias', [4]],
  ]);
});

test('rescalings follow each other: 3 (2 x + 1) - 1 = 6 x + 2', () => {
  const { scale, offset } = planLayers([
    Input([1]),
    Rescaling(2, 1),
    Flatten(),
    Rescaling(3, -1),
    Dense(1),
  ]).network;
  expect([scale, offset]).toEqual([6, 2]);
});

test.each<[string, Layer[], string]>([
  ['no layer', [], 'E_ARGUMENT'],
  ['no Input', [Dense(3)], 'E_ARGUMENT'],
  ['a second Input', [Input([3]), Input([3]), Dense(2)], 'E_ARGUMENT'],
  ['no Dense', [Input([3]), Flatten()], 'E_ARGUMENT'],
  ['Dropout last', [Input([3]), Dense(3), Dropout(0.5)], 'E_ARGUMENT'],
  ['Rescaling after Dense', [Input([3]), Dense(3), Rescaling(2), Dense(3)], 'E_ARGUMENT'],
  ['Rescaling after Dropout', [Input([3]), Dropout(0.1), Rescaling(2), Dense(3)], 'E_ARGUMENT'],
  ['Dense on images', [Input([2, 2]), Dense(3)], 'E_SHAPE'],
  ['a billion units', [Input([784]), Dense(1e9)], 'E_ARGUMENT'],
  [
    'a layer of 2^28 parameters and one more',
    [Input([2 ** 14]), Dense(2 ** 14, { useBias: false }), Dense(1)],
    'E_ARGUMENT',
  ],
  ['an input without end', [Input([2 ** 40, 2 ** 40]), Flatten(), Dense(1)], 'E_ARGUMENT'],
])('%s is refused', async (_, layers, code) => {
  expect((await errorOf(() => planLayers(layers))).code).toBe(code);
});

test('2^28 parameters are allowed', () => {
  expect(planLayers([Input([2 ** 14]), Dense(2 ** 14, { useBias: false })]).outputShape).toEqual([2 ** 14]);
});

test.each([
  ['Input([])', () => Input([])],
  ['Input([0])', () => Input([0])],
  ['Input([2.5])', () => Input([2.5])],
  ['Dense(0)', () => Dense(0)],
  ['Dense(1.5)', () => Dense(1.5)],
  ['Dense(-3)', () => Dense(-3)],
  ["Dense('10')", () => Dense('10' as unknown as number)],
  ['l1 < 0', () => Dense(1, { kernelRegularizer: { l1: -1 } })],
  ['l2 NaN', () => Dense(1, { kernelRegularizer: { l2: NaN } })],
  ['activation unknown', () => Dense(1, { activation: 'relu6' })],
  ['alpha < 0', () => Dense(1, { activation: { name: 'elu', alpha: -1 } })],
  ['slope infinite', () => Dense(1, { activation: { name: 'leakyRelu', negativeSlope: Infinity } })],
  [
    'a parameter for relu',
    () => Dense(1, { activation: { name: 'relu', alpha: 1 } } as unknown as DenseOptions),
  ],
  ['kernel initializer unknown', () => Dense(1, { kernelInitializer: 'uniform' })],
  ['Dropout(1)', () => Dropout(1)],
  ['Dropout(-0.1)', () => Dropout(-0.1)],
  ['Dropout(NaN)', () => Dropout(NaN)],
  ['Rescaling(Infinity)', () => Rescaling(Infinity)],
])('%s is E_ARGUMENT with what was received', async (_, make) => {
  const { code, message } = await errorOf(make);
  expect(code).toBe('E_ARGUMENT');
  expect(message).toMatch(/expected .*received /);
});
