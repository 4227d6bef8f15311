import { classOf, largestAt, type MetricBatch, type MetricSetting, targetAt } from './metric.ts';

/** Of one class or label: weights of the rows, by what they are and what they were taken for. */
export interface ClassCount {
  truePositives: number;
  falsePositives: number;
  falseNegatives: number;
  /** Of labels only. */
  trueNegatives: number;
}

/**
 * Counts rows for each output. `'classes'`: a row is taken for its largest output, the first of equals. `'labels'`: label j is taken to hold
 * where output j is above 1/2 (above 0 for logits), and holds where its target is above 1/2.
 */
export class ClassCounts {
  readonly counts: readonly ClassCount[];
  readonly #setting: MetricSetting;

  constructor(setting: MetricSetting) {
    this.#setting = setting;
    this.counts = Array.from({ length: setting.width }, () => ({
      truePositives: 0,
      falsePositives: 0,
      falseNegatives: 0,
      trueNegatives: 0,
    }));
  }

  update({ targets, outputs, count, weights }: MetricBatch): void {
    const { task, width, logits } = this.#setting;
    const threshold = logits ? 0 : 0.5;
    for (let s = 0; s < count; s++) {
      const weight = weights?.[s] ?? 1;
      if (task === 'classes') {
        const [actual, taken] = [classOf(targets, s, width), largestAt(outputs, s, width)];
        if (actual === taken) this.counts[actual].truePositives += weight;
        else {
          this.counts[actual].falseNegatives += weight;
          this.counts[taken].falsePositives += weight;
        }
        continue;
      }
      for (let j = 0; j < width; j++) {
        const holds = targetAt(targets, s, j, width) > 0.5;
        const taken = outputs[s * width + j] > threshold;
        const kind = holds
          ? (['falseNegatives', 'truePositives'] as const)
          : (['trueNegatives', 'falsePositives'] as const);
        this.counts[j][kind[Number(taken)]] += weight;
      }
    }
  }
}
