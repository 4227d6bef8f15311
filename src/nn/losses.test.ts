import { expect, test } from 'vitest';
import { errorOf, points, smallModel } from '../../test/support/models.ts';
import type { Targets } from '../engine/engine.ts';
import type { LossSpec } from '../engine/losses/losses.ts';
import { atOnce, type Steps } from '../util/steps.ts';
import type { Tensor } from '../util/tensor.ts';
import { weighByClass } from './classWeights.ts';
import { Conv2D, Dense, Input } from './layers.ts';
import { type Loss, resolveLoss, smoothTargets, toCategorical } from './losses.ts';
import { Sequential } from './sequential.ts';
import { sampleWeights } from './weights.ts';

type Read = (labels: Tensor, outputs: number) => Targets;

function readerOf(loss: Loss): Read {
  const { targets } = resolveLoss(loss);
  return (labels, outputs) => atOnce(targets(labels, outputs));
}

const oneHot = readerOf('categoricalCrossentropy');
const sparse = readerOf('sparseCategoricalCrossentropy');

test('toCategorical: by hand, from tensors, typed arrays and plain ones; without a count the largest label + 1', () => {
  const expected = { data: Float32Array.of(0, 0, 1, 0, 1, 0, 0, 0), shape: [2, 4] };
  expect(toCategorical({ data: Uint8Array.of(2, 0), shape: [2] }, 4)).toEqual(expected);
  expect(toCategorical({ data: Int32Array.of(2, 0), shape: [2, 1] }, 4)).toEqual(expected);
  expect(toCategorical(Uint8Array.of(2, 0), 4)).toEqual(expected);
  expect(toCategorical([2, 0], 4)).toEqual(expected);
  expect(toCategorical([2, 0])).toEqual({ data: Float32Array.of(0, 0, 1, 1, 0, 0), shape: [2, 3] });
  expect(toCategorical([], 3)).toEqual({ data: new Float32Array(0), shape: [0, 3] });
});

test.each([
  [[0, 3], 3, 'labels[1]: expected a class from 0 to 2, received 3.'],
  [[0, -1], 3, 'labels[1]: expected a class from 0 to 2, received -1.'],
  [[0.5], 3, 'labels[0]: expected a class from 0 to 2, received 0.5.'],
  [[1, 2, NaN], 3, 'labels[2]: expected a class from 0 to 2, received NaN.'],
  [[1, NaN], undefined, 'labels[1]: expected a class from 0 to 1, received NaN.'],
  [[1, Infinity], undefined, 'received Infinity'],
])('toCategorical(%j, %j) is refused with place and value', async (labels, count, message) => {
  const error = await errorOf(() => toCategorical(labels, count));
  expect(error.message).toContain(message);
  expect(['E_LABEL', 'E_ARGUMENT']).toContain(error.code);
});

test.each([0, -1, 2.5, NaN])('toCategorical into %f classes is E_ARGUMENT', async (count) => {
  expect((await errorOf(() => toCategorical([], count))).code).toBe('E_ARGUMENT');
});

test('class numbers: [n] or [n, 1] of any number type; the index of a wrong one is named', async () => {
  expect(sparse({ data: Float32Array.of(0, 2), shape: [2, 1] }, 3)).toEqual({
    kind: 'classes',
    classes: Float32Array.of(0, 2),
  });
  const refused = async (...labels: number[]): Promise<{ code: string; message: string }> =>
    errorOf(() => sparse({ data: Float64Array.from(labels), shape: [labels.length] }, 3));
  expect(await refused(0, 1, 3)).toEqual({
    code: 'E_LABEL',
    message: 'labels[2]: expected a class from 0 to 2, received 3.',
  });
  expect(await refused(0, -1)).toEqual({
    code: 'E_LABEL',
    message: 'labels[1]: expected a class from 0 to 2, received -1.',
  });
  expect(await refused(NaN)).toEqual({
    code: 'E_LABEL',
    message: 'labels[0]: expected a class from 0 to 2, received NaN.',
  });
  expect(await refused(1.5)).toEqual({
    code: 'E_LABEL',
    message: 'labels[0]: expected a class from 0 to 2, received 1.5.',
  });
});

