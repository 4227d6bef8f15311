import type { Network, Rows, Sums, Targets } from '../engine/engine.ts';
import { Meter } from './meter.ts';
import type { Evaluation } from './model.ts';
import type { Objective } from './objective.ts';

/** Rows between two looks at the clock: what the engine takes at a time. */
const ROWS_AT_A_TIME = 128;

/** Loss and metrics of all rows. */
export function evaluateRows(
  network: Network,
  objective: Objective,
  rows: Rows,
  targets: Targets,
): Evaluation {
  const meter = new Meter(objective);
  const sums = network.evaluate(rows, targets, seen(meter, targets));
  return evaluation(network, meter, rows, sums);
}

/** The same numbers; `breathe` is asked again and again whether others should have a turn. */
export async function evaluateRowsInTurns(
  network: Network,
  objective: Objective,
  rows: Rows,
  targets: Targets,
  breathe: () => Promise<void> | undefined,
): Promise<Evaluation> {
  const meter = new Meter(objective);
  let sums: Sums = { lossSum: 0, correct: 0 };
  for (let from = 0; from < rows.count; from += ROWS_AT_A_TIME) {
    const range = [from, Math.min(rows.count, from + ROWS_AT_A_TIME)] as const;
    sums = network.evaluate(rows, targets, { range, onto: sums, ...seen(meter, targets) });
    const pause = breathe();
    if (pause) await pause;
  }
  return evaluation(network, meter, rows, sums);
}

/** Outputs of all rows, [n][values], as `Network.predict` gives them. */
export async function predictInTurns(
  network: Network,
  rows: Rows,
  width: number,
  breathe: () => Promise<void> | undefined,
): Promise<Float32Array> {
  const outputs = new Float32Array(rows.count * width);
  for (let from = 0; from < rows.count; from += ROWS_AT_A_TIME) {
    const to = Math.min(rows.count, from + ROWS_AT_A_TIME);
    outputs.set(network.predict(rows, [from, to]), from * width);
    const pause = breathe();
    if (pause) await pause;
  }
  return outputs;
}

function seen(meter: Meter, targets: Targets): { see?: (batch: Uint32Array, outputs: Float32Array) => void } {
  if (!meter.looks) return {};
  return {
    see: (batch, outputs) => {
      meter.see(targets, batch, outputs);
    },
  };
}

function evaluation(network: Network, meter: Meter, rows: Rows, { lossSum, correct }: Sums): Evaluation {
  const accuracy = correct / rows.count;
  const results = meter.results(accuracy);
  return {
    loss: lossSum / rows.count + network.penalty(),
    ...(meter.countsClasses && { accuracy }),
    ...results,
  } as Evaluation;
}
