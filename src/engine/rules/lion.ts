import { rareKernels } from '../rareModule.ts';
import { defineRule, fraction, option, positive } from './rule.ts';

/** Keras' form; see `assembly/rare/lion.ts`, which says why its slot does not fade here. */
export const lion = defineRule({
  name: 'lion',
  builder: 'Lion',
  title: 'Lion (Chen et al. 2023)',
  options: {
    learningRate: positive(0.001),
    beta1: option(0.9, 'in (0, 1]', (x) => x > 0 && x <= 1),
    beta2: fraction(0.99),
  },
  slots: () => [{}],
  step({ heap }, { learningRate, beta1, beta2 }, { w, first, g, count }) {
    rareKernels(heap.memory).lionAll(w, first, g, count, learningRate, beta1, 1 - beta1, beta2, 1 - beta2);
  },
});
