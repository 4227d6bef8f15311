import { type Activation, type Curve, flatBelow } from './activation.ts';

/** y = max(0, x) */
export const relu = { zeroAtZero: true, rises: true } as const satisfies Activation;

export const reluCurve: Curve = {
  title: 'ReLU',
  f: (x) => Math.max(0, x),
  df: (x) => (x > 0 ? 1 : 0),
  plateaus: () => flatBelow(0),
};
