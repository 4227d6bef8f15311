import { type Address, rareKernels } from '../rareModule.ts';
import { defineRule, fraction, option, positive, type ReferenceStep } from './rule.ts';

/** `assembly/rare/lion.ts` */
interface Kernels {
  lionAll(
    w: Address,
    m: Address,
    g: Address,
    count: number,
    rate: number,
    beta1: number,
    rest1: number,
    beta2: number,
    rest2: number,
  ): void;
}

/** Keras' form; see `assembly/rare/lion.ts`, which says why its slot does not fade here. */
export const lion = defineRule({
  name: 'lion',
  builder: 'Lion',
  options: {
    learningRate: positive(0.001),
    beta1: option(0.9, 'in (0, 1]', (x) => x > 0 && x <= 1),
    beta2: fraction(0.99),
  },
  slots: () => [{}],
  step({ heap }, { learningRate, beta1, beta2 }, { w, first, g, count }) {
    rareKernels<Kernels>(heap.memory).lionAll(
      w,
      first,
      g,
      count,
      learningRate,
      beta1,
      1 - beta1,
      beta2,
      1 - beta2,
    );
  },
});

export const lionWords = 'Lion (Chen et al. 2023)';

export const lionReference: ReferenceStep<typeof lion> = ({ learningRate, beta1, beta2 }, g, slots) => {
  const direction = Math.sign(beta1 * slots[0] + (1 - beta1) * g);
  slots[0] = beta2 * slots[0] + (1 - beta2) * g;
  return -learningRate * direction;
};
