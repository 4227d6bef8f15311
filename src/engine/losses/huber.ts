import { positive } from '../rules/rule.ts';
import type { LossFamily } from './family.ts';

/** The mean over the outputs of e² / 2 where |e| <= delta and delta |e| − delta² / 2 beyond, e = y − t; see `assembly/errors.ts`. */
export const huber: LossFamily = {
  title: 'Huber’s loss (1964)',
  options: { delta: positive(1) },
  labels: 'number',
  run({ kernels }, { z, t, d, count, width, stride, scale, losses }, { delta }) {
    kernels.errors(z, t, d, count, stride, delta, scale / width, 1 / width, losses);
  },
};
