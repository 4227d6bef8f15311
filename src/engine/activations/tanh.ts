import { type Activation, type Curve, flatBeyond } from './activation.ts';

/** y = (eˣ − e⁻ˣ) / (eˣ + e⁻ˣ) */
export const tanh = { zeroAtZero: true, rises: true } as const satisfies Activation;

export const tanhCurve: Curve = {
  title: 'Tanh',
  f: Math.tanh,
  df: (x) => 1 - Math.tanh(x) ** 2,
  plateaus: () => flatBeyond(2.6466524123622457),
};
