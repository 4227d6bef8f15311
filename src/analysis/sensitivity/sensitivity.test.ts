import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ACTIVATIONS, type ActivationName } from '../../engine/activations/activations.ts';
import { Dense, Input } from '../../nn/layers.ts';
import { Sequential } from '../../nn/sequential.ts';
import { Random } from '../../util/random.ts';
import { networkOf, patterns, subjectOf } from '../adversarial/fixtures/networks.ts';
import { drawSample } from '../adversarial/sample.ts';
import { Target } from '../adversarial/target.ts';
import { inputGradientNorms } from './inputGradients.ts';
import { localLipschitz, relativeSlopes } from './lipschitz.ts';
import { measureSensitivity } from './measure.ts';
import { sensitivityMeasures } from './measures.ts';
import { FLAT } from '../../engine/activations/activation.ts';
import { plateausOf } from '../../engine/activations/curves.ts';
import { measureUnits } from './units.ts';

interface Case {
  activation: string;
  weights: number[][];
  pixels: number[][];
  labels: number[];
  lossNorms: number[];
  marginNorms: number[];
  distances: number[];
}
const CASES = JSON.parse(readFileSync('test/fixtures/adversarial.json', 'utf8')) as Case[];

test.each(CASES)('norms of input gradients with $activation are PyTorch’s within 1e-5, relative', (one) => {
  const target = new Target(networkOf(12, [7, 6], 4, one.activation, one.weights));
  const norms = inputGradientNorms(target, Float32Array.from(one.pixels.flat()), one.labels);
  one.labels.forEach((_, k) => {
    expect(norms.loss[k] / one.lossNorms[k]).toBeCloseTo(1, 5);
    expect(norms.margin[k] / one.marginNorms[k]).toBeCloseTo(1, 5);
    expect(norms.distance[k] / one.distances[k]).toBeCloseTo(1, 5);
  });
});

/** logits (s · (3 x₀ + 4 x₁ + 5), 0) of pixels counted from 0 to 1: slope 5 s. */
const linear = (s: number) =>
  new Target(
    networkOf(2, [], 2, 'relu', [
      [3 * s, 0, 4 * s, 0],
      [5 * s, 0],
    ]),
  );

test('a linear network: slope, distance and Lipschitz estimate by hand within 1e-6, relative', async () => {
  const images = Float32Array.of(51, 102, 255, 0);
  const { margin, distance } = inputGradientNorms(linear(2), images, [0, 0]);
  expect(margin[0] / 10).toBeCloseTo(1, 6);
  expect(distance[0] / ((0.6 + 1.6 + 5) / 5)).toBeCloseTo(1, 6);
  const options = { radius: 0.5, places: 5, steps: 4, seed: 1 };
  for (const slope of await localLipschitz(linear(2), images, [0, 0], options))
    expect(slope / 10).toBeCloseTo(1, 6);
});

test('slope over lead of a linear network is ‖w‖ / |w · x + b| by hand within 1e-6, relative, whatever the scale; no lead is left out', async () => {
  // 3 x₀ + 4 x₁ + 5 at (.2, .4) and (1, 0): 7.2 and 8.
  const images = Float32Array.of(51, 102, 255, 0);
  for (const scale of [1, 1000]) {
    const { lead } = inputGradientNorms(linear(scale), images, [0, 0]);
    const options = { radius: 0.5, places: 3, steps: 2, seed: 1 };
    const relative = relativeSlopes(await localLipschitz(linear(scale), images, [0, 0], options), lead);
    expect(relative[0] / (5 / 7.2)).toBeCloseTo(1, 6);
    expect(relative[1] / (5 / 8)).toBeCloseTo(1, 6);
  }
  expect([...relativeSlopes(Float64Array.of(3, 0, 2), Float64Array.of(0, 0, 4))]).toEqual([0.5]);
});

