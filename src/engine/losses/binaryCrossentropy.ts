import { flag } from '../rules/rule.ts';
import { type LossFamily, type ReferenceLoss, withOutputs } from './family.ts';

/** Binary cross-entropy: the mean over the outputs of −t ln p − (1 − t) ln(1 − p), p = sigmoid(z); see `assembly/binaryCrossEntropy.ts`. */
export const binaryCrossentropy: LossFamily = {
  options: { fromLogits: flag(false) },
  labels: 'unitInterval',
  takes: 'sigmoid',
  run(context, batch, { fromLogits }) {
    const { z, t, d, count, width, stride, scale, losses, part } = batch;
    withOutputs(context, batch, fromLogits, (y) => {
      context.kernels.binaryCrossEntropy(z, t, y, d, count, width, stride, scale / width, losses, ...part);
    });
  },
};

export const binaryCrossentropyReference: ReferenceLoss = (z, t) => ({
  loss:
    z.reduce((sum, x, j) => sum + Math.max(x, 0) - x * t[j] + Math.log1p(Math.exp(-Math.abs(x))), 0) /
    z.length,
  gradient: z.map((x, j) => (1 / (1 + Math.exp(-x)) - t[j]) / z.length),
});
