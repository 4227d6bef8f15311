import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { errorOf, points } from '../../test/support/models.ts';
import { createWasmEngine } from '../engine/wasm.ts';
import { decodeSafetensors, encodeSafetensors } from '../util/safetensors.ts';
import { Random } from '../util/random.ts';
import type { Tensor } from '../util/tensor.ts';
import { Dense, Dropout, Flatten, Input, Rescaling } from './layers.ts';
import { Adam, SGD } from './optimizers.ts';
import { consentsOf, decodeModel, encodeModel } from './saved.ts';
import { Sequential } from './sequential.ts';

interface Description {
  layers: Record<string, unknown>[];
  seed: unknown;
  compiled: Record<string, unknown> | null;
  [key: string]: unknown;
}

function everyLayer(): Sequential {
  const model = new Sequential(
    [
      Input([2, 3]),
      Rescaling(0.5, -1),
      Flatten(),
      Dense(5, {
        activation: { name: 'leakyRelu', negativeSlope: 0.3 },
        kernelRegularizer: { l1: 0.01, l2: 0.02 },
      }),
      Dropout(0.25),
      Dense(4, { activation: { name: 'elu', alpha: 0.7 }, useBias: false, kernelInitializer: 'he_normal' }),
      Dense(4, { activation: 'gelu', biasInitializer: 'ones' }),
      Dense(3, { activation: 'softmax' }),
    ],
    { seed: -7 },
  );
  model.compile({
    optimizer: Adam({ learningRate: 0.02 }),
    loss: 'sparse_categorical_crossentropy',
    metrics: ['accuracy'],
  });
  return model;
}

/** A file that `edit` has tampered with: the description, or the tensors. */
function tampered(edit: (description: Description, tensors: Record<string, Tensor>) => void): Uint8Array {
  const { tensors, metadata } = decodeSafetensors(encodeModel(everyLayer()), 'own');
  const description = JSON.parse(metadata.get('model')!) as Description;
  const own = Object.fromEntries(tensors);
  edit(description, own);
  return encodeSafetensors(own, { format: 'dactyl-model/1', model: JSON.stringify(description) });
}

test('save, load: the same layers, seed, recipe, weights and predictions to the bit; equal models give equal bytes', async () => {
  const model = everyLayer();
  const { inputs, labels } = points(40);
  await model.fit(inputs, labels, { epochs: 2, verbose: 0 });
  const bytes = encodeModel(model);
  const loaded = decodeModel(bytes, 'm');
  expect(loaded.layers).toEqual(model.layers);
  expect(loaded.seed).toBe(-7);
  expect(loaded.compiled).toEqual(model.compiled);
  expect(loaded.weightsHash()).toBe(model.weightsHash());
  expect(loaded.predict(inputs)).toEqual(model.predict(inputs));
  expect(loaded.evaluate(inputs, labels)).toEqual(model.evaluate(inputs, labels));
  expect(encodeModel(loaded)).toEqual(bytes);
});

test('under which consents images were kept that it was trained with stands in the file; without any the bytes are as before', () => {
  const model = everyLayer();
  const consents = ['00ff', 'a "quoted" one'];
  const file = encodeModel(model, { consents });
  expect(consentsOf(file)).toEqual(consents);
  expect(decodeModel(file).weightsHash()).toBe(model.weightsHash());
  expect(consentsOf(encodeModel(model))).toEqual([]);
  expect(encodeModel(model, { consents: [] })).toEqual(encodeModel(model));
});

test('a model that is not compiled, and one with SGD', () => {
  const plain = new Sequential([Input([3]), Dense(2)]);
  expect(decodeModel(encodeModel(plain), 'm').compiled).toBeUndefined();
  const sgd = new Sequential([Input([3]), Dense(2, { activation: 'softmax' })], { seed: 2 ** 40 });
  sgd.compile({ optimizer: SGD({ momentum: 0.9, nesterov: true }), loss: 'categorical_crossentropy' });
  const loaded = decodeModel(encodeModel(sgd), 'm');
  expect(loaded.compiled).toEqual(sgd.compiled);
  expect(loaded.seed).toBe(2 ** 40);
});

