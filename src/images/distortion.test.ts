import fc from 'fast-check';
import { expect, test } from 'vitest';
import fixtures from '../../test/fixtures/distortion.json' with { type: 'json' };
import { errorOf } from '../../test/support/models.ts';
import { dense, pixels } from '../../test/support/networks.ts';
import { contextOf } from '../../test/support/ops.ts';
import type { Network } from '../engine/engine.ts';
import { WasmNetwork } from '../engine/network.ts';
import { referenceEngine } from '../engine/reference.ts';
import { createWasmEngine } from '../engine/wasm.ts';
import { Random } from '../util/random.ts';
import type { Tensor } from '../util/tensor.ts';
import { checkDistortion, type Distortion, distortionStream, distortReference } from './distortion.ts';

const PIXELS = 784;
const NONE: Distortion = { rotation: 0, scale: 0, shear: 0, shift: 0, elastic: 0 };
const MOST: Distortion = { rotation: 0.5, scale: 0.5, shear: 1, shift: 14, elastic: 14 };
const USUAL: Distortion = { rotation: 0.26, scale: 0.15, shear: 0.15, shift: 2.5, elastic: 1.2 };

/** Lets every pixel through as it is. */
let identity: Network | undefined;
function identityNetwork(): Network {
  if (identity) return identity;
  const spec = { shape: [PIXELS], scale: 1, offset: 0, steps: dense(PIXELS, { useBias: false }) };
  identity = createWasmEngine().createNetwork(spec);
  const kernel = Float32Array.from({ length: PIXELS * PIXELS }, (_, k) => Number(k % (PIXELS + 1) === 0));
  identity.setWeights([kernel]);
  return identity;
}

/** The images as the kernels show them, one after the other. */
function shown(images: Tensor, distortion: Distortion, seed: number, epoch: number): Float32Array {
  const network = identityNetwork();
  const rows = network.createRows(images, { distortion, seed });
  rows.startEpoch!(epoch);
  const outputs = network.predict(rows);
  rows.dispose();
  return outputs;
}

/** Images bright at the borders too: noise, stripes and strokes. */
function images(count: number, seed: number): Tensor<Uint8Array> {
  const random = new Random(seed, 'images');
  const { data } = pixels(count, PIXELS, random);
  for (let s = 0; s < count; s += 2) {
    const [a, b] = [random.integer(256), random.integer(256)];
    for (let k = 0; k < PIXELS; k++) data[s * PIXELS + k] = (a * (k % 28) + b * Math.floor(k / 28) + k) & 255;
  }
  return { data, shape: [count, 28, 28] };
}

function imageOf({ data }: Tensor<Uint8Array>, s: number): Uint8Array {
  return data.subarray(s * PIXELS, (s + 1) * PIXELS);
}

/** The largest difference in grey levels between the kernels and the reference. */
function largestStray(
  batch: Tensor<Uint8Array>,
  distortion: Distortion,
  seed: number,
  epoch: number,
): number {
  const outputs = shown(batch, distortion, seed, epoch);
  const stream = distortionStream(seed);
  let most = 0;
  for (let index = 0; index < batch.shape[0]; index++) {
    const expected = distortReference(imageOf(batch, index), distortion, { stream, epoch, index });
    expected.forEach((value, k) => {
      most = Math.max(most, Math.abs(outputs[index * PIXELS + k] - value));
    });
  }
  return most;
}

