import { rareKernels } from '../rareModule.ts';
import {
  defineRule,
  flag,
  fraction,
  positive,
  type Slot,
  SMALLEST_MEAN,
  SMALLEST_SQUARE,
  smallTerm,
} from './rule.ts';

/** The mean gradient counts by its square only: below this, that square is less than its own rounding, or than epsilon's. */
const SMALLEST_CENTRE = 1e-15;

/** Keras' form; see `assembly/rare/rmsprop.ts`. */
export const rmsprop = defineRule({
  name: 'rmsprop',
  builder: 'RMSprop',
  title: 'RMSprop (Tieleman & Hinton 2012; centred: Graves 2013)',
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
    rareKernels(heap.memory).rmspropAll(
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
