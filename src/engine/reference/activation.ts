import type { Curve, RowCurve } from '../activations/activation.ts';
import type { ActivationName } from '../activations/activations.ts';
import { CURVES } from '../activations/curves.ts';
import type { ActivationSpec } from '../ops/activation.ts';
import type { ReferenceOp } from './op.ts';

export function activate(name: ActivationName, z: Float64Array, parameter: number): Float64Array {
  const curve: Curve | RowCurve = CURVES[name];
  return 'f' in curve ? z.map((x) => curve.f(x, parameter)) : curve.forward(z);
}

/** The gradient with respect to z, given that with respect to y = f(z). */
export function activateBackward(
  name: ActivationName,
  z: Float64Array,
  dy: Float64Array,
  parameter: number,
): Float64Array {
  const curve: Curve | RowCurve = CURVES[name];
  return 'df' in curve ? dy.map((d, j) => d * curve.df(z[j], parameter)) : curve.backward(z, dy);
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
