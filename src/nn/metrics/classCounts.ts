import type { Steps } from '../../util/steps.ts';
import { classOf, columns, largestAt, type MetricBatch, type MetricSetting, targetAt } from './metric.ts';

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
  /** [width][what it is][what it was taken for], 1 where it is or was taken for the class. */
  readonly #counts: Float64Array;

  constructor(setting: MetricSetting) {
    this.#setting = setting;
    this.#counts = new Float64Array(4 * setting.width);
  }

  *update({ targets, outputs, count, weights }: MetricBatch): Steps<void> {
    const { task, width, logits } = this.#setting;
    const threshold = logits ? 0 : 0.5;
    const counts = this.#counts;
    for (let s = 0; s < count; s++) {
      const weight = weights?.[s] ?? 1;
      if (task === 'classes') {
        const actual = yield* classOf(targets, s, width);
        const taken = yield* largestAt(outputs, s, width);
        counts[4 * actual + 2 + Number(actual === taken)] += weight;
        if (actual !== taken) counts[4 * taken + 1] += weight;
        continue;
      }
      yield* columns(width, (from, to) => {
        for (let j = from; j < to; j++) {
          const holds = Number(targetAt(targets, s, j, width) > 0.5);
          counts[4 * j + 2 * holds + Number(outputs[s * width + j] > threshold)] += weight;
        }
      });
    }
  }

  /** What is known of each class so far, in their order. */
  each(visit: (count: ClassCount, j: number) => void): Steps<void> {
    const counts = this.#counts;
    return columns(this.#setting.width, (from, to) => {
      for (let j = from; j < to; j++) {
        const at = 4 * j;
        visit([counts[at], counts[at + 1], counts[at + 2], counts[at + 3]], j);
      }
    });
  }
}
