import { afterEach, expect, test, vi } from 'vitest';
import { CLASSES, points, WIDTH } from '../../test/support/models.ts';
import { Dense, Dropout, Input, Rescaling } from './layers.ts';
import { Adagrad, Adam, AdamW, Lion, RMSprop, SGD } from './optimizers.ts';
import { Sequential } from './sequential.ts';

// Keras 3: keras/src/layers/core/dense.py, layers/regularization/dropout.py, layers/preprocessing/rescaling.py,
// activations/activations.py, optimizers/{adam,sgd,adamw,rmsprop,adagrad,lion}.py, backend/*/trainer.py (fit), trainers/trainer.py (compile).

afterEach(() => {
  vi.restoreAllMocks();
});

test('the defaults of layers are those of Keras 3', () => {
  expect(Dense(7)).toEqual({
    type: 'Dense',
    units: 7,
    activation: 'linear',
    parameter: 0,
    useBias: true,
    kernelInitializer: 'glorotUniform',
    biasInitializer: 'zeros',
    kernelRegularizer: { l1: 0, l2: 0 },
  });
  expect(Dense(7, { activation: 'leaky_relu' }).parameter).toBe(0.2);
  expect(Dense(7, { activation: 'elu' }).parameter).toBe(1);
  expect(Dropout(0.5)).toEqual({ type: 'Dropout', rate: 0.5 });
  expect(Rescaling(1 / 255)).toEqual({ type: 'Rescaling', scale: 1 / 255, offset: 0 });
});

test('the defaults of optimizers are those of Keras 3', () => {
  expect(Adam()).toEqual({ name: 'adam', learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 });
  expect(SGD()).toEqual({ name: 'sgd', learningRate: 0.01, momentum: 0, nesterov: false });
  expect(AdamW()).toEqual({ ...Adam(), name: 'adamW', weightDecay: 0.004 });
  expect(RMSprop()).toEqual({
    name: 'rmsprop',
    learningRate: 0.001,
    rho: 0.9,
    momentum: 0,
    epsilon: 1e-7,
    centered: false,
  });
  expect(Adagrad()).toEqual({
    name: 'adagrad',
    learningRate: 0.001,
    initialAccumulatorValue: 0.1,
    epsilon: 1e-7,
  });
  expect(Lion()).toEqual({ name: 'lion', learningRate: 0.001, beta1: 0.9, beta2: 0.99 });
  const model = new Sequential([Input([2]), Dense(2, { activation: 'softmax' })]);
  model.compile({ optimizer: 'adam', loss: 'categorical_crossentropy' });
  expect(model.compiled).toEqual({ optimizer: Adam(), loss: 'categoricalCrossentropy', metrics: [] });
  model.compile({ optimizer: 'sgd', loss: 'categorical_crossentropy' });
  expect(model.compiled!.optimizer).toEqual(SGD());
});

test('the defaults of fit are those of Keras 3: 1 epoch, batches of 32, shuffled, no validation, verbose 1', async () => {
  const print = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  const { inputs, labels } = points(70);
  const train = async (shuffle?: boolean): Promise<{ sizes: number[]; hash: string }> => {
    const model = new Sequential([Input([WIDTH]), Dense(CLASSES, { activation: 'softmax' })]);
    model.compile({ optimizer: 'adam', loss: 'sparse_categorical_crossentropy' });
    const sizes: number[] = [];
    const history = await model.fit(inputs, labels, {
      ...(shuffle !== undefined && { shuffle }),
      callbacks: [{ onBatchEnd: (_, { size }) => void sizes.push(size) }],
    });
    expect(history.epoch).toEqual([0]);
    expect(Object.keys(history.history)).toEqual(['loss']);
    return { sizes, hash: model.weightsHash() };
  };
  const plain = await train();
  expect(plain.sizes).toEqual([32, 32, 6]);
  expect(plain.hash).toBe((await train(true)).hash);
  expect(plain.hash).not.toBe((await train(false)).hash);
  expect(print.mock.calls.slice(0, 2)).toEqual([
    ['Epoch 1/1'],
    [expect.stringMatching(/^3\/3 - \d+s - \d+[mu]?s\/step - loss: \d\.\d{4}$/)],
  ]);
});
