import { type Activation, type Curve, flatBeyond } from './activation.ts';

/** y = x / (1 + |x|) */
export const softsign = { zeroAtZero: true, rises: true } as const satisfies Activation;

export const softsignCurve: Curve = {
  title: 'Softsign',
  f: (x) => x / (1 + Math.abs(x)),
  df: (x) => 1 / (1 + Math.abs(x)) ** 2,
  plateaus: () => flatBeyond(6.088812050083359),
};
