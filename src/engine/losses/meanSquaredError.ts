import { errorsOf, type LossFamily, type ReferenceLoss } from './family.ts';

/** The mean over the outputs of (y − t)²: twice Huber's without its bend; see `assembly/errors.ts`. */
export const meanSquaredError: LossFamily = {
  options: {},
  labels: 'number',
  run: (context, batch) => {
    errorsOf(context, batch, Infinity, 2);
  },
};

export const meanSquaredErrorReference: ReferenceLoss = (y, t) => ({
  loss: y.reduce((sum, x, j) => sum + (x - t[j]) * (x - t[j]), 0) / y.length,
  gradient: y.map((x, j) => (2 * (x - t[j])) / y.length),
});
