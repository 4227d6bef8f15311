import { expect, test } from 'vitest';
import { blurred, meanImage } from './baselines.ts';
import { fixtureNetworks, gap, network } from './fixtures/networks.ts';
import { gradient, gradientTimesInput } from './gradient.ts';
import { integratedGradients } from './integratedGradients.ts';
import { METHOD_NAMES, METHODS } from './methods.ts';
import { occlusion } from './occlusion.ts';
import { layerwiseRelevance } from './relevance.ts';
import { smoothGrad } from './smoothGrad.ts';

const NETWORKS = fixtureNetworks();

test.each(NETWORKS)(
  '$expected.activation: gradient and contrast are those of PyTorch in float64 within 2e-6 of the largest',
  ({ model, images, expected }) => {
    const { answers: classes, rivals: against } = expected;
    expect(gap(gradient(model, images, { classes }), expected.gradient)).toBeLessThan(2e-6);
    expect(gap(gradient(model, images, { classes, against }), expected.contrast)).toBeLessThan(2e-6);
  },
);

test.each(NETWORKS)(
  '$expected.activation: SmoothGrad with given noise is that of PyTorch within 2e-6 of the largest',
  ({ model, images, noise, expected }) => {
    const maps = smoothGrad(model, images, { classes: expected.answers }, { noise });
    expect(gap(maps, expected.smoothGrad)).toBeLessThan(2e-6);
  },
);

test.each(NETWORKS)(
  '$expected.activation: integrated gradients of 50 steps from three baselines are those of PyTorch within 2e-5 of the largest',
  ({ model, images, mean, expected }) => {
    const target = { classes: expected.answers };
    const mapsFrom = (data: Uint8Array | Float32Array, shape: number[]) =>
      integratedGradients(model, images, target, { baseline: { data, shape }, steps: 50 }).maps;
    // At a kink of ReLU a step that falls on the other side by rounding makes a jump: hence 2e-5.
    expect(gap(mapsFrom(new Uint8Array(16), [1, 4, 4]), expected.integratedBlank)).toBeLessThan(2e-5);
    expect(gap(mapsFrom(mean, [1, 4, 4]), expected.integratedMean)).toBeLessThan(2e-5);
    expect(gap(mapsFrom(blurred(images), [5, 4, 4]), expected.integratedBlurred)).toBeLessThan(2e-5);
  },
);

test.each(NETWORKS)(
  '$expected.activation: occlusion and both rules of layer-wise relevance are those of NumPy within 1e-5 of the largest',
  ({ model, images, expected }) => {
    const { answers: classes, rivals: against } = expected;
    expect(
      gap(occlusion(model, images, { classes }, { side: 2, stride: 1 }), expected.occlusion),
    ).toBeLessThan(1e-5);
    const relevance = (rule: 'epsilon' | 'zPlus') => layerwiseRelevance(model, images, { classes }, { rule });
    expect(gap(relevance('epsilon'), expected.relevanceEpsilon)).toBeLessThan(1e-5);
    expect(gap(relevance('zPlus'), expected.relevancePlus)).toBeLessThan(1e-5);
    const contrast = layerwiseRelevance(model, images, { classes, against }, { rule: 'epsilon' });
    expect(gap(contrast, expected.relevanceEpsilonContrast)).toBeLessThan(1e-5);
  },
);

test.each(NETWORKS)(
  '$expected.activation: the blurred images are those of NumPy within 1e-6',
  ({ images, expected }) => {
    expect(gap(blurred(images), expected.blurred)).toBeLessThan(1e-6);
  },
);

const SETTINGS = { mean: new Float32Array(16).fill(40), steps: 50, tolerance: 0.01, seed: 3 };

test('of a linear network without biases every contribution is weight × pixel, by four methods, within 1e-5', () => {
  const model = network([3], 'linear');
  const [{ images }] = NETWORKS;
  const classes = [0, 1, 2, 0, 1];
  const [{ data: kernel }] = model.getWeights();
  const exact = Array.from(
    images.data,
    (byte, i) => (byte / 255) * kernel[(i % 16) * 3 + classes[Math.floor(i / 16)]],
  );
  const baseline = { data: new Uint8Array(16), shape: [1, 4, 4] };
  const received = [
    gradientTimesInput(model, images, { classes }),
    integratedGradients(model, images, { classes }, { baseline, steps: 3 }).maps,
    layerwiseRelevance(model, images, { classes }, { rule: 'epsilon', epsilon: 0 }),
    occlusion(model, images, { classes }, { side: 1, stride: 1 }),
  ];
  for (const maps of received) expect(gap(maps, exact)).toBeLessThan(1e-5);
});

