import { naturalLogarithm } from '../../util/logarithm.ts';
import { type Activation, type Curve, FLAT, flatBelow } from './activation.ts';

/** y = x where x > 0, else a (eˣ − 1) (Clevert, Unterthiner & Hochreiter 2016). */
export const elu = {
  zeroAtZero: true,
  rises: true,
  parameter: { option: 'alpha', usual: 1 },
} as const satisfies Activation;

export const eluCurve: Curve = {
  title: 'ELU',
  f: (x, a) => (x > 0 ? x : a * Math.expm1(x)),
  df: (x, a) => (x > 0 ? 1 : a * Math.exp(x)),
  plateaus: (a) => flatBelow(a <= FLAT ? 0 : naturalLogarithm((FLAT * Math.max(1, a)) / a)),
};
