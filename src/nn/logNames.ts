import type { FitOptions } from './fitOptions.ts';
import type { Model } from './model.ts';

/** What `fit` reports of every epoch. */
export function logNames(model: Model, { validationData, validationSplit }: FitOptions): string[] {
  const own = ['loss', ...model.objective.names];
  return validationData || validationSplit !== undefined
    ? [...own, ...own.map((name) => `val_${name}`)]
    : own;
}