const dense = (description: Description): Record<string, unknown> => description.layers[3];

test.each<[string, Parameters<typeof tampered>[0]]>([
  ['an unknown layer', (d) => d.layers.push({ type: 'Lambda', code: 'process.exit()' })],
  ['a layer too many', (d) => d.layers.splice(4, 0, { type: 'Dropout', rate: 0.5, extra: 1 })],
  ['an extra key in a layer', (d) => (dense(d).onLoad = 'x')],
  ['an extra key beside the layers', (d) => (d.callbacks = [])],
  ['a key missing in a layer', (d) => delete dense(d).useBias],
  ['an unknown activation', (d) => (dense(d).activation = 'lambda')],
  ['an activation named __proto__', (d) => (dense(d).activation = '__proto__')],
  ['an activation named constructor', (d) => (dense(d).activation = 'constructor')],
  ['an initializer named toString', (d) => (dense(d).kernelInitializer = 'toString')],
  ['a parameter where there is none', (d) => (d.layers[6].parameter = 5)],
  ['a name that this version writes otherwise', (d) => (dense(d).kernelInitializer = 'glorot_uniform')],
  ['units 0', (d) => (dense(d).units = 0)],
  ['units negative', (d) => (dense(d).units = -5)],
  ['units a fraction', (d) => (dense(d).units = 5.5)],
  ['units text', (d) => (dense(d).units = '5')],
  ['units null', (d) => (dense(d).units = null)],
  ['a billion units', (d) => (dense(d).units = 1e9)],
  ['units that the tensors do not have', (d) => (dense(d).units = 6)],
  ['more units than the tensors have, within the limit', (d) => (dense(d).units = 1e7)],
  ['an input without end', (d) => (d.layers[0].shape = [1e15, 1e15])],
  ['an empty input shape', (d) => (d.layers[0].shape = [])],
  ['no layers', (d) => (d.layers = [])],
  ['layers that are no array', (d) => (d.layers = {} as never)],
  ['a rate of 1', (d) => (d.layers[4].rate = 1)],
  ['a penalty below 0', (d) => (dense(d).kernelRegularizer = { l1: -1, l2: 0 })],
  ['a seed of text', (d) => (d.seed = '1')],
  ['a seed beyond the safe integers', (d) => (d.seed = 2 ** 60)],
  ['an unknown loss', (d) => (d.compiled!.loss = 'mse')],
  ['an unknown optimizer', (d) => (d.compiled!.optimizer = { name: 'evil' })],
  ['an optimizer with a key too many', (d) => ((d.compiled!.optimizer as Record<string, unknown>).clip = 1)],
  ['a learning rate below 0', (d) => ((d.compiled!.optimizer as Record<string, unknown>).learningRate = -1)],
  ['an unknown metric', (d) => (d.compiled!.metrics = ['aucc'])],
  ['compiled with another last activation', (d) => (d.layers[7].activation = 'relu')],
  ['a tensor missing', (_, t) => delete t['1/kernel']],
  ['a bias missing', (_, t) => delete t['3/bias']],
  ['a tensor too many', (_, t) => (t['1/bias'] = { data: new Float32Array(4), shape: [4] })],
  [
    'a tensor named __proto__',
    (_, t) =>
      Object.defineProperty(t, '__proto__', {
        value: { data: new Float32Array(1), shape: [1] },
        enumerable: true,
      }),
  ],
  ['a kernel the wrong way round', (_, t) => (t['0/kernel'] = { data: t['0/kernel'].data, shape: [5, 6] })],
  ['a kernel flattened', (_, t) => (t['0/kernel'] = { data: t['0/kernel'].data, shape: [30] })],
  ['a kernel of float64', (_, t) => (t['0/kernel'] = { data: new Float64Array(30), shape: [6, 5] })],
  ['NaN among the weights', (_, t) => (t['0/kernel'].data[3] = NaN)],
  ['infinity among the weights', (_, t) => (t['3/bias'].data[0] = Infinity)],
])('%s: E_FORMAT with the file, and no memory kept', async (_, edit) => {
  const engine = createWasmEngine();
  const bytes = tampered(edit);
  const { code, message } = await errorOf(() => decodeModel(bytes, 'evil.safetensors', { engine }));
  expect(code).toBe('E_FORMAT');
  expect(message).toContain('evil.safetensors');
  expect(engine.memoryInUse).toBe(0);
  expect(engine.memorySize).toBeLessThan(1 << 20);
});

