import { type Activation, type Curve, FLAT, flatBelow, NEVER_FLAT } from './activation.ts';

/** y = x where x > 0, else a x (Maas, Hannun & Ng 2013). */
export const leakyRelu = {
  zeroAtZero: true,
  rises: true,
  parameter: { option: 'negativeSlope', usual: 0.2 },
} as const satisfies Activation;

export const leakyReluCurve: Curve = {
  title: 'Leaky ReLU',
  f: (x, a) => (x > 0 ? x : a * x),
  df: (x, a) => (x > 0 ? 1 : a),
  plateaus: (a) => (a > FLAT ? NEVER_FLAT : flatBelow(0)),
};
