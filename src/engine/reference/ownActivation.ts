import type { OwnActivationSpec } from '../ops/ownActivation.ts';
import type { ReferenceOp } from './op.ts';

export function referenceOwnActivation({
  functions: { forward, derivative },
}: OwnActivationSpec): ReferenceOp {
  let inputs: readonly Float64Array[] = [];
  return {
    parameters: [],
    statistics: [],
    forward(x) {
      inputs = x;
      return x.map((row) => row.map(forward));
    },
    backward: (dy) =>
      dy.map((row, s) => row.map((d, j) => d * derivative(inputs[s][j], forward(inputs[s][j])))),
  };
}
