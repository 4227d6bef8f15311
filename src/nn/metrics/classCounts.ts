import type { Steps } from '../../util/steps.ts';
import {
  classOf,
  COLUMNS,
  columns,
  largestAt,
  type MetricBatch,
  type MetricSetting,
  targetAt,
} from './metric.ts';

/** Of one class or label: weights of the rows, by what they are and what they were taken for. True negatives are counted of labels only. */
export type ClassCount = [
  trueNegatives: number,
  falsePositives: number,
  falseNegatives: number,
  truePositives: number,
];

/**
 * Counts rows for each output. `'classes'`: a row is taken for its largest output, the first of equals. `'labels'`: label j is taken to hold
 * where output j is above 1/2 (above 0 for logits), and holds where its target is above 1/2.
 */
export class ClassCounts {
  readonly #setting: MetricSetting;
  /** [COLUMNS][what it is][what it was taken for], 1 where it is or was taken for the class, of so many classes each, where there are any. Millions are neither taken from the system nor given back at once. */
  readonly #pages: Record<number, Float64Array> = {};

  constructor(setting: MetricSetting) {
    this.#setting = setting;
  }

  *update({ targets, outputs, count, weights }: MetricBatch): Steps<void> {
    const { task, width, logits } = this.#setting;
    const threshold = logits ? 0 : 0.5;
    for (let s = 0; s < count; s++) {
      const weight = weights?.[s] ?? 1;
      if (task === 'classes') {
        const actual = yield* classOf(targets, s, width);
        const taken = yield* largestAt(outputs, s, width);
        this.#pageOf(actual)[4 * (actual % COLUMNS) + 2 + Number(actual === taken)] += weight;
        if (actual !== taken) this.#pageOf(taken)[4 * (taken % COLUMNS) + 1] += weight;
      } else
        yield* columns(width, (from, to) => {
          const counts = this.#pageOf(from);
          for (let j = from; j < to; j++) {
            const holds = Number(targetAt(targets, s, j, width) > 0.5);
            counts[4 * (j - from) + 2 * holds + Number(outputs[s * width + j] > threshold)] += weight;
          }
        });
    }
  }

  /** What is known of each class so far, in their order. */
  each(visit: (count: ClassCount, j: number) => void): Steps<void> {
    return columns(this.#setting.width, (from, to) => {
      const counts = this.#pageOf(from);
      for (let j = from; j < to; j++) {
        const at = 4 * (j - from);
        visit([counts[at], counts[at + 1], counts[at + 2], counts[at + 3]], j);
      }
    });
  }

  #pageOf(j: number): Float64Array {
    const size = 4 * Math.min(COLUMNS, this.#setting.width);
    return (this.#pages[Math.floor(j / COLUMNS)] ??= new Float64Array(size));
  }
}
