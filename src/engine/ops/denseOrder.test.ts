import { expect, test } from 'vitest';
import { contextOf, LoneOp, randomRows } from '../../../test/support/ops.ts';
import { uniform } from '../../../test/support/networks.ts';
import { Random } from '../../util/random.ts';
import { dense } from './dense.ts';

// The sums of assembly/dense.ts and the step of assembly/adam.ts in the order that is promised there, in plain float32: the kernels, whatever their tiles, give these bits.

const { fround } = Math;
const add = (sum: number, a: number, b: number): number => fround(sum + fround(a * b));

test.each([
  [1, 1, 1],
  [7, 9, 2],
  [8, 8, 3],
  [9, 31, 4],
  [31, 33, 5],
  [32, 32, 7],
  [33, 40, 8],
  [40, 63, 9],
  [65, 64, 31],
  [100, 100, 32],
  [10, 129, 33],
  // Gradients sum over 32,768 rows at a time.
  [2, 3, 32_773],
])(
  '%i inputs, %i units, %i rows, with a bias and without: the bits of plain loops',
  (inputs, units, rows) => {
    for (const useBias of [true, false]) {
      const random = new Random(inputs, 'dense order');
      const lone = new LoneOp(dense({ units, useBias, l1: 0, l2: 0 }), [inputs]);
      const [kernel] = randomRows(1, inputs * units, random);
      const [bias] = randomRows(1, units, random);
      lone.setWeights(useBias ? [kernel, bias] : [kernel]);
      const x = randomRows(rows, inputs, random);
      const dy = randomRows(rows, units, random);
      const own = (count: number, value: (k: number) => number): number[] =>
        Array.from({ length: count }, (_, k) => value(k));
      const y = x.map((row) =>
        own(units, (o) =>
          row.reduce((sum, v, i) => add(sum, v, kernel[i * units + o]), useBias ? bias[o] : 0),
        ),
      );
      const dx = dy.map((row) =>
        own(inputs, (i) => row.reduce((sum, v, o) => add(sum, v, kernel[i * units + o]), 0)),
      );
      const kernelGradient = own(inputs * units, (k) =>
        x.reduce((sum, row, s) => add(sum, row[Math.floor(k / units)], dy[s][k % units]), 0),
      );
      const biasGradient = own(units, (o) => dy.reduce((sum, row) => fround(sum + row[o]), 0));
      const gradients = useBias ? [kernelGradient, biasGradient] : [kernelGradient];
      expect(lone.run(x, dy, true)).toEqual({ y, dx, gradients, statistics: [] });
    }
  },
);

test.each([8, 16, 24, 32, 40, 64, 1032])(
  'three steps of Adam on %i floats: the bits of its formula, and none of the neighbours',
  (count) => {
    const { heap, kernels, pieces } = contextOf();
    const random = new Random(count, 'adam');
    const [beta1, beta2, alpha, epsilon] = [0.9, 0.999, 2e-3, 1e-6].map(fround);
    const expected = Array.from({ length: 3 }, () => uniform(count, 0, 1, random));
    const arrays = expected.map((values) => {
      const address = pieces.floats(count + 8);
      heap
        .float32(address, count + 8)
        .fill(7)
        .set(values);
      return address;
    });
    const g = pieces.floats(count);
    for (let step = 0; step < 3; step++) {
      const gradient = uniform(count, -1, 1, random);
      heap.float32(g, count).set(gradient);
      kernels.adamAll(arrays[0], arrays[1], arrays[2], g, count, beta1, beta2, alpha, epsilon);
      const [w, m, v] = expected;
      for (let k = 0; k < count; k++) {
        m[k] = add(gradient[k], m[k], beta1);
        v[k] = fround(fround(v[k] * beta2) + fround(gradient[k] * gradient[k]));
        w[k] -= fround(fround(m[k] * alpha) / fround(fround(Math.sqrt(v[k])) + epsilon));
      }
    }
    arrays.forEach((address, k) => {
      expect(heap.float32(address, count + 8)).toEqual(
        Float32Array.from([...expected[k], ...new Array<number>(8).fill(7)]),
      );
    });
  },
);
