import type { LossFamily, ReferenceLoss } from './family.ts';

/** The mean over the outputs of (y − t)²: twice Huber's without its bend; see `assembly/errors.ts`. */
export const meanSquaredError: LossFamily = {
  title: 'mean squared error',
  options: {},
  labels: 'number',
  run({ kernels }, { z, t, d, count, width, stride, scale, losses }) {
    kernels.errors(z, t, d, count, stride, Infinity, (2 * scale) / width, 2 / width, losses);
  },
};

export const meanSquaredErrorReference: ReferenceLoss = (y, t) => ({
  loss: y.reduce((sum, x, j) => sum + (x - t[j]) * (x - t[j]), 0) / y.length,
  gradient: y.map((x, j) => (2 * (x - t[j])) / y.length),
});
