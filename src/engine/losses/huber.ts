import { positive } from '../rules/rule.ts';
import { errorsOf, type LossFamily, type ReferenceLoss } from './family.ts';

/** Huber's loss (1964): the mean over the outputs of e² / 2 where |e| <= delta and delta |e| − delta² / 2 beyond, e = y − t; see `assembly/errors.ts`. */
export const huber: LossFamily = {
  options: { delta: positive(1) },
  labels: 'number',
  run: (context, batch, { delta }) => {
    errorsOf(context, batch, delta);
  },
};

export const huberReference: ReferenceLoss = (y, t, { delta }) => {
  const loss = (e: number): number => (e <= delta ? (e * e) / 2 : delta * e - (delta * delta) / 2);
  return {
    loss: y.reduce((sum, x, j) => sum + loss(Math.abs(x - t[j])), 0) / y.length,
    gradient: y.map((x, j) => Math.max(-delta, Math.min(delta, x - t[j])) / y.length),
  };
};
