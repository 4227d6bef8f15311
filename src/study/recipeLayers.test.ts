import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createWasmEngine } from '../engine/wasm.ts';
import { LAYERS } from '../nn/layers/table.ts';
import { planLayers } from '../nn/plan.ts';
import { Sequential } from '../nn/sequential.ts';
import { DactylError } from '../util/errors.ts';
import { resolveStudy, type StudyFile, studyHash } from './configuration.ts';
import { networkLayers } from './network.ts';
import type { RecipeLayer } from './recipe.ts';
import { notPrivate } from './recipeLayers.ts';
import { trialsOf } from './study.ts';
import { parseStudy } from './studyFile.ts';

const SOFTMAX = { type: 'Dense', units: 10, activation: 'softmax' };

function fileOf(layers: readonly RecipeLayer[]): StudyFile {
  return { name: 'own', question: 'Which?', arms: { own: { layers }, dense: {} }, seeds: 1 };
}

function parsed(layers: readonly RecipeLayer[]) {
  return parseStudy(JSON.stringify(fileOf(layers)), 'my.json');
}

function keyOf(layers: readonly RecipeLayer[]): string {
  return trialsOf(parsed(layers))[0].key;
}

const activation = fc.constantFrom('relu', 'tanh', 'leakyRelu', 'elu', 'linear');
const option = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: undefined });
const pair = fc.oneof(fc.constantFrom(1, 2), fc.constantFrom([1, 2], [2, 2]));
const window = {
  strides: option(fc.constantFrom(1, [1, 1])),
  padding: option(fc.constantFrom('valid', 'same')),
};

/** On images of at least 8 × 8: three of them leave a pixel. */
const onImages: fc.Arbitrary<object> = fc.oneof(
  fc.record({
    type: fc.constant('Conv2D'),
    filters: fc.integer({ min: 1, max: 3 }),
    kernelSize: pair,
    activation: option(activation),
    useBias: option(fc.boolean()),
    ...window,
  }),
  fc.record({
    type: fc.constant('DepthwiseConv2D'),
    kernelSize: pair,
    activation: option(activation),
    ...window,
  }),
  fc.record({ type: fc.constantFrom('MaxPooling2D', 'AveragePooling2D'), poolSize: pair, ...window }),
);
const anywhere: fc.Arbitrary<object> = fc.oneof(
  fc.record({ type: fc.constant('BatchNormalization'), momentum: option(fc.constant(0.9)) }),
  fc.record({ type: fc.constant('LayerNormalization'), trainable: option(fc.boolean()) }),
  fc.record({ type: fc.constant('Dropout'), rate: fc.constantFrom(0, 0.25) }),
  fc.record({ type: fc.constant('Activation'), activation }),
);
const onVectors = fc.record({
  type: fc.constant('Dense'),
  units: fc.integer({ min: 1, max: 9 }),
  activation: option(activation),
  kernelRegularizer: option(fc.constantFrom({ l2: 0.001 }, {})),
  name: option(fc.constant('chosen')),
});

/** Small stacks of every kind of layer, with and without what may be left out. */
const stacks: fc.Arbitrary<RecipeLayer[]> = fc
  .record({
    shape: fc.constantFrom([28, 28], [28, 28, 1], [784]),
    scaled: fc.boolean(),
    images: fc.array(fc.oneof(onImages, anywhere), { maxLength: 3 }),
    pooled: fc.boolean(),
    vectors: fc.array(anywhere, { maxLength: 2 }),
    hidden: fc.array(onVectors, { maxLength: 1 }),
  })
  .map(({ shape, scaled, images, pooled, vectors, hidden }) => {
    const stack: unknown[] = [
      { type: 'Input', shape },
      ...(scaled ? [{ type: 'Rescaling', scale: 1 / 255 }] : []),
      { type: 'Reshape', targetShape: [28, -1, 1] },
      ...images,
      { type: pooled ? 'GlobalAveragePooling2D' : 'Flatten' },
      ...vectors,
      ...hidden,
      SOFTMAX,
    ];
    return JSON.parse(JSON.stringify(stack)) as RecipeLayer[];
  });

