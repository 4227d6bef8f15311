import type { LossFamily, ReferenceLoss } from './family.ts';

/** The mean over the outputs of |y − t|, with slope 0 at 0; see `assembly/errors.ts`. */
export const meanAbsoluteError: LossFamily = {
  title: 'mean absolute error',
  options: {},
  labels: 'number',
  run({ kernels }, { z, t, d, count, width, stride, scale, losses }) {
    kernels.errors(z, t, d, count, stride, 0, scale / width, 1 / width, losses);
  },
};

export const meanAbsoluteErrorReference: ReferenceLoss = (y, t) => ({
  loss: y.reduce((sum, x, j) => sum + Math.abs(x - t[j]), 0) / y.length,
  gradient: y.map((x, j) => Math.sign(x - t[j]) / y.length),
});
