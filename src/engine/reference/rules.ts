import type { OptimizerName, OptimizerSpec, SpecOf } from '../rules/rules.ts';

/** Step `t` (from 1) of one weight, plainly and in float64: changes its slots and returns what is added to the weight. */
type ReferenceRule<N extends OptimizerName> = (
  spec: SpecOf<N>,
  g: number,
  slots: number[],
  t: number,
) => number;

/** Every optimizer in float64, by its name; decay and clipping come beside it. */
const REFERENCE_RULES: { readonly [N in OptimizerName]: ReferenceRule<N> } = {
  adam({ learningRate, beta1, beta2, epsilon }, g, slots, t) {
    slots[0] = beta1 * slots[0] + (1 - beta1) * g;
    slots[1] = beta2 * slots[1] + (1 - beta2) * g * g;
    const alpha = (learningRate * Math.sqrt(1 - beta2 ** t)) / (1 - beta1 ** t);
    return (-alpha * slots[0]) / (Math.sqrt(slots[1]) + epsilon);
  },
  sgd({ learningRate, momentum, nesterov }, g, slots) {
    const velocity = momentum * (slots[0] ?? 0) - learningRate * g;
    if (momentum > 0) slots[0] = velocity;
    return nesterov ? momentum * velocity - learningRate * g : velocity;
  },
  adamW: (spec, ...rest) => REFERENCE_RULES.adam({ ...spec, name: 'adam' }, ...rest),
  rmsprop({ learningRate, rho, momentum, epsilon, centered }, g, slots) {
    slots[0] = rho * slots[0] + (1 - rho) * g * g;
    const last = slots.length - 1;
    if (centered) slots[last] = rho * slots[last] + (1 - rho) * g;
    const variance = centered ? slots[0] - slots[last] ** 2 : slots[0];
    const change = (-learningRate * g) / Math.sqrt(variance + epsilon);
    return momentum > 0 ? (slots[1] = momentum * slots[1] + change) : change;
  },
  adagrad({ learningRate, epsilon }, g, slots) {
    slots[0] += g * g;
    return (-learningRate * g) / Math.sqrt(slots[0] + epsilon);
  },
  lion({ learningRate, beta1, beta2 }, g, slots) {
    const direction = Math.sign(beta1 * slots[0] + (1 - beta1) * g);
    slots[0] = beta2 * slots[0] + (1 - beta2) * g;
    return -learningRate * direction;
  },
};

export function referenceStep(spec: OptimizerSpec, g: number, slots: number[], t: number): number {
  return (REFERENCE_RULES[spec.name] as ReferenceRule<OptimizerName>)(spec, g, slots, t);
}
