import { type Activation, type Curve, flatBelow } from './activation.ts';
import { sigmoidCurve } from './sigmoid.ts';

/** y = ln(1 + eˣ) */
export const softplus = { zeroAtZero: false, needsInput: true, rises: true } as const satisfies Activation;

export const softplusCurve: Curve = {
  title: 'Softplus',
  f: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  df: (x) => sigmoidCurve.f(x, 0),
  plateaus: () => flatBelow(-3.8969348755446873),
};