test('any stack keeps its key through study file, recipe, key, JSON and recipe; said in full it has the same', () => {
  fc.assert(
    fc.property(stacks, (layers) => {
      const study = parsed(layers);
      const [{ recipe }] = study.arms;
      const key = keyOf(layers);
      const again = JSON.parse(JSON.stringify(recipe)) as typeof recipe;
      expect(keyOf(again.layers!)).toBe(key);
      expect(again).toEqual(recipe);
      expect(studyHash(resolveStudy(fileOf(layers)))).toBe(studyHash(study));
      expect(planLayers(networkLayers(recipe)).outputShape).toEqual([10]);
      for (const field of ['activation', 'units', 'initializer', 'dropout', 'l2']) {
        expect(recipe).not.toHaveProperty(field);
      }
    }),
    { numRuns: 150 },
  );
});

const SHORT: RecipeLayer[] = [{ type: 'Input', shape: [784] }, { type: 'Dense', units: 5 }, SOFTMAX];

test.each<[string, RecipeLayer]>([
  ['a default', { type: 'Dense', units: 5, activation: 'linear', useBias: true }],
  [
    'the usual initializers',
    { type: 'Dense', units: 5, kernelInitializer: 'glorot_uniform', biasInitializer: 'zeros' },
  ],
  ['no penalty', { type: 'Dense', units: 5, kernelRegularizer: { l1: 0 } }],
  ['trainable', { type: 'Dense', units: 5, trainable: true }],
  ['its usual name', { type: 'Dense', units: 5, name: 'dense' }],
])('%s that is spelt out makes no other key', (_, dense) => {
  expect(keyOf([SHORT[0], dense, SOFTMAX])).toBe(keyOf(SHORT));
});

test('what differs makes another key', () => {
  const others = [
    { type: 'Dense', units: 6 },
    { type: 'Dense', units: 5, name: 'dense_1x' },
    { type: 'Dense', units: 5, trainable: false },
    { type: 'Dense', units: 5, activation: 'leakyRelu' },
    { type: 'Dense', units: 5, activation: 'leakyRelu', parameter: 0.1 },
    { type: 'Dense', units: 5, activation: 'leaky_relu', parameter: 0.3 },
  ];
  const keys = [SHORT[1], ...others].map((dense) => keyOf([SHORT[0], dense, SOFTMAX]));
  expect(new Set(keys).size).toBe(others.length + 1);
});

test('only networks with convolution or pooling carry the version of its arithmetic', () => {
  const configurationOf = (layers: RecipeLayer[]) => trialsOf(parsed(layers))[0].configuration;
  expect(configurationOf(SHORT)).not.toHaveProperty('convolution');
  const image = { type: 'Input', shape: [28, 28, 1] };
  const flat = [{ type: 'Flatten' }, SOFTMAX];
  for (const layer of [
    { type: 'Conv2D', filters: 1, kernelSize: 3 },
    { type: 'DepthwiseConv2D', kernelSize: 3 },
    { type: 'MaxPooling2D', poolSize: 2 },
    { type: 'AveragePooling2D', poolSize: 2 },
  ]) {
    expect(configurationOf([image, layer, ...flat])).toMatchObject({ numerics: 1, convolution: 2 });
  }
  expect(configurationOf([image, { type: 'GlobalAveragePooling2D' }, SOFTMAX])).toHaveProperty(
    'convolution',
    2,
  );
  expect(configurationOf([image, { type: 'BatchNormalization' }, ...flat])).not.toHaveProperty('convolution');
});

/** Arms on 4, layers on 5, one layer a line from 6 on. */
function refusal(layers: readonly string[], { beside = '', recipe = '' } = {}): string {
  const lines = layers.map((layer) => `      ${layer}`).join(',\n');
  const text = `{
  "name": "own",
  "question": "Which?",${recipe}
  "arms": { "dense": {}, "own": {${beside}
    "layers": [
${lines}
    ] } },
  "seeds": 1
}`;
  try {
    parseStudy(text, 'my.json');
  } catch (error) {
    if (error instanceof DactylError && error.code === 'E_FORMAT') return error.message;
    throw error;
  }
  throw new Error('not refused');
}

