import { type Address, rareKernels } from '../rareModule.ts';
import {
  defineRule,
  flag,
  fraction,
  positive,
  type ReferenceStep,
  type Slot,
  SMALLEST_MEAN,
  SMALLEST_SQUARE,
  smallTerm,
} from './rule.ts';

/** The mean gradient counts by its square only: below this, that square is less than its own rounding, or than epsilon's. */
const SMALLEST_CENTRE = 1e-15;

/** `assembly/rare/rmsprop.ts` */
interface Kernels {
  rmspropAll(
    w: Address,
    v: Address,
    u: Address,
    n: Address,
    g: Address,
    count: number,
    rate: number,
    rho: number,
    rest: number,
    momentum: number,
    epsilon: number,
  ): void;
}

/** Keras' form; see `assembly/rare/rmsprop.ts`. */
export const rmsprop = defineRule({
  name: 'rmsprop',
  builder: 'RMSprop',
  options: {
    learningRate: positive(0.001),
    rho: fraction(0.9),
    momentum: fraction(0),
    epsilon: smallTerm(1e-7),
    centered: flag(false),
  },
  slots({ rho, momentum, centered }) {
    const slots: Slot[] = [{ fades: { factor: rho, below: SMALLEST_SQUARE } }];
    if (momentum > 0) slots.push({ fades: { factor: momentum, below: SMALLEST_MEAN } });
    if (centered) slots.push({ fades: { factor: rho, below: SMALLEST_CENTRE } });
    return slots;
  },
  step({ heap }, { learningRate, rho, momentum, epsilon, centered }, { w, first, second, third, g, count }) {
    const [velocity, mean] = momentum > 0 ? [second, third] : [0, second];
    const centre = centered ? mean : 0;
    rareKernels<Kernels>(heap.memory).rmspropAll(
      w,
      first,
      velocity,
      centre,
      g,
      count,
      learningRate,
      rho,
      1 - rho,
      momentum,
      epsilon,
    );
  },
});

export const rmspropWords = 'RMSprop (Tieleman & Hinton 2012; centred: Graves 2013)';

export const rmspropReference: ReferenceStep<typeof rmsprop> = (
  { learningRate, rho, momentum, epsilon, centered },
  g,
  slots,
) => {
  slots[0] = rho * slots[0] + (1 - rho) * g * g;
  const last = slots.length - 1;
  if (centered) slots[last] = rho * slots[last] + (1 - rho) * g;
  const variance = centered ? slots[0] - slots[last] ** 2 : slots[0];
  const change = (-learningRate * g) / Math.sqrt(variance + epsilon);
  return momentum > 0 ? (slots[1] = momentum * slots[1] + change) : change;
};
