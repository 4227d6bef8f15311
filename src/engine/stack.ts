import { isSteps, type Steps } from '../util/steps.ts';
import type { Context } from './context.ts';
import { type Op, type Outputs, type Place, readAs, type Step } from './op.ts';
import type { Optimizer } from './optimizer.ts';
import type { Parameter } from './parameter.ts';
import type { BatchInputs } from './rows.ts';

/** An op of a network, with what of it is trained. */
export interface Stage {
  readonly op: Op;
  readonly kind: string;
  /** Among the ops that are no activations, from 0: names what is saved of it. */
  readonly number: number;
  /** None of a frozen op. */
  readonly trained: readonly Parameter[];
  /** Stages right below whose work its op does, too. */
  readonly covers: number;
}

/** What runs as one in a pass through all stages: a stage, or one with those that it covers. */
export interface Unit {
  readonly op: Op;
  readonly trained: readonly Parameter[];
  /** Numbers of its stages. */
  readonly first: number;
  readonly last: number;
}

/** The ops of the steps, from below upwards. */
export function stack(context: Context, inputs: Outputs, steps: readonly Step[]): Stage[] {
  const stages: Stage[] = [];
  const counts = new Map<string, number>();
  const places: Place[] = [];
  let lowest = true;
  let number = 0;
  /** The step since which each reads the shape that the one below has written. */
  let since = 0;
  steps.forEach(({ spec, create, fuse, input, trainable = true }, i) => {
    const index = counts.get(spec.kind) ?? 0;
    counts.set(spec.kind, index + 1);
    const under = stages.at(-1)?.op;
    const written = under?.out ?? inputs;
    const below = input ? readAs(written, input) : written;
    if (String(below.shape) !== String(written.shape)) since = i;
    const place = {
      context,
      below,
      shape: below.shape,
      mayOverwrite: under !== undefined && !under.readsOutputs,
      lowest,
      index,
    };
    places.push(place);
    const fusion = fuse?.(steps.slice(since, i));
    const covers = fusion?.steps ?? 0;
    const covered = stages.slice(i - covers).map(({ op }) => op);
    const op = fusion ? fusion.create(places[i - covers], covered) : create(place);
    const trained = trainable ? op.parameters : [];
    if (trained.length > 0) lowest = false;
    stages.push({ op, kind: spec.kind, number, trained, covers });
    number += Number(spec.kind !== 'activation');
  });
  return stages;
}

/** From below upwards. */
export function unitsOf(stages: readonly Stage[]): Unit[] {
  const units: Unit[] = [];
  for (let last = stages.length - 1; last >= 0; last = units[0].first - 1) {
    const { op, covers } = stages[last];
    const first = last - covers;
    units.unshift({
      op,
      trained: stages.slice(first, last + 1).flatMap(({ trained }) => trained),
      first,
      last,
    });
  }
  return units;
}

/** Leaves the gradients, with penalties, in their places. */
export function* computeGradients({ op, trained }: Unit, x: BatchInputs, count: number): Steps<void> {
  const steps = op.gradients!(x, count);
  if (isSteps(steps)) yield* steps;
  for (const parameter of trained) yield* parameter.addPenaltyGradient();
}

/** Takes the optimizer's step with these gradients. */
export function* update({ op, trained }: Unit, optimizer: Optimizer): Steps<void> {
  for (const parameter of trained) {
    yield* optimizer.update(parameter);
    yield* parameter.changed();
  }
  op.optimizerChanged?.(false);
}