test('one-hot labels for the sparse loss, and the other way round, are E_SHAPE with what to do', async () => {
  const rows = { data: new Float32Array(6), shape: [2, 3] };
  const numbers = { data: new Uint8Array(2), shape: [2] };
  expect(await errorOf(() => sparse(rows, 3))).toEqual({
    code: 'E_SHAPE',
    message:
      'sparseCategoricalCrossentropy: expected labels of shape (n,), received (2, 3). For one-hot labels use the loss categoricalCrossentropy.',
  });
  expect(await errorOf(() => oneHot(numbers, 3))).toEqual({
    code: 'E_SHAPE',
    message:
      'categoricalCrossentropy: expected labels of shape (n, 3), received (2,). For class numbers use toCategorical(labels, 3) or the loss sparseCategoricalCrossentropy.',
  });
  expect((await errorOf(() => oneHot({ data: new Float32Array(8), shape: [2, 4] }, 3))).code).toBe('E_SHAPE');
});

test.each([NaN, -0.1, Infinity])('a probability of %f is E_LABEL with row and column', async (bad) => {
  const labels = { data: Float32Array.of(1, 0, 0, 0, bad, 0), shape: [2, 3] };
  const { code, message } = await errorOf(() => oneHot(labels, 3));
  expect(code).toBe('E_LABEL');
  expect(message).toMatch(/^labels\[1, 1\]: expected a probability >= 0, received /);
});

test('label smoothing of 0.1 over 4 classes: 0.925 and 0.025, by hand within 1e-7; class numbers and one-hot rows alike', () => {
  const expected = [0.025, 0.025, 0.925, 0.025, 0.925, 0.025, 0.025, 0.025];
  const labels = { data: Uint8Array.of(2, 0), shape: [2] };
  for (const targets of [sparse(labels, 4), oneHot(toCategorical(labels, 4), 4)]) {
    const smooth = atOnce(smoothTargets(targets, 2, { width: 4, task: 'classes' }, 0.1));
    if (smooth.kind !== 'values') throw new Error('expected probabilities');
    expect(smooth.values).toHaveLength(8);
    expected.forEach((t, k) => {
      expect(Math.abs(smooth.values[k] - t)).toBeLessThan(1e-7);
    });
  }
  const soft = atOnce(
    smoothTargets({ kind: 'values', values: [0.5, 0.5, 0] }, 1, { width: 3, task: 'classes' }, 0.3),
  );
  if (soft.kind !== 'values') throw new Error('expected probabilities');
  [0.45, 0.45, 0.1].forEach((t, k) => {
    expect(Math.abs(soft.values[k] - t)).toBeLessThan(1e-7);
  });
});