const INPUT = '{ "type": "Input", "shape": [28, 28, 1] }';
const FLATTEN = '{ "type": "Flatten" }';
const END = '{ "type": "Dense", "units": 10, "activation": "softmax" }';

test.each<[what: string, layers: string[], line: number, message: RegExp]>([
  [
    'an unknown layer',
    [INPUT, '{ "type": "Conv3D" }', END],
    7,
    /arms\.own\.layers\[1\]: Unknown layer: expected one of Input, .*received 'Conv3D' \(nearest: Conv2D\)/,
  ],
  ['no type', [INPUT, '{ "units": 10 }', END], 7, /arms\.own\.layers\.1: the key "type" is missing/],
  ['no layer', [INPUT, '7', END], 7, /arms\.own\.layers\.1: expected an object/],
  [
    'a wrong number',
    [INPUT, FLATTEN, '{ "type": "Dense", "units": 0 }', END],
    8,
    /arms\.own\.layers\[2\]: Dense: expected units: .*received 0/,
  ],
  [
    'a number that is missing',
    [INPUT, '{ "type": "Conv2D", "filters": 3 }', END],
    7,
    /arms\.own\.layers\[1\]: Conv2D: expected kernelSize/,
  ],
  [
    'an unknown field',
    [INPUT, FLATTEN, '{ "type": "Dense", "units": 5, "unit": 5 }', END],
    8,
    /arms\.own\.layers\[2\]: Dense: .*received 'unit' \(nearest: units\)|arms\.own\.layers\[2\]: Dense: expected options of .*received 'unit'/,
  ],
  [
    'shapes that do not fit',
    [INPUT, '{ "type": "MaxPooling2D", "poolSize": 29 }', FLATTEN, END],
    7,
    /arms\.own\.layers\[1\]: .*29/,
  ],
  [
    'images where vectors are wanted',
    [INPUT, END],
    7,
    /arms\.own\.layers\[1\]: Dense: expected flat inputs, received shape \(28, 28, 1\)/,
  ],
  [
    'another Input',
    [INPUT, FLATTEN, INPUT, END],
    8,
    /arms\.own\.layers\[2\]: Sequential: Input may stand first only/,
  ],
  [
    'no Input',
    [FLATTEN, END],
    6,
    /arms\.own\.layers\[0\]: expected Input of the 784 pixels of an image first, .*received Flatten/,
  ],
  [
    'other images',
    ['{ "type": "Input", "shape": [32, 32] }', FLATTEN, END],
    6,
    /arms\.own\.layers\[0\]: .*received a shape of 1024, \(32, 32\)/,
  ],
  [
    'other classes',
    [INPUT, FLATTEN, '{ "type": "Dense", "units": 9, "activation": "softmax" }'],
    8,
    /arms\.own\.layers\[2\]: expected a softmax over 10 classes at the end, .*received Dense with outputs \(9,\) and activation softmax/,
  ],
  [
    'no softmax',
    [INPUT, FLATTEN, '{ "type": "Dense", "units": 10 }'],
    8,
    /arms\.own\.layers\[2\]: expected a softmax .*activation linear/,
  ],
  [
    'a name twice',
    [
      INPUT,
      FLATTEN,
      '{ "type": "Dense", "units": 5, "name": "a" }',
      '{ "type": "Dense", "units": 10, "activation": "softmax", "name": "a" }',
    ],
    5,
    /arms\.own\.layers: Sequential: expected unique names; received 'a' twice/,
  ],
  [
    'distortion in the wrong place',
    [
      INPUT,
      '{ "type": "RandomDistortion", "rotation": 0.1, "scale": 0, "shear": 0, "shift": 1, "elastic": 0 }',
      FLATTEN,
      END,
    ],
    7,
    /arms\.own\.layers\[1\]: expected how training images are distorted under the recipe’s "distortion"/,
  ],
])('%s is refused with the line and the layer', (_, layers, line, message) => {
  const text = refusal(layers);
  expect(text).toMatch(new RegExp(`^my\\.json, line ${line}: `));
  expect(text).toMatch(message);
  expect(text).not.toContain('\n');
});

