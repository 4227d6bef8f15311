import { describe } from '../../util/describe.ts';
import { DactylError } from '../../util/errors.ts';
import { checkOptions, requireArray } from '../../util/options.ts';
import { resolveName } from '../names.ts';
import { Accuracy } from './accuracy.ts';
import { AUC } from './auc.ts';
import { BalancedAccuracy } from './balancedAccuracy.ts';
import { F1Score } from './f1Score.ts';
import { MeanAbsoluteError } from './meanAbsoluteError.ts';
import { MeanSquaredError } from './meanSquaredError.ts';
import type { Metric, MetricSetting, MetricSpec } from './metric.ts';
import { type MetricFunction, ownMetric } from './ownMetric.ts';
import { Precision } from './precision.ts';
import { Recall } from './recall.ts';
import { RootMeanSquaredError } from './rootMeanSquaredError.ts';
import { TopKAccuracy } from './topKAccuracy.ts';

/** One of the family: its builder, and the options of its plain data. */
interface MetricKind {
  readonly builder: (...values: never[]) => Metric;
  readonly options: readonly string[];
  readonly make: (options: never) => Metric;
}

/** Every metric by its name. */
export const METRICS = {
  accuracy: { builder: Accuracy, options: [], make: Accuracy },
  topKAccuracy: {
    builder: TopKAccuracy,
    options: ['k'],
    make: ({ k }: { k?: number }) => TopKAccuracy(k),
  },
  balancedAccuracy: { builder: BalancedAccuracy, options: [], make: BalancedAccuracy },
  precision: { builder: Precision, options: ['average'], make: Precision },
  recall: { builder: Recall, options: ['average'], make: Recall },
  f1Score: { builder: F1Score, options: ['average'], make: F1Score },
  auc: { builder: AUC, options: [], make: AUC },
  meanSquaredError: { builder: MeanSquaredError, options: [], make: MeanSquaredError },
  meanAbsoluteError: { builder: MeanAbsoluteError, options: [], make: MeanAbsoluteError },
  rootMeanSquaredError: { builder: RootMeanSquaredError, options: [], make: RootMeanSquaredError },
} as const satisfies Record<string, MetricKind>;

export type MetricName = keyof typeof METRICS;

/** What `compile` takes as a metric: a name, what a builder such as `Precision()` returned, its `spec`, or one's own function. */
export type MetricOption = MetricName | (string & {}) | Exclude<MetricSpec, string> | Metric | MetricFunction;

/** Throws E_ARGUMENT for what is no metric, with the nearest name. */
export function resolveMetric(option: MetricOption): Metric {
  if (typeof option === 'function') {
    const isBuilder = Object.values(METRICS).some(({ builder }) => (builder as unknown) === option);
    if (!isBuilder) return ownMetric(option);
    throw new DactylError(
      'E_ARGUMENT',
      `metrics: expected a metric; received the function ${option.name} that makes one. Call it: ${option.name}().`,
    );
  }
  if (typeof option !== 'object' || option === (null as unknown)) return metricOf(option, {});
  if ('create' in option) return option;
  if (typeof (option as { name?: unknown }).name === 'string') {
    const { name, ...options } = option;
    return metricOf(name, options);
  }
  throw new DactylError(
    'E_ARGUMENT',
    `metrics: expected a name (${Object.keys(METRICS).join(', ')}), a metric such as Precision(), or a function (targets, outputs) => number; received ${describe(option)}.`,
  );
}

function metricOf(name: unknown, options: object): Metric {
  const key = resolveName('metric', METRICS, name);
  const { options: known, make }: MetricKind = METRICS[key];
  checkOptions(`The metric ${key}`, known, options);
  return make(options as never);
}

/**
 * All of a model's metrics, for outputs of `setting`. Throws E_ARGUMENT for one that is unknown, that does not fit the loss (which `loss` names), or
 * whose name in the logs is taken.
 */
export function resolveMetrics(
  options: readonly MetricOption[],
  setting: MetricSetting,
  loss: string,
): readonly Metric[] {
  requireArray('metrics', options);
  const metrics = options.map(resolveMetric);
  const taken = new Set(['loss', 'epoch', 'batch', 'size', 'learning_rate']);
  for (const metric of metrics) {
    const reason = metric.fits(setting);
    if (reason !== undefined) {
      throw new DactylError(
        'E_ARGUMENT',
        `The metric ${metric.name} does not fit the loss ${loss}: ${reason}.`,
      );
    }
    for (const name of metric.names(setting)) {
      if (name in Object.prototype) {
        throw new DactylError(
          'E_ARGUMENT',
          `metrics: expected a name that not every object has; received ${name}. Rename the function.`,
        );
      }
      if (taken.has(name) || name.startsWith('val_')) {
        throw new DactylError(
          'E_ARGUMENT',
          `metrics: expected names that logs do not have yet; received ${name}${taken.has(name) ? ' twice, or it is one of the logs themselves' : ', which is kept for validation'}. Leave one out or rename the function.`,
        );
      }
      taken.add(name);
    }
  }
  return metrics;
}

/** Whether more of a value in the logs is better, `val_…` or not; undefined where its name does not say. */
export function directionOfLog(log: string): 'max' | 'min' | undefined {
  const name = log.replace(/^val_/, '');
  if (name === 'loss') return 'min';
  for (const kind of Object.keys(METRICS)) {
    const metric = metricOf(kind, {});
    const stem = metric.name.replace(/_5$/, '');
    if (name === stem || (name.startsWith(`${stem}_`) && /_(\d+|micro|weighted)$/.test(name))) {
      return metric.direction;
    }
  }
  return undefined;
}
