import { flag } from '../rules/rule.ts';
import { type LossFamily, type ReferenceLoss, withOutputs } from './family.ts';

/** Categorical cross-entropy, −Σ t_j ln p_j in nats, p = softmax(z); see `assembly/softmaxCrossEntropy.ts`. */
export const categoricalCrossentropy: LossFamily = {
  options: { fromLogits: flag(false) },
  labels: 'probability',
  passes: 3,
  takes: 'softmax',
  run(context, batch, { fromLogits }) {
    const { z, t, d, count, width, stride, scale, losses, part } = batch;
    withOutputs(context, batch, fromLogits, (p) => {
      context.kernels.softmaxCrossEntropy(z, t, p, d, count, width, stride, scale, losses, ...part);
    });
  },
};

/** The same of class numbers, which become rows with a single 1. */
export const sparseCategoricalCrossentropy: LossFamily = {
  ...categoricalCrossentropy,
  labels: 'class',
};

export const categoricalCrossentropyReference: ReferenceLoss = (z, t) => {
  const largest = z.reduce((a, b) => Math.max(a, b));
  const sum = z.reduce((total, x) => total + Math.exp(x - largest), 0);
  const mass = t.reduce((a, b) => a + b);
  return {
    loss: t.reduce((total, target, j) => total + target * (Math.log(sum) + largest - z[j]), 0),
    gradient: z.map((x, j) => (mass * Math.exp(x - largest)) / sum - t[j]),
  };
};
