import { expect, onTestFinished, test, vi } from 'vitest';
import { Random } from '../util/random.ts';
import { Conv2D } from './layers/conv2d.ts';
import { BatchNormalization } from './layers/batchNormalization.ts';
import { Dense } from './layers/dense.ts';
import { Dropout } from './layers/dropout.ts';
import { Flatten } from './layers/flatten.ts';
import { Input } from './layers/input.ts';
import { MaxPooling2D } from './layers/maxPooling2d.ts';
import { SGD } from './optimizers.ts';
import { Sequential } from './sequential.ts';
import { trainStep } from './trainStep.ts';

const SHAPE = [12, 12, 1];
const random = new Random(1, 'divided steps');
const inputs = {
  data: Float32Array.from({ length: 64 * 144 }, () => random.uniform()),
  shape: [64, ...SHAPE],
};
const labels = Uint8Array.from({ length: 64 }, (_, i) => i % 10);

function network(optimizer: 'adam' | 'sgd' = 'adam'): Sequential {
  const model = new Sequential(
    [
      Input(SHAPE),
      Conv2D(16, 3, { activation: 'relu' }),
      MaxPooling2D(),
      BatchNormalization(),
      Flatten(),
      Dropout(0.3),
      Dense(24, { activation: 'tanh', kernelRegularizer: { l2: 0.01 } }),
      Dense(10, { activation: 'softmax' }),
    ],
    { seed: 3 },
  );
  model.compile({
    optimizer: optimizer === 'sgd' ? SGD({ globalClipnorm: 1 }) : optimizer,
    loss: 'sparseCategoricalCrossentropy',
  });
  return model;
}

const weightsOf = (model: Sequential): number[] => model.getWeights().flatMap(({ data }) => [...data]);
const batch = Uint32Array.from({ length: 64 }, (_, i) => (i * 7) % 64);

test.each(['adam', 'sgd'] as const)(
  'a divided step has the bits of a whole one, loss, outputs and weights (%s); so has one in whose midst others ask, or that is left off',
  (optimizer) => {
    const train = (step: (model: Sequential, k: number) => number): number[] => {
      const model = network(optimizer);
      const losses = [0, 1, 2].map((k) => step(model, k));
      const all = [...losses, ...model.network.lastOutputs(64), ...weightsOf(model)];
      model.dispose();
      return all;
    };
    const divided =
      (visit: (model: Sequential, place: number) => boolean) =>
      (model: Sequential): number => {
        const rows = model.createRows(inputs);
        const steps = model.network.trainBatchInSteps(rows, model.targets(inputs, labels), batch);
        for (let place = 0; ; place++) {
          const { done, value } = steps.next();
          if (done) return value.loss;
          if (visit(model, place)) {
            steps.return({ loss: NaN, correct: 0 });
            return NaN;
          }
        }
      };
    const whole = train((model) => {
      const rows = model.createRows(inputs);
      return model.network.trainBatch(rows, model.targets(inputs, labels), batch).loss;
    });
    let places = 0;
    expect(train(divided((_, place) => ((places = place), false)))).toEqual(whole);
    expect(places).toBeGreaterThan(8);
    for (let at = 0; at <= places; at += 3) {
      const asked = divided((model, place) => {
        if (place === at) model.predict({ data: inputs.data.subarray(0, 144 * 5), shape: [5, ...SHAPE] });
        return false;
      });
      expect(train(asked)).toEqual(whole);
      const left = divided((_, place) => place === at);
      expect(train(left).slice(3)).toEqual(whole.slice(3));
    }
  },
);

test('the first step and those after one of more than 12 ms are divided, others whole', async () => {
  const model = network();
  const rows = model.createRows(inputs);
  let now = 0;
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => now);
  onTestFinished(() => {
    clock.mockRestore();
  });
  let places = 0;
  const step = trainStep(model.network, () => void places++);
  const taken = async (ms: number): Promise<number> => {
    places = 0;
    clock.mockImplementationOnce(() => now).mockImplementationOnce(() => (now += ms));
    await step(rows, model.targets(inputs, labels), batch);
    return places;
  };
  expect(await taken(13)).toBeGreaterThan(8);
  expect(await taken(12)).toBeGreaterThan(8);
  expect(await taken(13)).toBe(0);
  expect(await taken(1)).toBeGreaterThan(8);
  expect(await taken(1)).toBe(0);
});
