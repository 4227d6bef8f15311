import fc from 'fast-check';
import { expect, test } from 'vitest';
import { REPEATABLE, rowShapes } from '../../../test/support/geometries.ts';
import { LoneOp, type OpRun, randomRows } from '../../../test/support/ops.ts';
import { Random } from '../../util/random.ts';
import type { Step } from '../op.ts';
import { batchNormalization } from './batchNormalization.ts';
import { layerNormalization } from './layerNormalization.ts';

// The sums of assembly/images/batchNormalization.ts and layerNormalization.ts in the order and the precision that are promised there: the kernels give these bits.

const { fround } = Math;
const EPSILON = fround(1e-3);

type Weights = readonly Float32Array[];
type Rows = readonly Float32Array[];

const multiply = (a: number, b: number): number => fround(a * b);
const subtract = (a: number, b: number): number => fround(a - b);
const inverseOf = (variance: number): number => fround(1 / fround(Math.sqrt(fround(variance + EPSILON))));

/** Sums in float64, rows ascending, then pixels; rounded once. */
function batch(x: Rows, dy: Rows, [gamma, beta, movingMean, movingVariance]: Weights): OpRun {
  const channels = gamma.length;
  const total = (rows: readonly ArrayLike<number>[], of: (value: number, c: number) => number): number[] => {
    const sums = new Array<number>(channels).fill(0);
    for (const row of rows)
      Array.from(row).forEach((value, k) => (sums[k % channels] += of(value, k % channels)));
    return sums;
  };
  const count = (x.length * x[0].length) / channels;
  const share = 1 / count;
  const mean = total(x, (value) => value).map((sum) => fround(sum * share));
  const variance = total(x, (value, c) => (value - mean[c]) * (value - mean[c])).map((sum) =>
    fround(sum * share),
  );
  const inverse = variance.map(inverseOf);
  const move = (moving: Float32Array, now: number[]): number[] =>
    now.map((value, c) => fround(multiply(moving[c], fround(0.99)) + multiply(value, fround(1 - 0.99))));
  const sumD = total(dy, (d) => d).map(fround);
  const products = dy.map((row, s) =>
    Array.from(row, (d, k) =>
      multiply(d, multiply(subtract(x[s][k], mean[k % channels]), inverse[k % channels])),
    ),
  );
  const sumOfProducts = total(products, (product) => product).map(fround);
  const scale = inverse.map((value, c) => multiply(value, gamma[c]));
  return {
    y: x.map((row) =>
      Array.from(row, (value, k) => {
        const c = k % channels;
        return fround(multiply(subtract(value, mean[c]), scale[c]) + beta[c]);
      }),
    ),
    dx: dy.map((row, s) =>
      Array.from(row, (d, k) => {
        const c = k % channels;
        const slope = multiply(inverse[c], multiply(sumOfProducts[c], fround(share)));
        const centred = subtract(d, multiply(sumD[c], fround(share)));
        return multiply(subtract(centred, multiply(subtract(x[s][k], mean[c]), slope)), scale[c]);
      }),
    ),
    gradients: [sumOfProducts, sumD],
    statistics: [move(movingMean, mean), move(movingVariance, variance)],
  };
}

/** Of one pixel: numbers with the same place mod 4 ascending, then (0 + 1) + (2 + 3). */
function laneSum(values: readonly number[]): number {
  const lanes = [0, 0, 0, 0];
  values.forEach((value, c) => (lanes[c % 4] = fround(lanes[c % 4] + value)));
  return fround(fround(lanes[0] + lanes[1]) + fround(lanes[2] + lanes[3]));
}

function layer(x: Rows, dy: Rows, [gamma, beta]: Weights): OpRun {
  const channels = gamma.length;
  const gradients = [new Array<number>(channels).fill(0), new Array<number>(channels).fill(0)];
  const y: number[][] = [];
  const dx: number[][] = [];
  x.forEach((row, s) => {
    y.push([]);
    dx.push([]);
    for (let start = 0; start < row.length; start += channels) {
      const values = [...row.slice(start, start + channels)];
      const d = [...dy[s].slice(start, start + channels)];
      const mean = fround(laneSum(values) / channels);
      const centred = values.map((value) => subtract(value, mean));
      const inverse = inverseOf(fround(laneSum(centred.map((value) => multiply(value, value))) / channels));
      const normal = centred.map((value) => multiply(value, inverse));
      const scaled = d.map((value, c) => multiply(value, gamma[c]));
      const first = fround(laneSum(scaled) / channels);
      const second = fround(laneSum(scaled.map((value, c) => multiply(value, normal[c]))) / channels);
      normal.forEach((value, c) => {
        y[s].push(fround(multiply(value, gamma[c]) + beta[c]));
        dx[s].push(multiply(inverse, subtract(subtract(scaled[c], first), multiply(value, second))));
        gradients[0][c] = fround(gradients[0][c] + multiply(d[c], value));
        gradients[1][c] = fround(gradients[1][c] + d[c]);
      });
    }
  });
  return { y, dx, gradients, statistics: [] };
}

test.each<[string, Step, typeof batch]>([
  [
    'batch normalization in training',
    batchNormalization({ momentum: 0.99, epsilon: 1e-3, center: true, scale: true, frozen: false }),
    batch,
  ],
  ['layer normalization', layerNormalization({ epsilon: 1e-3, center: true, scale: true }), layer],
])('%s adds in the order that is promised: the same bits over shapes', (_, step, sums) => {
  fc.assert(
    fc.property(rowShapes, ({ shape, rows, seed }) => {
      const random = new Random(seed, 'sums');
      const lone = new LoneOp(step, shape);
      const { parameters, statistics, out } = lone.op;
      const weights = [...parameters, ...statistics].map(
        () => randomRows(1, shape[shape.length - 1], random)[0],
      );
      lone.setWeights(weights);
      const x = randomRows(rows, out.width, random);
      const dy = randomRows(rows, out.width, random);
      expect(lone.run(x, dy, true)).toEqual(sums(x, dy, weights));
    }),
    REPEATABLE,
  );
});
