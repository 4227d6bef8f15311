import { type Activation, type Curve, flatBeyond } from './activation.ts';

/** y = 1 / (1 + e⁻ˣ) */
export const sigmoid = { zeroAtZero: false, rises: true } as const satisfies Activation;

const logistic = (x: number): number => 1 / (1 + Math.exp(-x));

/** Flat outside .005 … .995. */
export const sigmoidCurve: Curve = {
  title: 'Sigmoid',
  f: logistic,
  df: (x) => logistic(x) * (1 - logistic(x)),
  plateaus: () => flatBeyond(5.293304824724492),
};
