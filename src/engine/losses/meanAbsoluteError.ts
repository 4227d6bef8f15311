import { errorsOf, type LossFamily, type ReferenceLoss } from './family.ts';

/** The mean over the outputs of |y − t|, with slope 0 at 0; see `assembly/errors.ts`. */
export const meanAbsoluteError: LossFamily = {
  options: {},
  labels: 'number',
  run: (context, batch) => {
    errorsOf(context, batch, 0);
  },
};

export const meanAbsoluteErrorReference: ReferenceLoss = (y, t) => ({
  loss: y.reduce((sum, x, j) => sum + Math.abs(x - t[j]), 0) / y.length,
  gradient: y.map((x, j) => Math.sign(x - t[j]) / y.length),
});
