import type { See, Targets } from '../engine/engine.ts';
import { atOnce, isSteps, type Steps } from '../util/steps.ts';
import type { MetricState } from './metrics/metric.ts';
import type { Objective } from './objective.ts';

/** Outputs, of which a metric takes some nanoseconds for each; a row by itself takes as long as so many. */
const SEEN_AT_A_TIME = 1 << 17;
const ROW = 8;

/** Adds up an objective's metrics over batches. Accuracy of classes is counted by the kernels; the others are shown the outputs. */
export class Meter {
  readonly #objective: Objective;
  #states: (MetricState | undefined)[] = [];

  constructor(objective: Objective) {
    this.#objective = objective;
    this.restart();
  }

  restart(): void {
    const { metrics, setting } = this.#objective;
    this.#states = metrics.map((metric) =>
      isCounted(this.#objective, metric.name) ? undefined : metric.create(setting),
    );
  }

  /** Whether the kernels count rows that are right. */
  get countsClasses(): boolean {
    return this.#objective.setting.task === 'classes';
  }

  /** Whether the outputs of each batch have to be shown. */
  get looks(): boolean {
    return this.#states.some((state) => state !== undefined);
  }

  /** For the engine, which shows it the outputs of rows of `targets`; nothing where no metric has to be shown them. */
  showing(targets: Targets): { readonly see?: See } {
    if (!this.looks) return {};
    return {
      see: (batch, outputs) => {
        const { width } = this.#objective.setting;
        const states = this.#states.filter((state) => state !== undefined);
        const whole = states.some((state) => state.wholeBatches);
        const rows = whole ? batch.length : Math.ceil(SEEN_AT_A_TIME / (width + ROW));
        return (function* () {
          for (let from = 0; from < batch.length; from += rows) {
            const own = batch.subarray(from, from + rows);
            const seen = {
              targets: chosen(targets, own, width),
              outputs: outputs.subarray(from * width, (from + rows) * width),
              count: own.length,
            };
            for (const state of states) {
              yield;
              const steps = state.update(seen);
              if (steps) yield* steps;
            }
          }
        })();
      },
    };
  }

  /** By their names in the logs; `accuracy`: what the kernels counted. */
  results(accuracy: number): Record<string, number> {
    return atOnce(this.resultsInSteps(accuracy));
  }

  *resultsInSteps(accuracy: number): Steps<Record<string, number>> {
    const { metrics, setting } = this.#objective;
    const results: Record<string, number> = {};
    for (const [k, metric] of metrics.entries()) {
      const state = this.#states[k];
      const given = state?.result() ?? [accuracy];
      const values = isSteps(given) ? yield* given : given;
      metric.names(setting).forEach((name, place) => (results[name] = values[place]));
    }
    return results;
  }
}

/** Whether a metric is the share of rows that `BatchResult.correct` counts. */
function isCounted({ setting }: Pick<Objective, 'setting'>, name: string): boolean {
  return name === 'accuracy' && setting.task === 'classes';
}

/** The targets of these rows, in their order. */
function chosen(targets: Targets, batch: Uint32Array, width: number): Targets {
  if (targets.kind === 'classes') {
    return { kind: 'classes', classes: Int32Array.from(batch, (row) => targets.classes[row]) };
  }
  // Millions of them are not copied.
  const [row] = batch;
  const all = targets.values as Partial<Float32Array> & ArrayLike<number>;
  if (batch.length === 1 && all.subarray)
    return { kind: 'values', values: all.subarray(row * width, (row + 1) * width) };
  const values = new Float64Array(batch.length * width);
  batch.forEach((row, s) => {
    for (let j = 0; j < width; j++) values[s * width + j] = all[row * width + j];
  });
  return { kind: 'values', values };
}
