import type { LossFamily } from '../../engine/losses/family.ts';
import type { MetricSetting } from './metric.ts';

const TASKS = {
  class: 'classes',
  probability: 'classes',
  unitInterval: 'labels',
  number: 'values',
} as const satisfies Record<LossFamily['labels'], MetricSetting['task']>;

/** What metrics are told of outputs that a loss of such `labels` compares, `width` a row. */
export function metricSetting(labels: LossFamily['labels'], width: number, logits: boolean): MetricSetting {
  return { task: TASKS[labels], width, logits };
}
