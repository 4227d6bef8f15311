import {
  defineRule,
  fraction,
  positive,
  type ReferenceStep,
  SMALLEST_MEAN,
  SMALLEST_SQUARE,
  smallTerm,
} from './rule.ts';

/** Keras' form; `assembly/adam.ts` says how it is computed. */
export const adam = defineRule({
  name: 'adam',
  builder: 'Adam',
  options: {
    learningRate: positive(0.001),
    beta1: fraction(0.9),
    beta2: fraction(0.999),
    epsilon: smallTerm(1e-7),
  },
  slots: ({ beta1, beta2 }) => [
    { fades: { factor: beta1, below: SMALLEST_MEAN } },
    { fades: { factor: beta2, below: SMALLEST_SQUARE } },
  ],
  bases: ({ beta1, beta2 }) => [beta1, beta2],
  scale({ learningRate, beta1, beta2, epsilon }, [power1, power2]) {
    const root = Math.sqrt(1 - beta2);
    return {
      alpha: (learningRate * Math.sqrt(1 - power2) * (1 - beta1)) / ((1 - power1) * root),
      epsilon: epsilon / root,
    };
  },
  step({ kernels }, { beta1, beta2 }, { w, first, second, g, count }, { alpha, epsilon }) {
    kernels.adamAll(w, first, second, g, count, beta1, beta2, alpha, epsilon);
  },
});

export const adamWords = 'Adam (Kingma & Ba 2015)';

export const adamReference: ReferenceStep<typeof adam> = (
  { learningRate, beta1, beta2, epsilon },
  g,
  slots,
  t,
) => {
  slots[0] = beta1 * slots[0] + (1 - beta1) * g;
  slots[1] = beta2 * slots[1] + (1 - beta2) * g * g;
  const alpha = (learningRate * Math.sqrt(1 - beta2 ** t)) / (1 - beta1 ** t);
  return (-alpha * slots[0]) / (Math.sqrt(slots[1]) + epsilon);
};
