import type { Steps } from '../../util/steps.ts';
import type { Metric, MetricBatch, MetricSetting, MetricState } from './metric.ts';
import { ratio } from './metric.ts';

/** Of one row of a batch. */
type RowValue = (batch: MetricBatch, row: number, setting: MetricSetting) => Steps<number>;

/** A metric that is a mean over rows, Σ weight · value / Σ weight, perhaps with something done to the mean. */
export function rowMean(
  about: Pick<Metric, 'spec' | 'name' | 'direction' | 'fits'>,
  value: RowValue,
  finish: (mean: number) => number = (mean) => mean,
): Metric {
  return {
    ...about,
    names: () => [about.name],
    create: (setting): MetricState => {
      let sum = 0;
      let weight = 0;
      return {
        *update(batch) {
          for (let s = 0; s < batch.count; s++) {
            const w = batch.weights?.[s] ?? 1;
            sum += w * (yield* value(batch, s, setting));
            weight += w;
          }
        },
        result: () => [finish(ratio(sum, weight))],
      };
    },
  };
}
