import { defineRule, notNegative, positive, smallTerm } from './rule.ts';

/** Keras' form; see `assembly/adagrad.ts`. */
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
  step(kernels, { learningRate, epsilon }, { w, first, g, count }) {
    kernels.adagradAll(w, first, g, count, learningRate, epsilon);
  },
  reference({ learningRate, epsilon }, g, slots) {
    slots[0] += g * g;
    return (-learningRate * g) / Math.sqrt(slots[0] + epsilon);
  },
});
