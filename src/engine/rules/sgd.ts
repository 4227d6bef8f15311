import { defineRule, flag, fraction, positive, type ReferenceStep, SMALLEST_MEAN } from './rule.ts';

/** Keras' form; see `assembly/sgd.ts`. */
export const sgd = defineRule({
  name: 'sgd',
  builder: 'SGD',
  options: { learningRate: positive(0.01), momentum: fraction(0), nesterov: flag(false) },
  slots: ({ momentum }) => (momentum > 0 ? [{ fades: { factor: momentum, below: SMALLEST_MEAN } }] : []),
  step({ kernels }, { learningRate, momentum, nesterov }, { w, first, g, count }) {
    kernels.sgdAll(w, first, g, count, learningRate, momentum, Number(nesterov));
  },
});

export const sgdWords =
  'stochastic gradient descent (Robbins & Monro 1951; momentum: Polyak 1964, Nesterov 1983)';

export const sgdReference: ReferenceStep<typeof sgd> = ({ learningRate, momentum, nesterov }, g, slots) => {
  const velocity = momentum * (slots[0] ?? 0) - learningRate * g;
  if (momentum > 0) slots[0] = velocity;
  return nesterov ? momentum * velocity - learningRate * g : velocity;
};
