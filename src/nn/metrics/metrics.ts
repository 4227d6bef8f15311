import { describe } from '../../util/describe.ts';
import { DactylError } from '../../util/errors.ts';
import { memberOf } from '../../util/members.ts';
import { checkOptions, requireArray } from '../../util/options.ts';
import { resolveName } from '../names.ts';
import { METRICS } from './members.ts';
import type { Metric, MetricKind, MetricSetting, MetricSpec } from './metric.ts';
import { type MetricFunction, ownMetric } from './ownMetric.ts';

export { METRICS };

export type MetricName = keyof typeof METRICS;

/** What `compile` takes as a metric: a name, what a builder such as `Precision()` returned, its `spec`, or one's own function. */
export type MetricOption = MetricName | (string & {}) | Exclude<MetricSpec, string> | Metric | MetricFunction;

/** Throws E_ARGUMENT for what is no metric, with the nearest name. */
export function resolveMetric(option: MetricOption): Metric {
  if (typeof option === 'function') {
    const isBuilder = Object.values<MetricKind | undefined>(METRICS).some(
      (kind) => (kind?.builder as unknown) === option,
    );
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
  const { options: known, make } = memberOf<MetricKind>('metric', METRICS, key);
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
    const stem = kind.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    if (name === stem || (name.startsWith(`${stem}_`) && /_(\d+|micro|weighted)$/.test(name))) {
      return stem.endsWith('_error') ? 'min' : 'max';
    }
  }
  return undefined;
}