test('layers stand alone: what describes a dense network beside them, or an arm that changes part of theirs, is refused', () => {
  const whole = [INPUT, FLATTEN, END];
  expect(refusal(whole, { beside: ' "units": [8],' })).toMatch(
    /^my\.json, line 4: arms\.own: expected layers or units, received both/,
  );
  const layers = [{ type: 'Input', shape: [28, 28] }, { type: 'Flatten' }, SOFTMAX];
  const shared = { name: 'a', question: 'q', recipe: { layers }, seeds: 1 };
  expect(() =>
    parseStudy(JSON.stringify({ ...shared, arms: { one: {}, two: { dropout: 0.1 } } }), 'my.json'),
  ).toThrow('my.json, line 1: arms.two: expected layers or dropout, received both');
  const { arms } = resolveStudy({ ...shared, arms: { one: {}, dense: { units: [8], activation: 'tanh' } } });
  expect(arms[0].recipe.layers).toHaveLength(3);
  expect(arms[1].recipe).toMatchObject({ units: [8], activation: 'tanh', dropout: 0 });
  expect(arms[1].recipe).not.toHaveProperty('layers');
});

const PRIVACY = { clip: 1, noiseMultiplier: 1 };

test('private training is refused at once where a layer does not know each image’s gradient', () => {
  const layers = [
    { type: 'Input', shape: [28, 28, 1] },
    { type: 'Conv2D', filters: 1, kernelSize: 3 },
    { type: 'Flatten' },
    SOFTMAX,
  ];
  const file = fileOf(layers);
  expect(() => resolveStudy({ ...file, recipe: { privacy: PRIVACY } })).toThrow(
    /own: layers\[1\]: expected, with privacy, layers whose gradients are known for every image on its own, such as Dense; received Conv2D/,
  );
  const kept = [layers[0], { ...layers[1], trainable: false }, ...layers.slice(2)];
  expect(resolveStudy({ ...fileOf(kept), recipe: { privacy: PRIVACY } }).arms).toHaveLength(2);
});

/** Arguments of each layer's function that have no default, on images of 28 × 28 and one channel. */
const NEEDED: Partial<Record<keyof typeof LAYERS, object>> = {
  Activation: { activation: 'relu' },
  Conv2D: { filters: 2, kernelSize: 3 },
  DepthwiseConv2D: { kernelSize: 3 },
  Dropout: { rate: 0.1 },
  Reshape: { targetShape: [784] },
  Rescaling: { scale: 2 },
  Dense: { units: 4 },
  MaxPooling2D: { poolSize: 2 },
  AveragePooling2D: { poolSize: 2 },
};

test.each(Object.keys(LAYERS).filter((type) => type !== 'Input' && type !== 'RandomDistortion'))(
  'privacy before training: %s is refused where training would refuse it',
  async (type) => {
    const own = { type, ...NEEDED[type as keyof typeof LAYERS] };
    const flat = { type: 'Flatten' };
    const layers = [
      { type: 'Input', shape: [28, 28, 1] },
      ...(type === 'Dense' ? [flat] : []),
      own,
      flat,
      SOFTMAX,
    ];
    if (type === 'GlobalAveragePooling2D') layers.splice(2, 1);
    const model = new Sequential(networkLayers({ layers }), { engine: createWasmEngine() });
    model.compile({ optimizer: 'sgd', loss: 'sparseCategoricalCrossentropy' });
    const images = { data: new Uint8Array(8 * 784).fill(3), shape: [8, 28, 28, 1] };
    const labels = { data: new Uint8Array(8), shape: [8] };
    let refused = false;
    try {
      await model.fit(images, labels, { batchSize: 4, privacy: PRIVACY, verbose: 0 });
    } catch {
      refused = true;
    }
    model.dispose();
    expect(notPrivate(layers) !== undefined).toBe(refused);
  },
);

test('Keras’ own example for MNIST, as it is shipped, has its 34,826 parameters', () => {
  const text = readFileSync(new URL('../../studies/convolution.json', import.meta.url), 'utf8');
  const [{ recipe }] = parseStudy(text, 'convolution.json').arms;
  const { rows } = planLayers(networkLayers(recipe));
  expect(rows.reduce((sum, { parameters }) => sum + parameters, 0)).toBe(34_826);
});