test.each([
  [28, 28],
  [20, 12],
])('images of %i × %i are shown the same however many are taken at a time', (...shape) => {
  const { data } = images(6, 3);
  const inputs = { data: data.subarray(0, 6 * shape[0] * shape[1]), shape: [6, ...shape] };
  const shownIn = (products: number): Float32Array => {
    const context = contextOf();
    context.heap.mostProducts = () => products;
    const steps = dense(4, { useBias: false });
    const network = new WasmNetwork(context, { shape, scale: 1, offset: 0, steps }, () => undefined);
    const kernel = Float32Array.from({ length: 4 * shape[0] * shape[1] }, (_, k) => Math.sin(k));
    network.setWeights([kernel]);
    return network.predict(network.createRows(inputs, { distortion: USUAL, seed: 5 }));
  };
  // Counted 4 or 32 times 32 a value: two images at a time, one, and all.
  expect(shownIn(2.5 * 32 * 4 * 784)).toEqual(shownIn(Infinity));
  expect(shownIn(1)).toEqual(shownIn(Infinity));
});

test.each(fixtures)(
  'the reference is SciPy within half a grey level and 0.001: %j',
  ({ values, distortion, extents = [28, 28, 1], ...place }) => {
    const [rows, columns, channels] = extents;
    const image = Uint8Array.from({ length: rows * columns * channels }, (_, i) => {
      const k = i % channels;
      const [r, c] = [Math.floor(i / channels / columns), Math.floor(i / channels) % columns];
      return (37 * r + 101 * c + r * c + 59 * k) % 256;
    });
    const received = distortReference(image, distortion, place, [rows, columns, channels]);
    expect(new Set(received).size).toBeGreaterThan(Math.min(20, (rows * columns) / 2));
    received.forEach((value, k) => {
      expect(Math.abs(value - values[k])).toBeLessThan(0.501);
    });
  },
);

test.each<[string, Distortion]>([
  ['rotation', { ...NONE, rotation: 0.5 }],
  ['scale', { ...NONE, scale: 0.5 }],
  ['shear', { ...NONE, shear: 1 }],
  ['shift, out of the frame', { ...NONE, shift: 14 }],
  ['elastic', { ...NONE, elastic: 14 }],
  ['tiny', { rotation: 1e-6, scale: 1e-6, shear: 1e-6, shift: 1e-6, elastic: 1e-6 }],
  ['usual', USUAL],
  ['all at their most', MOST],
])('%s: the kernels are the reference to one grey level on 60 images in 2 epochs', (_, distortion) => {
  const batch = images(60, 3);
  for (const epoch of [0, 999]) {
    expect(largestStray(batch, distortion, 11, epoch)).toBeLessThanOrEqual(1);
  }
});

test('any limits, seed and epoch: the kernels are the reference to one grey level', () => {
  const batch = images(4, 4);
  const limit = (most: number): fc.Arbitrary<number> =>
    fc.oneof(fc.constant(0), fc.double({ min: 0, max: most, noNaN: true }));
  const distortions = fc.record({
    rotation: limit(0.5),
    scale: limit(0.5),
    shear: limit(1),
    shift: limit(14),
    elastic: limit(14),
  });
  fc.assert(
    fc.property(distortions, fc.maxSafeInteger(), fc.nat(100_000), (distortion, seed, epoch) => {
      expect(largestStray(batch, distortion, seed, epoch)).toBeLessThanOrEqual(1);
    }),
    { seed: 1, numRuns: 100 },
  );
});

test('limits of zero: the image itself, to the bit', () => {
  const batch = images(20, 5);
  expect(shown(batch, NONE, 1, 2)).toEqual(Float32Array.from(batch.data));
  expect(distortReference(imageOf(batch, 3), NONE, { stream: 1, epoch: 2, index: 3 })).toEqual(
    imageOf(batch, 3),
  );
});

