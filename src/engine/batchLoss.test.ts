import { expect, test } from 'vitest';
import { contextOf } from '../../test/support/ops.ts';
import { Activation, Dense, Dropout, Input } from '../nn/layers.ts';
import { planLayers } from '../nn/plan.ts';
import { Random } from '../util/random.ts';
import { lossRule } from './losses/losses.ts';
import { WasmNetwork } from './network.ts';

test.each([Infinity, 1])(
  'a row is right where the first largest output and the first largest target share their place (%d products at most)',
  (most) => {
    const context = contextOf();
    context.heap.mostProducts = () => most;
    const { network: spec } = planLayers([Input([3]), Dense(3)]);
    const network = new WasmNetwork(context, spec, () => undefined);
    network.setLoss(lossRule({ name: 'meanSquaredError' }));
    network.setWeights([Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1), new Float32Array(3)]);
    const outputs = [[1, 3, 2], [2, 2, 1], [-3, -2, -1], [0, 0, 0], [1, 2, 2], [2, 2, 1], [NaN, 1, 0]]; // prettier-ignore
    const targets = [[0, 1, 0], [0, 1, 0], [0, 0, 1], [1, 0, 0], [0, 0.5, 0.5], [1, 0, 0], [1, 0, 0]]; // prettier-ignore
    const rows = network.createRows({ data: Float32Array.from(outputs.flat()), shape: [7, 3] });
    const { correct } = network.evaluate(rows, {
      kind: 'values',
      values: Float32Array.from(targets.flat()),
    });
    // All but the second; NaN times 0 is NaN, so the last has three, of which the first stands.
    expect(correct).toBe(6);
  },
);

test('of a network that ends with a dropout the padding of its outputs is no part of the loss, whatever stood in memory before', () => {
  const context = contextOf();
  const { heap, pieces } = context;
  const dirty = pieces.floats(1 << 12);
  heap.float32(dirty, 1 << 12).fill(3);
  pieces.free(dirty);
  const { network: spec } = planLayers([Input([2]), Dense(2), Dropout(0.5), Activation('linear')]);
  const network = new WasmNetwork(context, spec, () => undefined);
  network.setLoss(lossRule({ name: 'meanSquaredError' }));
  network.setWeights([Float32Array.of(1, 0, 0, 1), new Float32Array(2)]);
  const rows = network.createRows({ data: Float32Array.of(1, 2, 3, 4), shape: [2, 2] });
  const targets = { kind: 'values', values: Float32Array.of(0, 2, 3, 7) } as const;
  // 1 / 2 and 9 / 2.
  expect(network.evaluate(rows, targets).lossSum).toBe(5);
});

test.each([Infinity, 1])(
  'losses are added up in float64 from the first row to the last, over batches too, to the bit (%d products at most)',
  (most) => {
    const context = contextOf();
    context.heap.mostProducts = () => most;
    const { network: spec } = planLayers([Input([1]), Dense(1)]);
    const network = new WasmNetwork(context, spec, () => undefined);
    network.setLoss(lossRule({ name: 'meanSquaredError' }));
    network.setWeights([Float32Array.of(1), new Float32Array(1)]);
    const random = new Random(5, 'sum');
    const data = Float32Array.from({ length: 1300 }, () => 9 * random.uniform());
    const rows = network.createRows({ data, shape: [1300, 1] });
    const { lossSum } = network.evaluate(rows, { kind: 'values', values: new Float32Array(1300) });
    // Of one value each, whose square is a float32.
    expect(lossSum).toBe(data.reduce((sum, x) => sum + Math.fround(x * x), 0));
  },
);
