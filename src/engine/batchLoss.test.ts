import { expect, test } from 'vitest';
import { contextOf } from '../../test/support/ops.ts';
import { Dense, Input } from '../nn/layers.ts';
import { planLayers } from '../nn/plan.ts';
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
