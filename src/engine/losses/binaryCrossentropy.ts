import { flag } from '../rules/rule.ts';
import { type LossFamily, withOutputs } from './family.ts';

/** The mean over the outputs of −t ln p − (1 − t) ln(1 − p), p = sigmoid(z); see `assembly/binaryCrossEntropy.ts`. */
export const binaryCrossentropy: LossFamily = {
  title: 'binary cross-entropy',
  options: { fromLogits: flag(false) },
  labels: 'unitInterval',
  takes: 'sigmoid',
  run(context, batch, { fromLogits }) {
    const { z, t, d, count, width, stride, scale, losses } = batch;
    withOutputs(context, batch, fromLogits, (y) => {
      context.kernels.binaryCrossEntropy(z, t, y, d, count, width, stride, scale / width, losses);
    });
  },
};