test('a function of seed, epoch and image number alone: neither batch nor order, nor what was shown before', () => {
  const batch = images(150, 6);
  const all = shown(batch, USUAL, 7, 3);
  const spec = { shape: [PIXELS], scale: 1, offset: 0, steps: dense(10, { activation: 'softmax' }) };
  const network = createWasmEngine().createNetwork(spec);
  const rows = network.createRows(batch, { distortion: USUAL, seed: 7 });
  const targets = { kind: 'classes', classes: new Uint8Array(150) } as const;
  /** With zero weights the gradient of class 1's kernel is 0.1 × the image, of the mean of a batch. */
  const seen = (order: readonly number[]): Float64Array => {
    const [kernel] = network.gradients(rows, targets, Uint32Array.from(order));
    return Float64Array.from({ length: PIXELS }, (_, k) => 10 * order.length * kernel[10 * k + 1]);
  };
  rows.startEpoch!(8);
  seen([5, 6]);
  rows.startEpoch!(3);
  for (const order of [[149], [0], [71, 5, 149], [5, 149, 71], [149, 148, 147, 5, 5]]) {
    seen(order).forEach((value, k) => {
      const expected = order.reduce((sum, s) => sum + all[s * PIXELS + k], 0);
      expect(Math.abs(value - expected)).toBeLessThan(0.01);
    });
  }
  // The first images of a larger set are those of a smaller one.
  const few = { data: batch.data.subarray(0, 9 * PIXELS), shape: [9, 28, 28] };
  expect(shown(few, USUAL, 7, 3)).toEqual(all.subarray(0, 9 * PIXELS));
  expect(shown(batch, USUAL, 7, 3)).toEqual(all);
});

test('another seed, epoch or image number gives another distortion of the same image', () => {
  const one = images(1, 8).data;
  const copies = {
    data: Uint8Array.from({ length: 20 * PIXELS }, (_, k) => one[k % PIXELS]),
    shape: [20, 28, 28],
  };
  const seen = new Set<string>();
  const choices = [
    [1, 0],
    [1, 1],
    [2, 0],
    [-1, 0],
    [2 ** 32 + 1, 0],
  ];
  for (const [seed, epoch] of choices) {
    const outputs = shown(copies, USUAL, seed, epoch);
    for (let s = 0; s < 20; s++) seen.add(outputs.subarray(s * PIXELS, (s + 1) * PIXELS).join());
  }
  expect(seen.size).toBe(20 * choices.length);
});

test('shift: of 4,000 single pixels mean 0 and variance limit² / 3 along each axis, uncorrelated, all within 5 standard errors', () => {
  const count = 4000;
  const limit = 6;
  const data = new Uint8Array(count * PIXELS);
  for (let s = 0; s < count; s++) data[s * PIXELS + 14 * 28 + 13] = 255;
  const outputs = shown({ data, shape: [count, 28, 28] }, { ...NONE, shift: limit }, 3, 0);
  const shifts = Array.from({ length: count }, (_, s) => {
    let [mass, x, y] = [0, 0, 0];
    for (let k = 0; k < PIXELS; k++) {
      const value = outputs[s * PIXELS + k];
      mass += value;
      x += value * ((k % 28) - 13);
      y += value * (Math.floor(k / 28) - 14);
    }
    return [x / mass, y / mass];
  });
  const meanOf = (values: number[]): number => values.reduce((a, b) => a + b) / count;
  for (const axis of [0, 1]) {
    const values = shifts.map((shift) => shift[axis]);
    // Of a uniform on ± L: variance L²/3, fourth moment L⁴/5.
    expect(Math.abs(meanOf(values))).toBeLessThan(5 * Math.sqrt(limit ** 2 / 3 / count));
    const spread = Math.sqrt((limit ** 4 / 5 - limit ** 4 / 9) / count);
    expect(Math.abs(meanOf(values.map((v) => v * v)) - limit ** 2 / 3)).toBeLessThan(5 * spread);
    expect(Math.max(...values.map(Math.abs))).toBeLessThan(limit + 0.01);
    expect(Math.max(...values.map(Math.abs))).toBeGreaterThan(0.98 * limit);
  }
  expect(Math.abs(meanOf(shifts.map(([x, y]) => x * y)))).toBeLessThan(
    5 * (limit ** 2 / 3 / Math.sqrt(count)),
  );
});

