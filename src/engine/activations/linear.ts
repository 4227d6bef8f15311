import { type Activation, type Curve, NEVER_FLAT } from './activation.ts';

/** y = x. No step at all, and no kernel. */
export const linear = { zeroAtZero: true, rises: true } as const satisfies Activation;

export const linearCurve: Curve = {
  title: 'Linear',
  f: (x) => x,
  df: () => 1,
  plateaus: () => NEVER_FLAT,
};
