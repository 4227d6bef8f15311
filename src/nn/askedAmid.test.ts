import { expect, test } from 'vitest';
import { Random } from '../util/random.ts';
import type { Steps } from '../util/steps.ts';
import { Conv2D } from './layers/conv2d.ts';
import { Dense } from './layers/dense.ts';
import { Flatten } from './layers/flatten.ts';
import { Input } from './layers/input.ts';
import { MaxPooling2D } from './layers/maxPooling2d.ts';
import { Sequential } from './sequential.ts';

const SHAPE = [8, 8, 1];
const ROWS = 150;
const random = new Random(1, 'asked amid');
const inputs = {
  data: Float32Array.from({ length: ROWS * 64 }, () => random.uniform()),
  shape: [ROWS, ...SHAPE],
};
const few = { data: inputs.data.subarray(64 * 100, 64 * 105), shape: [5, ...SHAPE] };
const labels = Uint8Array.from({ length: ROWS }, (_, s) => s % 3);

function model(seed: number): Sequential {
  const layers = [
    ...[Input(SHAPE), Conv2D(8, 3, { activation: 'tanh' }), MaxPooling2D(), Flatten()],
    ...[
      Dense(8, { activation: 'relu', kernelRegularizer: { l2: 0.1 } }),
      Dense(3, { activation: 'softmax' }),
    ],
  ];
  const made = new Sequential(layers, { seed });
  made.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy', 'auc'] });
  return made;
}

/** What the steps give where `ask` comes between two of them, for each place in turn; at least so many places. */
function asked<T>(least: number, steps: () => Steps<T>, ask: () => void): T[] {
  const given: T[] = [];
  for (let at = 0; ; at++) {
    const taken = steps();
    let place = 0;
    for (let next = taken.next(); ; next = taken.next(), place++) {
      if (next.done) {
        given.push(next.value);
        break;
      }
      if (place === at) ask();
    }
    if (at < place) continue;
    expect(at).toBeGreaterThanOrEqual(least);
    return given;
  }
}

/** The same for all. */
function expectAll(given: readonly unknown[], whole: unknown): void {
  for (const one of given) expect(one).toEqual(whole);
}

test('predictions and evaluations in steps are those of whole ones, wherever the same model is asked between two', () => {
  const own = model(1);
  const { network } = own;
  const rows = own.createRows(inputs);
  const targets = own.targets(inputs, { data: labels, shape: [ROWS] });
  const answers = own.predict(few).data;
  for (const ask of [
    () => {
      expect(own.predict(few).data).toEqual(answers);
    },
    () => void own.evaluate(few, { data: labels.subarray(100, 105), shape: [5] }),
  ]) {
    expectAll(
      asked(6, () => network.predictInSteps(rows), ask),
      network.predict(rows),
    );
    expectAll(
      asked(6, () => network.evaluateInSteps(rows, targets), ask),
      network.evaluate(rows, targets),
    );
  }
});

test('weights that are written in steps are all there for who asks between two', () => {
  // Of odd widths 131,072 weights are written at a time.
  const wide = (seed: number): Sequential =>
    new Sequential([Input(SHAPE), Flatten(), Dense(2111, { activation: 'tanh' }), Dense(3)], { seed });
  const other = wide(2);
  const arrays = other.network.getWeights();
  const own = wide(1);
  const steps = own.network.writeWeights(arrays);
  let stops = 0;
  for (; !steps.next().done; stops++) expect(own.predict(few).data).toEqual(other.predict(few).data);
  expect(stops).toBe(1);
  expect(own.weightsHash()).toBe(other.weightsHash());
});

test('so are what teachers answer together, whoever of them is asked, the pupil among them', () => {
  const [pupil, one, other] = [1, 2, 3].map(model);
  const rows = pupil.createRows(inputs);
  const teachers = [one, pupil, other].map(({ network }) => network);
  const each = teachers.map((network) => network.predict(rows));
  // Summed in float32, one teacher after the other.
  const mean = each[0].map((_, i) => {
    const sum = each.reduce((sum, own) => Math.fround(sum + own[i]), 0);
    return Math.fround(sum / 3);
  });
  for (const ask of [one, pupil, other]) {
    const answers = ask.predict(few).data;
    expectAll(
      asked(
        15,
        () => pupil.network.meanPredictions(rows, teachers),
        () => {
          expect(ask.predict(few).data).toEqual(answers);
        },
      ),
      mean,
    );
  }
});
