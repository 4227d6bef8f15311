import { DenseOp } from './denseOp.ts';
import type { DropoutOp } from './dropoutOp.ts';

/** From a dense layer's outputs back to those of the dense layer below it. */
export interface BackwardStep {
  readonly above: DenseOp;
  readonly dropouts: readonly DropoutOp[];
  readonly below: DenseOp;
}

/** Each layer that has one below it, last first. */
export function backwardSteps(ops: readonly (DenseOp | DropoutOp)[]): BackwardStep[] {
  const places = ops.flatMap((op, place) => (op instanceof DenseOp ? [place] : []));
  const steps = places.slice(1).map((place, k) => ({
    above: ops[place] as DenseOp,
    dropouts: ops.slice(places[k] + 1, place).reverse() as DropoutOp[],
    below: ops[places[k]] as DenseOp,
  }));
  return steps.reverse();
}
