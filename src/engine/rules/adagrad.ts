import { rareKernels } from '../rareModule.ts';
import { defineRule, notNegative, positive, smallTerm } from './rule.ts';

/** Keras' form; see `assembly/rare/adagrad.ts`. */
export const adagrad = defineRule({
  name: 'adagrad',
  builder: 'Adagrad',
  title: 'Adagrad (Duchi, Hazan & Singer 2011)',
  options: {
    learningRate: positive(0.001),
    initialAccumulatorValue: notNegative(0.1),
    epsilon: smallTerm(1e-7),
  },
  slots: ({ initialAccumulatorValue }) => [{ initial: initialAccumulatorValue }],
  step({ heap }, { learningRate, epsilon }, { w, first, g, count }) {
    rareKernels(heap.memory).adagradAll(w, first, g, count, learningRate, epsilon);
  },
});