test('a loss of e^-200 has a gradient of 40 e^-200 · 5, not zero, within 1e-5, relative', () => {
  const { loss } = inputGradientNorms(linear(40), Float32Array.of(0, 0), [0]);
  expect(loss[0] / (40 * 5 * 1.3838965267367376e-87)).toBeCloseTo(1, 5);
});

test('the Lipschitz estimate finds a steep place near a flat one', async () => {
  // tanh(20 (x - .5)): slope 20 at .5, about .013 at .7 (1 − tanh² 4).
  const target = new Target(networkOf(1, [1], 2, 'tanh', [[20], [-10], [1, 0], [0, 0]]));
  const image = Float32Array.of(0.7 * 255);
  const [at] = inputGradientNorms(target, image, [0]).margin;
  expect(at).toBeCloseTo(20 * 0.0013409506830258968, 4);
  const [steepest] = await localLipschitz(target, image, [0], {
    radius: 0.3,
    places: 60,
    steps: 10,
    seed: 1,
  });
  expect(steepest).toBeGreaterThan(17);
  expect(steepest).toBeLessThan(20.001);
  const [near] = await localLipschitz(target, image, [0], { radius: 0.05, places: 60, steps: 10, seed: 1 });
  // At .65 the slope is 20 (1 − tanh² 3).
  expect(near).toBeGreaterThan(0.9 * 0.19732);
  expect(near).toBeLessThan(0.1975);
});

/** |f′(z)|, by the engine's own gradients. */
function slopesOf(activation: ActivationName, parameter: number, z: readonly number[]): number[] {
  const option =
    activation === 'leakyRelu'
      ? ({ name: activation, negativeSlope: parameter } as const)
      : activation === 'elu'
        ? ({ name: activation, alpha: parameter } as const)
        : activation;
  const model = new Sequential([
    Input([1]),
    Dense(1, { activation: option }),
    Dense(2, { activation: 'softmax' }),
  ]);
  const tensor = (...data: number[]) => Float32Array.from(data);
  model.setWeights([
    { data: tensor(1), shape: [1, 1] },
    { data: tensor(0), shape: [1] },
    { data: tensor(1, 0), shape: [1, 2] },
    { data: tensor(0, 0), shape: [2] },
  ]);
  const gradient = model.withRows({ data: tensor(...z), shape: [z.length, 1] }, (rows) =>
    model.network.inputGradients(rows, (_, __, weights) => {
      weights[0] = 1;
    }),
  );
  return Array.from(gradient, Math.abs);
}

const CURVES = (Object.keys(ACTIVATIONS) as ActivationName[]).filter((name) => name !== 'softmax');
test.each([
  ...CURVES.map((name) => [name, name === 'leakyRelu' ? 0.2 : 1] as const),
  ['elu', 2.5],
  ['elu', 0.3],
] as const)(
  'the plateaus of %s (%d) begin where its slope is 1.99 %% of the largest, within 1e-4 of that',
  (activation, parameter) => {
    const grid = Array.from({ length: 4001 }, (_, k) => (k - 2000) / 200);
    const slopes = slopesOf(activation, parameter, grid);
    const steepest = Math.max(...slopes);
    const { below, above } = plateausOf(activation, parameter)!;
    grid.forEach((z, k) => {
      if (z <= below - 0.01 || z >= above + 0.01) expect(slopes[k]).toBeLessThan(FLAT * steepest * 1.001);
    });
    for (const end of [below, above].filter((one) => Number.isFinite(one) && one !== 0)) {
      expect(Math.abs(slopesOf(activation, parameter, [end])[0] / (FLAT * steepest) - 1)).toBeLessThan(5e-3);
    }
    if (below === -Infinity) expect(Math.min(...slopes)).toBeGreaterThan(FLAT * steepest);
  },
);

