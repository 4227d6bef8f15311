import type { ActivationName } from '../../engine/activations.ts';
import { naturalLogarithm } from '../../util/logarithm.ts';

/** Where an activation is flat: at inputs z ≤ `below` and z ≥ `above`. */
export interface Plateaus {
  readonly below: number;
  readonly above: number;
}

/** A slope under this share of the activation's largest one counts as flat: 1 − .99², so that tanh is flat where |tanh z| ≥ .99. */
export const FLAT = 0.0199;

const both = (z: number): Plateaus => ({ below: -z, above: z });
const lower = (below: number): Plateaus => ({ below, above: Infinity });
const never: Plateaus = { below: -Infinity, above: Infinity };

const PLATEAUS = {
  linear: never,
  relu: lower(0),
  leakyRelu: lower(0),
  elu: lower(-3.9170355472516905),
  selu: lower(-3.9170355472516905),
  gelu: lower(-2.7414127913982553),
  silu: lower(-5.2594114635577975),
  softplus: lower(-3.8969348755446873),
  softsign: both(6.088812050083359),
  sigmoid: both(5.293304824724492),
  tanh: both(2.6466524123622457),
  softmax: null,
} as const satisfies Record<ActivationName, Plateaus | null>;

/**
 * The ends of an activation where |f′(z)| ≤ `FLAT` · max |f′|: both for tanh, sigmoid (outside .005 … .995) and softsign (beyond ±.859); the lower one for
 * the others, which for ReLU is z ≤ 0. GELU and SiLU also have no slope where they turn, which is not counted. Null for a softmax between
 * layers, whose units have no slope of their own. `parameter`: the negative slope of leakyRelu, alpha of elu.
 */
export function plateausOf(activation: ActivationName, parameter: number): Plateaus | null {
  if (activation === 'leakyRelu') return parameter > FLAT ? never : PLATEAUS.relu;
  if (activation === 'elu') {
    return lower(parameter <= FLAT ? 0 : naturalLogarithm((FLAT * Math.max(1, parameter)) / parameter));
  }
  return PLATEAUS[activation];
}