test.each(METHOD_NAMES)(
  '%s: an image’s map does not depend on the images asked for with it, to the bit',
  (name) => {
    if (name === 'occlusion') return;
    const [{ model, images, expected }] = NETWORKS;
    const all = METHODS[name](model, images, { classes: expected.answers }, SETTINGS);
    const third = { data: images.data.slice(32, 48), shape: [1, 4, 4] };
    const alone = METHODS[name](model, third, { classes: [expected.answers[2]] }, SETTINGS);
    expect([...alone]).toEqual([...all.subarray(32, 48)]);
  },
);

test.each(METHOD_NAMES)(
  '%s: the contrast is the difference of the two classes’ maps within 1e-5 of the largest',
  (name) => {
    const [, { model, images, expected }] = NETWORKS;
    const { answers: classes, rivals: against } = expected;
    // The same number of steps for all three.
    const settings = { ...SETTINGS, tolerance: Infinity };
    const own = METHODS[name](model, images, { classes }, settings);
    const other = METHODS[name](model, images, { classes: against }, settings);
    const contrast = METHODS[name](model, images, { classes, against }, settings);
    expect(
      gap(
        contrast,
        own.map((value, i) => value - other[i]),
      ),
    ).toBeLessThan(1e-5);
  },
);

test('relevance is kept by the z⁺ rule and by the ε rule without biases and ε: it adds up to the logit within 1e-5', () => {
  const model = network([7, 6, 3], 'tanh', 4, 5);
  const [{ images }] = NETWORKS;
  const classes = [2, 1, 0, 1, 2];
  const logits = model.withRows(images, (rows) => model.network.logitsOf(rows));
  for (const rule of ['epsilon', 'zPlus'] as const) {
    const maps = layerwiseRelevance(model, images, { classes }, { rule, epsilon: 0 });
    const sums = classes.map((_, i) => maps.subarray(i * 16, (i + 1) * 16).reduce((a, b) => a + b));
    expect(
      gap(
        sums,
        classes.map((c, i) => logits[i * 3 + c]),
      ),
    ).toBeLessThan(1e-5);
  }
});

test('steps are doubled until the completeness error is below the tolerance, and for those images only', () => {
  const { model, images, expected } = NETWORKS[0];
  const baseline = { data: new Uint8Array(16), shape: [1, 4, 4] };
  const options = { baseline, steps: 4, tolerance: 0.002 };
  const { maps, differences, errors, steps } = integratedGradients(
    model,
    images,
    { classes: expected.answers },
    options,
  );
  expect(Math.max(...errors)).toBeLessThanOrEqual(0.002);
  expect(new Set(steps).size).toBeGreaterThan(1);
  differences.forEach((difference, i) => {
    const sum = maps.subarray(i * 16, (i + 1) * 16).reduce((a, b) => a + b, 0);
    expect(Math.abs(sum - difference) / Math.abs(difference)).toBeCloseTo(errors[i], 5);
  });
  const limited = integratedGradients(
    model,
    images,
    { classes: expected.answers },
    { ...options, mostSteps: 8 },
  );
  expect(Math.max(...limited.steps)).toBe(8);
});

test('the mean image, worked by hand', () => {
  const images = { data: Uint8Array.of(0, 10, 20, 255, 4, 20, 20, 0), shape: [2, 2, 2] };
  expect([...meanImage({ images, labels: new Uint8Array(2), classes: 10 })]).toEqual([2, 15, 20, 127.5]);
});

test('a target of another length or class, a baseline and squares that do not fit are refused', () => {
  const [{ model, images }] = NETWORKS;
  const classes = [0, 0, 0, 0, 0];
  const code = (use: () => unknown): string => {
    try {
      use();
    } catch (error) {
      return (error as { code: string }).code;
    }
    return 'none';
  };
  expect(code(() => gradient(model, images, { classes: [0] }))).toBe('E_SHAPE');
  expect(code(() => gradient(model, images, { classes: [0, 0, 0, 0, 3] }))).toBe('E_LABEL');
  expect(code(() => gradient(model, images, { classes, against: [0.5, 0, 0, 0, 0] }))).toBe('E_LABEL');
  const baseline = { data: new Uint8Array(32), shape: [2, 4, 4] };
  expect(code(() => integratedGradients(model, images, { classes }, { baseline }))).toBe('E_SHAPE');
  expect(code(() => occlusion(model, images, { classes }, { side: 2, stride: 3 }))).toBe('E_ARGUMENT');
  expect(code(() => occlusion(model, images, { classes }, { side: 5 }))).toBe('E_ARGUMENT');
});
