import { expect, test } from 'vitest';
import { CLASSES, errorOf, smallModel, WIDTH } from '../../test/support/models.ts';
import { ACTIVATION_NAMES, bitsOf } from '../../test/support/networks.ts';
import type { Steps } from '../util/steps.ts';
import type { Tensor } from '../util/tensor.ts';
import { Dense, Dropout, Input } from './layers.ts';
import { Sequential } from './sequential.ts';

function bits(model: Sequential): number[][] {
  return bitsOf(model.getWeights().map(({ data }) => data));
}

test('seeds: 0, 1, −1, 2³², 2⁴⁰ and the largest all start differently, each the same every time', () => {
  const seeds = [
    0,
    1,
    -1,
    2 ** 31,
    2 ** 32,
    2 ** 40,
    -(2 ** 40),
    Number.MAX_SAFE_INTEGER,
    Number.MIN_SAFE_INTEGER,
  ];
  const hashes = seeds.map((seed) => smallModel({ seed }).weightsHash());
  expect(new Set(hashes).size).toBe(seeds.length);
  expect(seeds.map((seed) => smallModel({ seed }).weightsHash())).toEqual(hashes);
  const model = new Sequential([
    Input([WIDTH]),
    Dense(5, { activation: 'tanh' }),
    Dense(CLASSES, { activation: 'softmax' }),
  ]);
  expect(model.seed).toBe(0);
  expect(model.weightsHash()).toBe(hashes[0]);
});

test.each([0.5, NaN, Infinity, 2 ** 53])('a seed of %f is E_ARGUMENT', async (seed) => {
  expect(await errorOf(() => smallModel({ seed }))).toEqual({
    code: 'E_ARGUMENT',
    message: `seed: expected a whole number, received ${seed}.`,
  });
});

test('arms of a comparison, other activations and dropout with the same seed, start from the same weights', () => {
  const expected = bits(smallModel({ seed: 3 }));
  for (const activation of ACTIVATION_NAMES)
    expect(bits(smallModel({ seed: 3, activation }))).toEqual(expected);
  const dropping = new Sequential(
    [Input([WIDTH]), Dense(5), Dropout(0.5), Dense(CLASSES, { activation: 'softmax' })],
    { seed: 3 },
  );
  expect(bits(dropping)).toEqual(expected);
});

test('layers of one model have initial weights of their own', () => {
  const model = new Sequential([Input([4]), Dense(4), Dense(4)]);
  const [first, , second] = model.getWeights();
  expect(first.data).not.toEqual(second.data);
});

test('weights out and in again to the bit; what is given out are copies', () => {
  const [a, b] = [smallModel({ seed: 1 }), smallModel({ seed: 2 })];
  b.setWeights(a.getWeights());
  expect(b.weightsHash()).toBe(a.weightsHash());
  a.getWeights()[0].data.fill(0);
  expect(b.weightsHash()).toBe(a.weightsHash());
  const wide = a.getWeights().map(({ data, shape }) => ({ data: Float64Array.from(data), shape }));
  b.setWeights(wide);
  expect(b.weightsHash()).toBe(a.weightsHash());
});

test('weightsHash is the SHA-256 of the weights as little-endian float32, kernel, bias, kernel, bias', async () => {
  const model = new Sequential([Input([2]), Dense(1), Dense(2)]);
  model.setWeights([
    { data: Float32Array.of(1, 2), shape: [2, 1] },
    { data: Float32Array.of(-1), shape: [1] },
    { data: Float32Array.of(0.5, -0), shape: [1, 2] },
    { data: Float32Array.of(0, 3), shape: [2] },
  ]);
  const hex = '0000803f' + '00000040' + '000080bf' + '0000003f' + '00000080' + '00000000' + '00004040';
  const bytes = Uint8Array.from(hex.match(/../g)!, (pair) => parseInt(pair, 16));
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  expect(model.weightsHash()).toBe([...digest].map((byte) => byte.toString(16).padStart(2, '0')).join(''));
});

test('setWeights refuses wrong numbers, shapes and values, names the array, and changes nothing', async () => {
  const model = smallModel();
  const hash = model.weightsHash();
  const good = model.getWeights();
  const wrong = (k: number, tensor: Tensor): Tensor[] =>
    good.map((own, place) => (place === k ? tensor : own));
  expect(
    await errorOf(() => {
      model.setWeights(good.slice(1));
    }),
  ).toEqual({ code: 'E_SHAPE', message: 'setWeights: expected 4 arrays, received 3.' });
  const holed = good.slice(0, 1);
  for (const k of [2, 3]) holed[k] = good[k];
  const hole = await errorOf(() => {
    model.setWeights(holed);
  });
  expect(hole.code).toBe('E_ARGUMENT');
  expect(hole.message).toMatch(/^weights\[1\]: expected .* received undefined\.$/);
  expect(
    await errorOf(() => {
      model.setWeights(wrong(2, { data: new Float32Array(15), shape: [3, 5] }));
    }),
  ).toEqual({ code: 'E_SHAPE', message: 'weights[2]: expected shape (5, 3), received (3, 5).' });
  expect(
    await errorOf(() => {
      model.setWeights(wrong(1, { data: new Float32Array(4), shape: [5] }));
    }),
  ).toEqual({ code: 'E_SHAPE', message: 'weights[1]: shape (5,) needs 5 values, received 4.' });
  for (const [bad, text] of [
    [NaN, 'NaN'],
    [-Infinity, '-Infinity'],
    [1e39, '1e+39'],
  ] as const) {
    expect(
      await errorOf(() => {
        model.setWeights(
          wrong(2, {
            data: Float64Array.of(...new Array<number>(7).fill(0), bad, ...new Array<number>(7).fill(0)),
            shape: [5, 3],
          }),
        );
      }),
    ).toEqual({
      code: 'E_NUMERIC',
      message: `weights[2][2, 1]: expected a finite float32 number, received ${text}.`,
    });
  }
  expect(model.weightsHash()).toBe(hash);
});

// In runs of 32 as they lie, or one by one.
test.each([
  [1024, 1],
  [1025, 8],
])(
  '1,030 × %i weights are read and written in steps, with %i stops, each in its place',
  (units, expected) => {
    const model = new Sequential([Input([1030]), Dense(units)]);
    const weights = [1030 * units, units].map((count, k) => ({
      data: Float32Array.from({ length: count }, (_, i) => i - k / 2),
      shape: k === 0 ? [1030, units] : [units],
    }));
    const stopsOf = <T>(steps: Steps<T>): [stops: number, value: T] => {
      for (let stops = 0; ; stops++) {
        const { done, value } = steps.next();
        if (done) return [stops, value];
      }
    };
    expect(stopsOf(model.network.writeWeights(weights.map(({ data }) => data)))[0]).toBe(expected);
    const [stops, read] = stopsOf(model.network.readWeights());
    expect(stops).toBe(expected);
    // Not entry by entry, which takes seconds.
    expect(read.every((data, k) => data.every((value, i) => value === weights[k].data[i]))).toBe(true);
    // The last unit's weight of the last input, as the kernels see it: 1029 units + units − 1, and the bias.
    const last = model.predict({
      data: Float32Array.from({ length: 1030 }, (_, i) => Number(i === 1029)),
      shape: [1, 1030],
    });
    expect(last.data[units - 1]).toBe(Math.fround(1030 * units - 1 + (units - 1 - 0.5)));
    model.dispose();
  },
);
