import { type Activation, type Curve, flatBelow } from './activation.ts';
import { sigmoidCurve } from './sigmoid.ts';

/** y = x / (1 + e⁻ˣ) (Hendrycks & Gimpel 2016; Ramachandran, Zoph & Le 2017: swish). */
export const silu = { zeroAtZero: true, needsInput: true, rises: false } as const satisfies Activation;

const sigmoid = (x: number): number => sigmoidCurve.f(x, 0);

export const siluCurve: Curve = {
  title: 'SiLU',
  f: (x) => x * sigmoid(x),
  df: (x) => sigmoid(x) * (1 + x * (1 - sigmoid(x))),
  plateaus: () => flatBelow(-5.2594114635577975),
};
