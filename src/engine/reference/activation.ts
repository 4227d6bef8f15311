import type { ActivationName } from '../activations.ts';
import type { ActivationSpec } from '../ops/activation.ts';
import type { ReferenceOp } from './op.ts';

/** An activation and its derivative, both as functions of the input x and the parameter a (slope or alpha). */
interface Curve {
  f(x: number, a: number): number;
  df(x: number, a: number): number;
}

const SELU_SCALE = 1.0507009873554805;
const SELU_ALPHA = 1.6732632423543772;
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const normalDensity = (x: number): number => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);

const CURVES: Record<Exclude<ActivationName, 'softmax'>, Curve> = {
  linear: { f: (x) => x, df: () => 1 },
  relu: { f: (x) => Math.max(0, x), df: (x) => (x > 0 ? 1 : 0) },
  leakyRelu: { f: (x, a) => (x > 0 ? x : a * x), df: (x, a) => (x > 0 ? 1 : a) },
  elu: { f: (x, a) => (x > 0 ? x : a * Math.expm1(x)), df: (x, a) => (x > 0 ? 1 : a * Math.exp(x)) },
  selu: {
    f: (x) => SELU_SCALE * (x > 0 ? x : SELU_ALPHA * Math.expm1(x)),
    df: (x) => SELU_SCALE * (x > 0 ? 1 : SELU_ALPHA * Math.exp(x)),
  },
  gelu: { f: (x) => x * normalCumulative(x), df: (x) => normalCumulative(x) + x * normalDensity(x) },
  silu: { f: (x) => x * sigmoid(x), df: (x) => sigmoid(x) * (1 + x * (1 - sigmoid(x))) },
  softplus: { f: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))), df: sigmoid },
  softsign: { f: (x) => x / (1 + Math.abs(x)), df: (x) => 1 / (1 + Math.abs(x)) ** 2 },
  sigmoid: { f: sigmoid, df: (x) => sigmoid(x) * (1 - sigmoid(x)) },
  tanh: { f: Math.tanh, df: (x) => 1 - Math.tanh(x) ** 2 },
};

/** Φ(x) by its power series φ(x) (x + x³/3 + x⁵/(3·5) + …) + ½, exact to about 1e-15; beyond ±8 it is 0 or 1. */
function normalCumulative(x: number): number {
  if (Math.abs(x) > 8) return x > 0 ? 1 : 0;
  let term = x;
  let sum = x;
  for (let k = 3; Math.abs(term) > 1e-18 * Math.abs(sum); k += 2) {
    term *= (x * x) / k;
    sum += term;
  }
  return 0.5 + normalDensity(x) * sum;
}

export function activate(name: ActivationName, z: Float64Array, parameter: number): Float64Array {
  if (name !== 'softmax') return z.map((x) => CURVES[name].f(x, parameter));
  const largest = z.reduce((a, b) => Math.max(a, b));
  const exponentials = z.map((x) => Math.exp(x - largest));
  const sum = exponentials.reduce((a, b) => a + b);
  return exponentials.map((e) => e / sum);
}

/** The gradient with respect to z, given that with respect to y = f(z). */
export function activateBackward(
  name: ActivationName,
  z: Float64Array,
  dy: Float64Array,
  parameter: number,
): Float64Array {
  if (name !== 'softmax') return dy.map((d, j) => d * CURVES[name].df(z[j], parameter));
  const y = activate('softmax', z, 0);
  const mean = y.reduce((sum, p, j) => sum + p * dy[j], 0);
  return y.map((p, j) => p * (dy[j] - mean));
}

export function referenceActivation({ activation, parameter }: ActivationSpec): ReferenceOp {
  let inputs: readonly Float64Array[] = [];
  return {
    parameters: [],
    statistics: [],
    forward(x) {
      inputs = x;
      return x.map((row) => activate(activation, row, parameter));
    },
    backward: (dy) => dy.map((row, s) => activateBackward(activation, inputs[s], row, parameter)),
  };
}
