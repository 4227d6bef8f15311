import { expect, onTestFinished, test, vi } from 'vitest';
import { Random } from '../util/random.ts';
import { atOnce, parts } from '../util/steps.ts';
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
    const train = (step: (model: Sequential, see: (outputs: Float32Array) => void) => number): number[] => {
      const model = network(optimizer);
      const outputs: number[] = [];
      const losses = [0, 1, 2].map(() => step(model, (shown) => outputs.push(...shown)));
      // Whoever asks for them has a step that was left off ended.
      const weights = weightsOf(model);
      const all = [...losses, ...outputs, ...weights];
      model.dispose();
      return all;
    };
    const divided =
      (visit: (model: Sequential, place: number) => boolean) =>
      (model: Sequential, see: (outputs: Float32Array) => void): number => {
        const rows = model.createRows(inputs);
        const steps = model.network.trainBatchInSteps(rows, model.targets(inputs, labels), batch, {
          see: (_, outputs) =>
            parts(1, 1, () => {
              see(outputs);
            }),
        });
        for (let place = 0; ; place++) {
          const { done, value } = steps.next();
          if (done) return value.loss;
          if (visit(model, place)) return NaN;
        }
      };
    const whole = train((model, see) => {
      const rows = model.createRows(inputs);
      return model.network.trainBatch(rows, model.targets(inputs, labels), batch, {
        see: (_, outputs) =>
          parts(1, 1, () => {
            see(outputs);
          }),
      }).loss;
    });
    expect(whole.slice(3, 3 + 640).reduce((a, b) => a + b)).toBeCloseTo(64, 3);
    let places = 0;
    expect(train(divided((_, place) => ((places = place), false)))).toEqual(whole);
    expect(places).toBeGreaterThan(12);
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

test('the first step, and those that would take more than 12 ms at the pace of the last, are divided, others whole', async () => {
  const model = network();
  const rows = model.createRows(inputs);
  let now = 0;
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => now);
  onTestFinished(() => {
    clock.mockRestore();
  });
  let places = 0;
  const step = trainStep(model.network, () => void places++);
  const taken = async (ms: number, count = 64): Promise<boolean> => {
    places = 0;
    clock.mockImplementationOnce(() => now).mockImplementationOnce(() => (now += ms));
    await step(rows, model.targets(inputs, labels), batch.subarray(0, count), {});
    if (places > 0) expect(places).toBeGreaterThan(12);
    return places > 0;
  };
  expect(await taken(13)).toBe(true);
  expect(await taken(12)).toBe(true);
  expect(await taken(13)).toBe(false);
  expect(await taken(1)).toBe(true);
  expect(await taken(1)).toBe(false);
  // A short batch at an epoch's end says how long the next one is.
  expect(await taken(4, 16)).toBe(false);
  expect(await taken(13)).toBe(true);
  expect(await taken(1, 16)).toBe(false);
});

test('whoever finishes a step in turns with its owner: the bits of a whole one, and the owner has its result', () => {
  const alone = network();
  const take = (model: Sequential, k: number): number => {
    const targets = model.targets(inputs, { data: labels, shape: [64] });
    const steps = model.network.trainBatchInSteps(model.createRows(inputs), targets, batch);
    if (model === alone) return atOnce(steps).loss;
    let stops = 0;
    for (; !steps.next().done; stops++) {
      // The second step is finished whole by another, the others alternate.
      const others = model.network.finishStep();
      for (let taken = 0; taken < (k === 1 ? Infinity : 1) && !others.next().done; taken++);
    }
    expect(stops).toBeGreaterThan(0);
    return model.predict(inputs).data[0];
  };
  const shared = network();
  for (let k = 0; k < 3; k++) {
    take(alone, k);
    expect(take(shared, k)).toBe(alone.predict(inputs).data[0]);
  }
  expect(shared.weightsHash()).toBe(alone.weightsHash());
});

test('an error amid a step is its owner’s, whoever took it, and others go on', () => {
  const model = network();
  const see = (): never => {
    throw new Error('seen');
  };
  const targets = model.targets(inputs, { data: labels, shape: [64] });
  const steps = model.network.trainBatchInSteps(model.createRows(inputs), targets, batch, { see });
  steps.next();
  expect(model.predict(inputs).data.every(Number.isFinite)).toBe(true);
  expect(() => atOnce(steps)).toThrow('seen');
});

test('promised predict and evaluate amid a long step of the same model leave it in its parts', async () => {
  const model = network();
  const targets = model.targets(inputs, { data: labels, shape: [64] });
  const rows = model.createRows(inputs);
  const whole = network();
  whole.network.trainBatch(
    whole.createRows(inputs),
    whole.targets(inputs, { data: labels, shape: [64] }),
    batch,
  );
  const steps = model.network.trainBatchInSteps(rows, targets, batch);
  steps.next();
  const finish = vi.spyOn(model.network, 'finishStep');
  const { data } = await model.predict(inputs, { async: true });
  expect(finish).toHaveBeenCalled();
  expect([...data]).toEqual([...whole.predict(inputs).data]);
  expect(steps.next().done).toBe(true);
});

test('a step that was left off is ended before the next begins', () => {
  const [left, whole] = [network(), network()];
  for (const model of [left, whole]) {
    const rows = model.createRows(inputs);
    const targets = model.targets(inputs, { data: labels, shape: [64] });
    const first = model.network.trainBatchInSteps(rows, targets, batch);
    if (model === whole) atOnce(first);
    else first.next();
    atOnce(model.network.trainBatchInSteps(rows, targets, batch));
  }
  expect(left.weightsHash()).toBe(whole.weightsHash());
});
