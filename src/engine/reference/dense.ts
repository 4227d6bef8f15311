import { sizeOf } from '../../util/tensor.ts';
import type { DenseSpec } from '../ops/dense.ts';
import type { ReferenceOp } from './op.ts';

export function referenceDense({ units, useBias, l1, l2 }: DenseSpec, shape: readonly number[]): ReferenceOp {
  const inputs = sizeOf(shape);
  const kernel = new Float64Array(inputs * units);
  const bias = new Float64Array(units);
  const gradients = { kernel: new Float64Array(inputs * units), bias: new Float64Array(units) };
  let read: readonly Float64Array[] = [];
  const parameters = [
    { weights: kernel, gradient: gradients.kernel, l1, l2 },
    { weights: bias, gradient: gradients.bias, l1: 0, l2: 0 },
  ];
  return {
    parameters: useBias ? parameters : [parameters[0]],
    statistics: [],
    forward(x) {
      read = x;
      return x.map((row) =>
        Float64Array.from({ length: units }, (_, o) => {
          let sum = bias[o];
          for (let i = 0; i < inputs; i++) sum += row[i] * kernel[i * units + o];
          return sum;
        }),
      );
    },
    backward(dy) {
      gradients.kernel.fill(0);
      gradients.bias.fill(0);
      return dy.map((d, s) => {
        const dx = new Float64Array(inputs);
        for (let o = 0; o < units; o++) {
          gradients.bias[o] += d[o];
          for (let i = 0; i < inputs; i++) {
            gradients.kernel[i * units + o] += read[s][i] * d[o];
            dx[i] += kernel[i * units + o] * d[o];
          }
        }
        return dx;
      });
    },
  };
}
