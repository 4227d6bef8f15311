import { expect, test } from 'vitest';
import { RULES } from '../engine/rules/rules.ts';
import { errorOf } from '../../test/support/models.ts';
import type { OptimizerSpec } from '../engine/engine.ts';
import { resolveOptimizer } from './optimizer.ts';
import { Adagrad, Adam, AdamW, Lion, RMSprop, SGD } from './optimizers.ts';

test('options replace defaults one by one', () => {
  expect(Adam({ learningRate: 0.01, beta2: 0.99 })).toEqual({
    name: 'adam',
    learningRate: 0.01,
    beta1: 0.9,
    beta2: 0.99,
    epsilon: 1e-7,
  });
  expect(SGD({ momentum: 0.9, nesterov: true })).toEqual({
    name: 'sgd',
    learningRate: 0.01,
    momentum: 0.9,
    nesterov: true,
  });
  expect(resolveOptimizer(SGD({ momentum: 0.5 }))).toEqual(SGD({ momentum: 0.5 }));
  expect(resolveOptimizer('adam')).toEqual(Adam());
});

test('what every optimizer may be given is absent where it is not, so that files and keys stay as they were', () => {
  expect(Object.keys(Adam())).toEqual(['name', 'learningRate', 'beta1', 'beta2', 'epsilon']);
  expect(Adam({ clipnorm: 1 })).toEqual({ ...Adam(), clipnorm: 1 });
  expect(resolveOptimizer(Lion({ weightDecay: 0.1 }))).toEqual({ ...Lion(), weightDecay: 0.1 });
});

test('two clippings at once are E_ARGUMENT', async () => {
  expect(await errorOf(() => RMSprop({ clipnorm: 1, clipvalue: 2 }))).toEqual({
    code: 'E_ARGUMENT',
    message:
      'RMSprop: expected at most one of clipnorm, globalClipnorm, clipvalue; received clipnorm and clipvalue.',
  });
});

test.each([0, -0.1, NaN, Infinity])('a learning rate of %f is E_ARGUMENT', async (learningRate) => {
  for (const make of [Adam, SGD, AdamW, RMSprop, Adagrad, Lion]) {
    expect(await errorOf(() => make({ learningRate }))).toEqual({
      code: 'E_ARGUMENT',
      message: `${make.name}: expected learningRate > 0; received ${learningRate}.`,
    });
  }
});

test.each([
  ['beta1', () => Adam({ beta1: 1 })],
  ['beta1', () => Adam({ beta1: -0.1 })],
  ['beta2', () => Adam({ beta2: NaN })],
  ['epsilon', () => Adam({ epsilon: 0 })],
  ['epsilon', () => Adam({ epsilon: 1e-13 })],
  ['momentum', () => SGD({ momentum: 1 })],
  ['momentum', () => SGD({ momentum: -0.5 })],
  ['weightDecay', () => AdamW({ weightDecay: -1 })],
  ['weightDecay', () => SGD({ weightDecay: Infinity })],
  ['rho', () => RMSprop({ rho: 1 })],
  ['momentum', () => RMSprop({ momentum: 1 })],
  ['initialAccumulatorValue', () => Adagrad({ initialAccumulatorValue: -0.1 })],
  ['beta1', () => Lion({ beta1: 0 })],
  ['beta2', () => Lion({ beta2: 1 })],
  ['clipnorm', () => Adam({ clipnorm: 0 })],
  ['globalClipnorm', () => Adam({ globalClipnorm: NaN })],
  ['clipvalue', () => Adam({ clipvalue: -1 })],
])('%s out of its range is E_ARGUMENT', async (name, make) => {
  const { code, message } = await errorOf(make);
  expect(code).toBe('E_ARGUMENT');
  expect(message).toContain(`expected ${name}`);
});

test('unknown optimizers and misspelt options are E_ARGUMENT, not defaults', async () => {
  const unknown = { ...SGD(), name: 'nadam' } as unknown as OptimizerSpec;
  expect((await errorOf(() => resolveOptimizer(unknown))).message).toBe(
    `Unknown optimizer: expected one of ${Object.keys(RULES).join(', ')}; received 'nadam'; there is no such optimizer yet.`,
  );
  expect((await errorOf(() => resolveOptimizer('adamw'))).message).toContain('which is called adamW here');
  const misspelt = { learning_rate: 1 } as object;
  expect(await errorOf(() => Adam(misspelt))).toEqual({
    code: 'E_ARGUMENT',
    message:
      "Adam: expected options of learningRate, beta1, beta2, epsilon, weightDecay, clipnorm, globalClipnorm, clipvalue; received 'learning_rate' (nearest: learningRate).",
  });
});
