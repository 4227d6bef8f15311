import type { ReferenceParameter } from './op.ts';

/** Weights of zero, without penalties unless given. */
export function referenceParameter(size: number, l1 = 0, l2 = 0): ReferenceParameter {
  return { weights: new Float64Array(size), gradient: new Float64Array(size), l1, l2 };
}
