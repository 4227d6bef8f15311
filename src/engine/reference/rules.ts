import { adagradReference } from '../rules/adagrad.ts';
import { adamReference } from '../rules/adam.ts';
import { adamWReference } from '../rules/adamW.ts';
import { lionReference } from '../rules/lion.ts';
import { rmspropReference } from '../rules/rmsprop.ts';
import type { ReferenceStep } from '../rules/rule.ts';
import type { OptimizerName, OptimizerSpec, RULES } from '../rules/rules.ts';
import { sgdReference } from '../rules/sgd.ts';

/** Every optimizer in float64, by its name. */
const REFERENCE_RULES: { readonly [N in OptimizerName]: ReferenceStep<(typeof RULES)[N]> } = {
  adam: adamReference,
  sgd: sgdReference,
  adamW: adamWReference,
  rmsprop: rmspropReference,
  adagrad: adagradReference,
  lion: lionReference,
};

type AnyStep = (spec: OptimizerSpec, g: number, slots: number[], t: number) => number;

export function referenceStep(spec: OptimizerSpec, g: number, slots: number[], t: number): number {
  return (REFERENCE_RULES[spec.name] as AnyStep)(spec, g, slots, t);
}
