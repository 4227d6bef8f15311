import { expect, test } from 'vitest';
import { errorOf } from '../../../test/support/models.ts';
import type { ActivationFunctions } from '../../engine/ops/ownActivation.ts';
import { referenceEngine } from '../../engine/reference.ts';
import { Random } from '../../util/random.ts';
import { Activation, Conv2D, Dense, Dropout, Flatten, Input } from '../layers.ts';
import { encodeModel } from '../saved.ts';
import { SGD } from '../optimizers.ts';
import { Sequential } from '../sequential.ts';

/** x / (1 + |x|), as softsign. */
const SOFTSIGN = {
  name: 'mySoftsign',
  forward: (x: number) => x / (1 + Math.abs(x)),
  derivative: (x: number) => 1 / ((1 + Math.abs(x)) * (1 + Math.abs(x))),
};
/** Whose value at 0 is not 0: padding must stay zero all the same. */
const SHIFTED = {
  name: 'shifted',
  forward: (x: number) => SOFTSIGN.forward(x) + 1,
  derivative: SOFTSIGN.derivative,
};
/** Written with the output. */
const CUBE_ROOT_LIKE = {
  name: 'byOutput',
  forward: (x: number) => x / Math.sqrt(1 + x * x),
  derivative: (_: number, y: number) => (1 - y * y) * Math.sqrt(1 - y * y),
};

const random = new Random(1, 'own activation');
const inputs = {
  data: Float32Array.from({ length: 24 * 16 }, () => random.uniform() * 2 - 1),
  shape: [24, 4, 4, 1],
};
const labels = Uint8Array.from({ length: 24 }, () => random.integer(3));

type Own = 'softsign' | ActivationFunctions;

async function trained(own: Own, engine = {}): Promise<Float32Array[]> {
  const layer = () => (own === 'softsign' ? Activation(own) : Activation(own));
  const layers = [
    Conv2D(3, 2),
    layer(),
    Flatten(),
    Dense(5),
    layer(),
    Dropout(0),
    Dense(3, { activation: 'softmax' }),
  ];
  using model = new Sequential([Input([4, 4, 1]), ...layers], { seed: 1, ...engine });
  model.compile({ optimizer: SGD({ learningRate: 0.1 }), loss: 'sparseCategoricalCrossentropy' });
  await model.fit(inputs, labels, { epochs: 3, batchSize: 7, verbose: 0 });
  return model.getWeights().map(({ data }) => data);
}

const gap = (a: readonly Float32Array[], b: readonly Float32Array[]): number =>
  Math.max(...a.flatMap((one, k) => [...one].map((value, i) => Math.abs(value - b[k][i]))));

test('three epochs with softsign as functions: within 1e-6 of the engine’s own softsign', async () => {
  expect(gap(await trained(SOFTSIGN), await trained('softsign'))).toBeLessThan(1e-6);
});

test.each([SOFTSIGN, SHIFTED, CUBE_ROOT_LIKE])(
  'three epochs with $name: within 1e-5 of the reference engine',
  async (own) => {
    const reference = await trained(own, { engine: referenceEngine });
    expect(gap(await trained(own), reference)).toBeLessThan(1e-5);
  },
);

test('its name stands in summaries; it cannot be saved', async () => {
  using model = new Sequential([Input([4]), Dense(3), Activation(SOFTSIGN), Dense(2)]);
  expect(model.summary()).toContain('activation (Activation)');
  const { code, message } = await errorOf(() => encodeModel(model));
  expect(code).toBe('E_ARGUMENT');
  expect(message).toContain('received Activation (mySoftsign) with functions of your own');
});

test.each<[string, unknown, string]>([
  ['no derivative', { name: 'a', forward: Math.abs }, 'derivative: expected a function'],
  ['no forward', { name: 'a', derivative: Math.abs }, 'forward: expected a function'],
  ['no name', { forward: Math.abs, derivative: Math.abs }, 'name'],
  ['another key', { ...SOFTSIGN, alpha: 1 }, 'alpha'],
])('%s is refused', async (_, own, words) => {
  const { code, message } = await errorOf(() => Activation(own as typeof SOFTSIGN));
  expect(code).toBe('E_ARGUMENT');
  expect(message).toContain(words);
});

test('a function that gives no finite number stops training with E_NUMERIC and its name', async () => {
  const bad = { ...SOFTSIGN, name: 'bad', forward: (x: number) => (x > 0 ? x : NaN) };
  const { code, message } = await errorOf(() => trained(bad));
  expect(code).toBe('E_NUMERIC');
  expect(message).toContain('bad: forward: expected a finite number for ');
});
