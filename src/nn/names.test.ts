import { expect, test } from 'vitest';
import { ACTIVATIONS } from '../engine/activations/activations.ts';
import { DactylError } from '../util/errors.ts';
import { INITIALIZERS } from './initializers/initializers.ts';
import { Dense, Input } from './layers.ts';
import { LOSS_RULES } from '../engine/losses/losses.ts';
import { resolveName } from './names.ts';
import { Sequential } from './sequential.ts';

/** Keras' names, by hand, beside ours. */
const ACTIVATION_NAMES = {
  linear: 'linear',
  relu: 'relu',
  leaky_relu: 'leakyRelu',
  elu: 'elu',
  selu: 'selu',
  gelu: 'gelu',
  silu: 'silu',
  softplus: 'softplus',
  softsign: 'softsign',
  sigmoid: 'sigmoid',
  tanh: 'tanh',
  softmax: 'softmax',
};
const INITIALIZER_NAMES = {
  glorot_uniform: 'glorotUniform',
  glorot_normal: 'glorotNormal',
  he_uniform: 'heUniform',
  he_normal: 'heNormal',
  lecun_uniform: 'lecunUniform',
  lecun_normal: 'lecunNormal',
  zeros: 'zeros',
  ones: 'ones',
};
const LOSS_NAMES = {
  categorical_crossentropy: 'categoricalCrossentropy',
  sparse_categorical_crossentropy: 'sparseCategoricalCrossentropy',
  binary_crossentropy: 'binaryCrossentropy',
  mean_squared_error: 'meanSquaredError',
  mean_absolute_error: 'meanAbsoluteError',
  huber: 'huber',
};

test('every activation, initializer and loss has its Keras name and ours, and no other is there', () => {
  expect(Object.values(ACTIVATION_NAMES).sort()).toEqual(Object.keys(ACTIVATIONS).sort());
  expect(Object.values(INITIALIZER_NAMES).sort()).toEqual(Object.keys(INITIALIZERS).sort());
  expect(Object.values(LOSS_NAMES).sort()).toEqual(Object.keys(LOSS_RULES).sort());
  for (const [keras, ours] of Object.entries(ACTIVATION_NAMES)) {
    expect(Dense(1, { activation: keras }).activation).toBe(ours);
    expect(Dense(1, { activation: ours }).activation).toBe(ours);
  }
  for (const [keras, ours] of Object.entries(INITIALIZER_NAMES)) {
    expect(Dense(1, { kernelInitializer: keras }).kernelInitializer).toBe(ours);
    expect(Dense(1, { biasInitializer: ours }).biasInitializer).toBe(ours);
  }
  for (const [keras, ours] of Object.entries(LOSS_NAMES)) {
    for (const loss of [keras, ours]) {
      const activation = LOSS_RULES[ours as keyof typeof LOSS_RULES].takes ?? 'linear';
      const model = new Sequential([Input([1]), Dense(2, { activation })]);
      model.compile({ optimizer: 'sgd', loss });
      expect(model.compiled!.loss).toBe(ours);
    }
  }
});

test.each(['Relu', 'relu6', '', 'constructor', '__proto__', 'toString', 'has_own_property', 'leaky__relu'])(
  'the unknown name %j is E_ARGUMENT, with the names there are and the one received',
  (name) => {
    expect(() => resolveName('activation', ACTIVATIONS, name)).toThrow(DactylError);
    expect(() => resolveName('activation', ACTIVATIONS, name)).toThrow(
      `Unknown activation: expected one of ${Object.values(ACTIVATION_NAMES).join(', ')}; received '${name}'`,
    );
  },
);

test('misspelt options of Dense are E_ARGUMENT, not defaults', () => {
  expect(() => Dense(1, { activaton: 'relu' } as object)).toThrow(
    "Dense: expected options of activation, useBias, kernelInitializer, biasInitializer, kernelRegularizer, trainable; received 'activaton' (nearest: activation).",
  );
});
