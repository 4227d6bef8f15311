import type { Curve, Plateaus, RowCurve } from './activation.ts';
import type { ActivationName } from './activations.ts';
import { eluCurve } from './elu.ts';
import { geluCurve } from './gelu.ts';
import { leakyReluCurve } from './leakyRelu.ts';
import { linearCurve } from './linear.ts';
import { reluCurve } from './relu.ts';
import { seluCurve } from './selu.ts';
import { sigmoidCurve } from './sigmoid.ts';
import { siluCurve } from './silu.ts';
import { softmaxCurve } from './softmax.ts';
import { softplusCurve } from './softplus.ts';
import { softsignCurve } from './softsign.ts';
import { tanhCurve } from './tanh.ts';

/** Every activation in float64, by its name. */
export const CURVES = {
  linear: linearCurve,
  relu: reluCurve,
  leakyRelu: leakyReluCurve,
  elu: eluCurve,
  selu: seluCurve,
  gelu: geluCurve,
  silu: siluCurve,
  softplus: softplusCurve,
  softsign: softsignCurve,
  sigmoid: sigmoidCurve,
  tanh: tanhCurve,
  softmax: softmaxCurve,
} as const satisfies Record<ActivationName, Curve | RowCurve>;

/**
 * Where an activation is flat: at both ends tanh, sigmoid and softsign; at the lower one the others, which for ReLU is x ≤ 0. Null for a softmax
 * between layers, whose units have no slope of their own.
 */
export function plateausOf(activation: ActivationName, parameter: number): Plateaus | null {
  const curve: Curve | RowCurve = CURVES[activation];
  return 'plateaus' in curve ? curve.plateaus(parameter) : null;
}