test('keys that shadow prototypes in the JSON itself are refused, and pollute nothing', async () => {
  const { tensors, metadata } = decodeSafetensors(encodeModel(everyLayer()), 'own');
  const model = metadata.get('model')!;
  for (const key of ['"__proto__":{"polluted":1},', '"constructor":{"prototype":{"polluted":1}},']) {
    for (const json of [
      model.replace('{', `{${key}`),
      model.replace('"type":"Dense"', `${key}"type":"Dense"`),
    ]) {
      expect(json).not.toBe(model);
      const bytes = encodeSafetensors(Object.fromEntries(tensors), { format: 'dactyl-model/1', model: json });
      expect((await errorOf(() => decodeModel(bytes, 'evil'))).code).toBe('E_FORMAT');
      expect('polluted' in {}).toBe(false);
    }
  }
});

test('another format, no format, no JSON, other JSON, no safetensors at all: E_FORMAT', async () => {
  const { tensors, metadata } = decodeSafetensors(encodeModel(everyLayer()), 'own');
  const own = Object.fromEntries(tensors);
  const model = metadata.get('model')!;
  const files = [
    encodeSafetensors(own, { format: 'dactyl-model/2', model }),
    encodeSafetensors(own, { model }),
    encodeSafetensors(own),
    encodeSafetensors(own, { format: 'dactyl-model/1' }),
    encodeSafetensors(own, { format: 'dactyl-model/1', model: '{' }),
    encodeSafetensors(own, { format: 'dactyl-model/1', model: 'null' }),
    encodeSafetensors(own, { format: 'dactyl-model/1', model: '[]' }),
    encodeSafetensors(own, { format: 'dactyl-model/1', model: '['.repeat(100_000) }),
    new Uint8Array(0),
    new Uint8Array(100),
    encodeModel(everyLayer()).slice(0, -1),
  ];
  for (const bytes of files) expect((await errorOf(() => decodeModel(bytes, 'f'))).code).toBe('E_FORMAT');
});

test('a file holds its own SHA-256, as Node’s crypto computes it', () => {
  const bytes = encodeModel(everyLayer());
  const { metadata } = decodeSafetensors(bytes, 'own');
  const digest = metadata.get('sha256')!;
  const at = Buffer.from(bytes).indexOf(digest);
  const zeroed = Buffer.from(bytes).fill('0', at, at + 64);
  expect(createHash('sha256').update(zeroed).digest('hex')).toBe(digest);
});

test('one bit flipped in any byte is E_FORMAT', async () => {
  const bytes = encodeModel(everyLayer());
  const random = new Random(1, 'flips');
  for (let k = 0; k < bytes.length; k++) {
    const bad = bytes.slice();
    bad[k] ^= 1 << random.integer(8);
    const { code, message } = await errorOf(() => decodeModel(bad, 'some/file'));
    expect(code, `byte ${k}`).toBe('E_FORMAT');
    expect(message).toContain('some/file');
  }
});

test('a file of an earlier version, without a checksum, is read', () => {
  const model = everyLayer();
  const { tensors, metadata } = decodeSafetensors(encodeModel(model), 'own');
  const old = encodeSafetensors(Object.fromEntries(tensors), {
    format: 'dactyl-model/1',
    model: metadata.get('model')!,
  });
  expect(decodeModel(old, 'm').weightsHash()).toBe(model.weightsHash());
});