test('an empty image among bright ones stays empty: the scratch memory keeps nothing of the image before', () => {
  const batch = images(30, 9);
  batch.data.fill(0, 15 * PIXELS, 16 * PIXELS);
  const outputs = shown(batch, MOST, 1, 0);
  expect(outputs.subarray(15 * PIXELS, 16 * PIXELS).every((value) => value === 0)).toBe(true);
});

test.each([
  [{ rotation: 0.6 }, 'rotation from 0 to 0.5; received 0.6'],
  [{ scale: -0.1 }, 'scale from 0 to 0.5; received -0.1'],
  [{ shear: NaN }, 'shear from 0 to 1; received NaN'],
  [{ shift: Infinity }, 'shift from 0 to 14; received Infinity'],
  [{ elastic: undefined }, 'elastic from 0 to 14; received undefined'],
])('limits out of range are E_ARGUMENT: %j', async (wrong, reason) => {
  const { code, message } = await errorOf(() => {
    checkDistortion({ ...NONE, ...wrong } as Distortion);
  });
  expect(code).toBe('E_ARGUMENT');
  expect(message).toContain(reason);
});

test('only bytes with a place in rows and columns are distorted: E_ARGUMENT for others', async () => {
  const network = identityNetwork();
  const floats = { data: new Float32Array(PIXELS), shape: [1, PIXELS] };
  expect((await errorOf(() => network.createRows(floats, { distortion: NONE, seed: 0 }))).code).toBe(
    'E_ARGUMENT',
  );
  const narrow = createWasmEngine().createNetwork({ shape: [6], scale: 1, offset: 0, steps: dense(2) });
  const bytes = { data: new Uint8Array(6), shape: [1, 6] };
  expect((await errorOf(() => narrow.createRows(bytes, { distortion: NONE, seed: 0 }))).code).toBe(
    'E_ARGUMENT',
  );
});

test.each([[[20, 24, 3]], [[9, 40]], [[1, 5]], [[28, 28, 3]], [[3, 1, 2]]])(
  'images of the shape %j: the engine shows what the reference says, to the bit, in any order',
  (shape) => {
    const width = shape.reduce((product, extent) => product * extent, 1);
    const [rows, columns, channels = 1] = shape;
    const { data } = pixels(5, width, new Random(3, 'images'));
    const steps = dense(width, { useBias: false });
    const network = createWasmEngine().createNetwork({ shape, scale: 0.5, offset: 0, steps });
    network.setWeights([
      Float32Array.from({ length: width * width }, (_, k) => Number(k % (width + 1) === 0)),
    ]);
    const shownRows = network.createRows({ data, shape: [5, ...shape] }, { distortion: USUAL, seed: 4 });
    for (const epoch of [0, 6]) {
      shownRows.startEpoch!(epoch);
      const outputs = network.predict(shownRows);
      for (let index = 0; index < 5; index++) {
        const expected = distortReference(
          data.subarray(index * width, (index + 1) * width),
          USUAL,
          { stream: distortionStream(4), epoch, index },
          [rows, columns, channels],
        );
        expect(outputs.subarray(index * width, (index + 1) * width)).toEqual(
          Float32Array.from(expected, (value) => value / 2),
        );
      }
    }
    shownRows.dispose();
    network.dispose();
  },
);

test('the reference engine shows what the reference says, epoch by epoch', () => {
  const batch = images(3, 10);
  const spec = { shape: [PIXELS], scale: 0.5, offset: 0, steps: dense(2, { activation: 'softmax' }) };
  const rows = referenceEngine.createNetwork(spec).createRows(batch, { distortion: USUAL, seed: 9 });
  for (const epoch of [0, 4, 1]) {
    rows.startEpoch!(epoch);
    for (let index = 0; index < 3; index++) {
      const place = { stream: distortionStream(9), epoch, index };
      const expected = distortReference(imageOf(batch, index), USUAL, place);
      expect(rows.data[index]).toEqual(Float64Array.from(expected, (value) => value / 2));
    }
  }
});
