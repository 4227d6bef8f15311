import type { Network, Rows, Sums, Targets } from '../engine/engine.ts';
import { DactylError } from '../util/errors.ts';
import { atOnce, inSteps, type Steps } from '../util/steps.ts';
import type { LabelledBatch } from './batches.ts';
import type { Breathe } from './breather.ts';
import { Meter } from './meter.ts';
import { type Evaluation, type Model, UNUSABLE } from './model.ts';
import type { Objective } from './objective.ts';

/** Loss and metrics of all rows. */
export function evaluateRows(
  network: Network,
  objective: Objective,
  rows: Rows,
  targets: Targets,
): Evaluation {
  const total = new Total(network, objective);
  total.addAtOnce(rows, targets);
  return total.evaluation();
}

/** The same numbers; `breathe` is asked again and again whether others should have a turn. */
export async function evaluateRowsInTurns(
  network: Network,
  objective: Objective,
  rows: Rows,
  targets: Targets,
  breathe: Breathe,
): Promise<Evaluation> {
  const total = new Total(network, objective);
  await total.add(rows, targets, breathe);
  return inSteps(total.evaluationInSteps(), breathe);
}

/** Loss and metrics of a batch; others have a turn now and then. */
export async function evaluateInTurns(
  model: Model,
  batch: LabelledBatch,
  breathe: Breathe,
): Promise<Evaluation> {
  const targets = await inSteps(model.prepareTargets(...batch), breathe);
  const rows = await inSteps(model.prepareRows(batch[0]), breathe);
  try {
    const { network, objective } = model;
    return requireFiniteEvaluation(await evaluateRowsInTurns(network, objective, rows, targets, breathe));
  } finally {
    rows.dispose();
  }
}

/** Loss and metrics added up over rows. */
export class Total {
  readonly #network: Network;
  readonly #meter: Meter;
  #sums: Sums = { lossSum: 0, last: 0, before: 0, correct: 0 };
  #count = 0;

  constructor(network: Network, objective: Objective) {
    this.#network = network;
    this.#meter = new Meter(objective);
  }

  addAtOnce(rows: Rows, targets: Targets): void {
    this.#sums = this.#network.evaluate(rows, targets, this.#meter.showing(targets));
    this.#count = rows.count;
  }

  async add(rows: Rows, targets: Targets, breathe: Breathe): Promise<void> {
    const options = { onto: this.#sums, ...this.#meter.showing(targets) };
    this.#sums = await inSteps(this.#network.evaluateInSteps(rows, targets, options), breathe);
    this.#count += rows.count;
  }

  evaluation(): Evaluation {
    return atOnce(this.evaluationInSteps());
  }

  *evaluationInSteps(): Steps<Evaluation> {
    const accuracy = this.#sums.correct / this.#count;
    yield* this.#network.finishStep();
    return {
      loss: this.#sums.lossSum / this.#count + (yield* this.#network.penalty()),
      ...(this.#meter.countsClasses && { accuracy }),
      ...(yield* this.#meter.resultsInSteps(accuracy)),
    } as Evaluation;
  }
}

/** E_NUMERIC unless the loss is finite. */
export function requireFiniteEvaluation(evaluation: Evaluation): Evaluation {
  if (Number.isFinite(evaluation.loss)) return evaluation;
  throw new DactylError('E_NUMERIC', `evaluate: the loss is ${evaluation.loss}. ${UNUSABLE}`);
}