test('the smoothed loss is −Σ t ln p of the outputs and its step that of one-hot labels smoothed by hand, within 1e-6; validation stays plain', async () => {
  const { inputs, labels } = points(20);
  const [model, oneHotModel] = [smallModel(), smallModel()];
  oneHotModel.compile({ optimizer: 'adam', loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
  const p = model.predict(inputs).data;
  const before = model.evaluate(inputs, labels);
  let loss = 0;
  const smoothed = new Float32Array(60);
  for (let s = 0; s < 20; s++) {
    for (let j = 0; j < 3; j++) {
      const t = labels.data[s] === j ? 0.8 : 0.1;
      smoothed[3 * s + j] = t;
      loss -= (t * Math.log(p[3 * s + j])) / 20;
    }
  }
  const options = { verbose: 0, batchSize: 20, shuffle: false } as const;
  const { history } = await model.fit(inputs, labels, {
    ...options,
    labelSmoothing: 0.3,
    validationData: [inputs, labels],
  });
  expect(Math.abs(history.loss[0] - loss)).toBeLessThan(1e-6);
  expect(history.accuracy![0]).toBe(before.accuracy);
  expect(history.val_loss![0]).toBe(model.evaluate(inputs, labels).loss);
  const byHand = { data: smoothed, shape: [20, 3] };
  const own = await oneHotModel.fit(inputs, byHand, options);
  expect(Math.abs(own.history.loss[0] - history.loss[0])).toBeLessThan(1e-7);
  const [a, b] = [model, oneHotModel].map((each) => each.getWeights().flatMap(({ data }) => [...data]));
  a.forEach((w, k) => {
    expect(Math.abs(w - b[k])).toBeLessThan(1e-6);
  });
});

test.each([-0.1, 1, NaN])('labelSmoothing of %f is E_ARGUMENT', async (labelSmoothing) => {
  const { inputs, labels } = points(4);
  const { code } = await errorOf(() => smallModel().fit(inputs, labels, { verbose: 0, labelSmoothing }));
  expect(code).toBe('E_ARGUMENT');
});

test('losses by Keras’ names, with options and as functions; what is not chosen is not said', () => {
  expect(resolveLoss('mean_squared_error').given).toBe('meanSquaredError');
  expect(resolveLoss({ name: 'huber' }).given).toBe('huber');
  expect(resolveLoss({ name: 'huber', delta: 2 }).given).toEqual({ name: 'huber', delta: 2 });
  expect(resolveLoss({ name: 'binaryCrossentropy', fromLogits: true }).rule.takes).toBe(undefined);
  expect(resolveLoss('binary_crossentropy').rule.takes).toBe('sigmoid');
  const own = (): number => 0;
  expect([resolveLoss(own).given, resolveLoss(own).rule.name]).toEqual([own, 'own']);
});

test.each<[Loss, string]>([
  ['mse', "received 'mse', which is called meanSquaredError here"],
  [
    'hubber',
    "expected one of categoricalCrossentropy, sparseCategoricalCrossentropy, binaryCrossentropy, meanSquaredError, meanAbsoluteError, huber; received 'hubber' (nearest: huber).",
  ],
  [3 as unknown as Loss, 'received the number 3.'],
  [null as unknown as Loss, 'received null.'],
  [{ name: 'huber', delta: 0 }, 'huber: expected delta > 0; received 0.'],
  [{ name: 'huber', fromLogits: true }, "huber: expected options of delta; received 'fromLogits'."],
  [{ name: 'meanSquaredError', delta: 1 }, "meanSquaredError: expected no options; received 'delta'."],
  [
    { name: 'binaryCrossentropy', fromLogits: 1 } as unknown as LossSpec,
    'fromLogits: true or false; received the number 1.',
  ],
])('the loss %j is E_ARGUMENT', async (loss, message) => {
  const error = await errorOf(() => resolveLoss(loss));
  expect(error.code).toBe('E_ARGUMENT');
  expect(error.message).toContain(message);
});

test('labels in [0, 1] or any finite numbers: [n, outputs], or [n] for one output; places of wrong ones are named', async () => {
  const unit = readerOf('binaryCrossentropy');
  const numbers = readerOf('huber');
  const rows = { data: Float32Array.of(0, 1, 0.5, 1), shape: [2, 2] };
  expect(unit(rows, 2)).toEqual({ kind: 'values', values: rows.data });
  expect(unit({ data: rows.data, shape: [4] }, 1)).toEqual({
    kind: 'values',
    values: rows.data,
  });
  expect(numbers({ data: Float32Array.of(-3, 1e9), shape: [2, 1] }, 1).kind).toBe('values');
  expect(await errorOf(() => unit({ data: Float32Array.of(0, 1, 1.5, 1), shape: [2, 2] }, 2))).toEqual({
    code: 'E_LABEL',
    message: 'labels[1, 0]: expected a number in [0, 1], received 1.5.',
  });
  expect(await errorOf(() => numbers({ data: Float32Array.of(0, NaN), shape: [2] }, 1))).toEqual({
    code: 'E_LABEL',
    message: 'labels[1, 0]: expected a finite float32 number, received NaN.',
  });
  expect(await errorOf(() => numbers({ data: new Uint8Array(4), shape: [4] }, 10))).toEqual({
    code: 'E_SHAPE',
    message:
      'huber: expected labels of shape (n, 10), received (4,). For class numbers use toCategorical(labels, 10).',
  });
});

test("a loss of one's own without a gradient to write to, or that writes no number to it, is refused", async () => {
  const keras = ((target: Float32Array, output: Float32Array) => output[0] - target[0]) as Loss;
  expect((await errorOf(() => resolveLoss(keras))).message).toContain('(target, output, gradient) => number');
  const model = new Sequential([Input([2]), Dense(1)]);
  model.compile({ optimizer: 'sgd', loss: (_target, _output, gradient) => ((gradient[0] = NaN), 1) });
  const x = { data: Float32Array.of(1, 2), shape: [1, 2] };
  expect(await errorOf(() => model.trainOnBatch(x, Float32Array.of(1)))).toEqual({
    code: 'E_NUMERIC',
    message: 'loss of a row: expected finite derivatives in gradient; received NaN for output 0.',
  });
});

test('labels and weights that float32 cannot hold are refused at their place', async () => {
  const targets = readerOf('meanSquaredError');
  const labels = { data: Float64Array.of(1, 1e300), shape: [2] };
  expect((await errorOf(() => targets(labels, 1))).message).toBe(
    'labels[1, 0]: expected a finite float32 number, received 1e+300.',
  );
  expect((await errorOf(() => sampleWeights([1, 1e39], 2))).message).toContain('sampleWeight[1]');
});

test('labels may have the shape of outputs that are images; a loss of classes wants flat ones', async () => {
  const model = new Sequential([Input([2, 3, 1]), Conv2D(2, 1)]);
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  const x = { data: Float32Array.from({ length: 12 }, (_, k) => k), shape: [2, 2, 3, 1] };
  const values = Float32Array.from({ length: 24 }, (_, k) => k / 8);
  const flat = model.evaluate(x, { data: values, shape: [2, 12] });
  expect(model.evaluate(x, { data: values, shape: [2, 2, 3, 2] })).toEqual(flat);
  expect((await errorOf(() => model.evaluate(x, { data: values, shape: [2, 3, 2, 2] }))).code).toBe(
    'E_SHAPE',
  );
  const loss = { name: 'sparseCategoricalCrossentropy', fromLogits: true } as const;
  expect((await errorOf(() => model.compile({ optimizer: 'sgd', loss }))).code).toBe('E_SHAPE');
});

test.each<[string, string, number]>([
  ['unit interval', 'binaryCrossentropy', 2],
  ['probabilities', 'categoricalCrossentropy', 2],
  ['numbers', 'huber', 1],
  ['classes', 'sparseCategoricalCrossentropy', 1],
])(
  'labels (%s), 1,200,000 of them, are checked with a stop after every 524,288; a wrong one behind is named by its place',
  async (_, loss, width) => {
    const count = 1_200_000;
    const { targets } = resolveLoss(loss);
    const labels = { data: new Float32Array(count), shape: [count / width, width] };
    const steps = targets(labels, width);
    let stops = 0;
    while (!steps.next().done) stops++;
    expect(stops).toBe(3);
    labels.data[1_100_001] = NaN;
    const { message } = await errorOf(() => atOnce(targets(labels, width)));
    expect(message).toContain(
      loss === 'sparseCategoricalCrossentropy'
        ? 'labels[1100001]'
        : `labels[${width === 2 ? '550000, 1' : '1100001, 0'}]`,
    );
  },
);

test('smoothing and weights by class of 600,000 targets stop once on the way', () => {
  const values = new Float32Array(600_000).fill(0.5);
  const stopsOf = (steps: Steps<unknown>): number => {
    let stops = 0;
    while (!steps.next().done) stops++;
    return stops;
  };
  const targets = { kind: 'values', values } as const;
  expect(stopsOf(smoothTargets(targets, 300_000, { width: 2, task: 'classes' }, 0.1))).toBe(1);
  expect(stopsOf(weighByClass(targets, { 0: 2 }, 300_000, 2))).toBe(1);
});

test('classWeight takes weights of classes that there are, and nothing else', () => {
  const targets = { kind: 'classes', classes: [0, 2, 1] } as const;
  const weigh = (weights: unknown): unknown => atOnce(weighByClass(targets, weights as never, 3, 3));
  expect(weigh({ 0: 2, 2: 0 })).toEqual({ ...targets, weights: Float64Array.of(2, 0, 1) });
  for (const [weights, message] of [
    [{ 3: 1 }, "classWeight: expected classes from 0 to 2; received the text '3'."],
    [{ '01': 1 }, "classWeight: expected classes from 0 to 2; received the text '01'."],
    [{ zero: 1 }, "classWeight: expected classes from 0 to 2; received the text 'zero'."],
    [{ 0: -1 }, 'classWeight[0]: expected a finite float32 number >= 0; received the number -1.'],
    [[1, 2], 'classWeight: expected an object such as { 0: 1, 1: 2 }; received an array.'],
  ] as const)
    expect(() => weigh(weights)).toThrow(expect.objectContaining({ code: 'E_ARGUMENT', message }) as Error);
});

test('so do a few of the weights of four million classes', () => {
  const targets = { kind: 'classes', classes: [3_999_999, 7] } as const;
  expect(atOnce(weighByClass(targets, { 7: 2 }, 2, 4_000_000)).weights).toEqual(Float64Array.of(1, 2));
});