test('flat outputs and dead units, counted by hand', () => {
  // z₁ = x₀ − x₁, z₂ = −1, z₃ = x₀ + 0.5 for pixels (0, 0), (1, 0), (0, 1), (1, 1).
  const weights = (last: number) => [
    [1, 0, 1, -1, 0, 0],
    [0, -1, 0.5],
    [1, 0, 0, 1, 1, 1],
    [last, last],
    [1, 0, 0, 1],
    [0, 0],
  ];
  const images = { data: Uint8Array.of(0, 0, 255, 0, 0, 255, 255, 255), shape: [4, 2] };
  expect(measureUnits(networkOf(2, [3, 2], 2, 'relu', weights(-5)), images)).toEqual([
    // z₁ = 0, 1, −1, 0: flat at three; z₂ always; z₃ never.
    { layer: 1, activation: 'relu', units: 3, low: 7 / 12, high: 0, dead: 1 },
    { layer: 2, activation: 'relu', units: 2, low: 1, high: 0, dead: 2 },
  ]);
  const [first, second] = measureUnits(networkOf(2, [3, 2], 2, 'tanh', weights(50)), images);
  expect(first).toMatchObject({ low: 0, high: 0, dead: 0 });
  expect(second).toMatchObject({ low: 0, high: 1, dead: 2 });
});

test('a softmax between layers has no slope of its own', () => {
  const random = new Random(1, 'weights');
  const weights = [6, 3, 6, 2].map((n) => Float32Array.from({ length: n }, () => random.normal()));
  const images = { data: Uint8Array.of(0, 0, 255, 0), shape: [2, 2] };
  expect(measureUnits(networkOf(2, [3], 2, 'softmax', weights), images)).toEqual([
    { layer: 1, activation: 'softmax', units: 3, low: null, high: null, dead: null },
  ]);
});

test('of a network with one answer for everything, all slopes are zero and every unit of ReLU is dead', async () => {
  const zeros = [7840, 10, 100, 10].map((n) => new Float32Array(n));
  const constant = subjectOf(networkOf(784, [10], 10, 'relu', zeros), 'relu');
  const settings = { images: 60, lipschitz: { radius: 0.5, places: 2, steps: 2, seed: 0, images: 20 } };
  const { subjects, images } = await measureSensitivity([constant], { test: patterns(100) }, { settings });
  const [{ gradients, lipschitz, layers }] = subjects;
  expect(images).toBe(60);
  expect(gradients).toMatchObject({ zero: 60, distance: null, loss: { mean: 0 }, margin: { mean: 0 } });
  expect(lipschitz.around).toMatchObject({ n: 20, mean: 0 });
  expect(lipschitz.relative).toBeNull();
  expect(layers).toEqual([{ layer: 1, activation: 'relu', units: 10, low: 1, high: 0, dead: 10 }]);
});

test('the estimate around images is that of localLipschitz on the smaller sample, and at them their own slopes', async () => {
  const random = new Random(6, 'weights');
  const weights = [784 * 12, 12, 120, 10].map((n) =>
    Float32Array.from({ length: n }, () => 0.2 * random.normal()),
  );
  const subject = subjectOf(networkOf(784, [12], 10, 'tanh', weights), 'tanh');
  const data = patterns(80);
  const lipschitz = { radius: 0.5, places: 6, steps: 4, seed: 2 };
  const settings = { images: 60, lipschitz: { ...lipschitz, images: 15 } };
  const result = await measureSensitivity([subject], { test: data }, { settings });
  const [{ lipschitz: measured }] = result.subjects;
  const { images, labels, indices: names } = drawSample(data, 15, 2);
  const target = new Target(subject.model);
  const around = await localLipschitz(target, images, labels, { ...lipschitz, names });
  const { margin: at, lead } = inputGradientNorms(target, images, labels);
  const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
  expect(measured.around.mean).toBeCloseTo(mean(around), 10);
  expect(measured.at.mean).toBeCloseTo(mean(at), 10);
  expect(measured.around.mean).toBeGreaterThan(1.01 * measured.at.mean);
  const ratios = Array.from(around, (slope, row) => slope / lead[row]).toSorted((a, b) => a - b);
  expect(sensitivityMeasures(result)[0].relativeSlope).toBeCloseTo(ratios[7], 10);
});
