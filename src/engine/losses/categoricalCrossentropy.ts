import { flag } from '../rules/rule.ts';
import { type LossFamily, withOutputs } from './family.ts';

/** −Σ t_j ln p_j in nats, p = softmax(z); see `assembly/softmaxCrossEntropy.ts`. */
export const categoricalCrossentropy: LossFamily = {
  title: 'categorical cross-entropy',
  options: { fromLogits: flag(false) },
  labels: 'probability',
  takes: 'softmax',
  run(context, batch, { fromLogits }) {
    const { z, t, d, count, width, stride, scale, losses } = batch;
    withOutputs(context, batch, fromLogits, (p) => {
      context.kernels.softmaxCrossEntropy(z, t, p, d, count, width, stride, scale, losses);
    });
  },
};

/** The same of class numbers, which become rows with a single 1. */
export const sparseCategoricalCrossentropy: LossFamily = {
  ...categoricalCrossentropy,
  title: 'categorical cross-entropy of class numbers',
  labels: 'class',
};
