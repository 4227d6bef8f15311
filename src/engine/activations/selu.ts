import { type Activation, type Curve, flatBelow } from './activation.ts';

/** y = s x where x > 0, else s a (eˣ − 1), with s and a such that mean 0 and variance 1 are kept (Klambauer et al. 2017). */
export const selu = { zeroAtZero: true, rises: true } as const satisfies Activation;

const SCALE = 1.0507009873554805;
const ALPHA = 1.6732632423543772;

export const seluCurve: Curve = {
  title: 'SELU',
  f: (x) => SCALE * (x > 0 ? x : ALPHA * Math.expm1(x)),
  df: (x) => SCALE * (x > 0 ? 1 : ALPHA * Math.exp(x)),
  plateaus: () => flatBelow(-3.9170355472516905),
};
