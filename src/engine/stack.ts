import type { Context } from './context.ts';
import { type Op, type Outputs, readAs, type Step } from './op.ts';
import type { Parameter } from './parameter.ts';

/** An op of a network, with what of it is trained. */
export interface Stage {
  readonly op: Op;
  readonly kind: string;
  /** Among the ops that are no activations, from 0: names what is saved of it. */
  readonly number: number;
  /** None of a frozen op. */
  readonly trained: readonly Parameter[];
}

/** The ops of the steps, from below upwards. */
export function stack(context: Context, inputs: Outputs, steps: readonly Step[]): Stage[] {
  const stages: Stage[] = [];
  const counts = new Map<string, number>();
  let lowest = true;
  let number = 0;
  for (const { spec, create, input, trainable = true } of steps) {
    const index = counts.get(spec.kind) ?? 0;
    counts.set(spec.kind, index + 1);
    const under = stages.at(-1)?.op;
    const written = under?.out ?? inputs;
    const below = input ? readAs(written, input) : written;
    const op = create({
      context,
      below,
      shape: below.shape,
      mayOverwrite: under !== undefined && !under.readsOutputs,
      lowest,
      index,
    });
    const trained = trainable ? op.parameters : [];
    if (trained.length > 0) lowest = false;
    stages.push({ op, kind: spec.kind, number, trained });
    number += Number(spec.kind !== 'activation');
  }
  return stages;
}
