import { type Address, rareKernels } from '../rareModule.ts';
import { defineRule, notNegative, positive, type ReferenceStep, smallTerm } from './rule.ts';

/** `assembly/rare/adagrad.ts` */
interface Kernels {
  adagradAll(w: Address, v: Address, g: Address, count: number, rate: number, epsilon: number): void;
}

/** Keras' form; see `assembly/rare/adagrad.ts`. */
export const adagrad = defineRule({
  name: 'adagrad',
  builder: 'Adagrad',
  options: {
    learningRate: positive(0.001),
    initialAccumulatorValue: notNegative(0.1),
    epsilon: smallTerm(1e-7),
  },
  slots: ({ initialAccumulatorValue }) => [{ initial: initialAccumulatorValue }],
  step({ heap }, { learningRate, epsilon }, { w, first, g, count }) {
    rareKernels<Kernels>(heap.memory).adagradAll(w, first, g, count, learningRate, epsilon);
  },
});

export const adagradWords = 'Adagrad (Duchi, Hazan & Singer 2011)';

export const adagradReference: ReferenceStep<typeof adagrad> = ({ learningRate, epsilon }, g, slots) => {
  slots[0] += g * g;
  return (-learningRate * g) / Math.sqrt(slots[0] + epsilon);
};
