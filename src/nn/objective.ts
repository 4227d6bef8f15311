import type { Targets } from '../engine/engine.ts';
import type { LossRule } from '../engine/loss.ts';
import { LOSS_RULES, type LossSpec } from '../engine/losses/losses.ts';
import { DactylError } from '../util/errors.ts';
import type { Steps } from '../util/steps.ts';
import type { Tensor } from '../util/tensor.ts';
import { type Loss, resolveLoss } from './losses.ts';
import type { Metric, MetricSetting } from './metrics/metric.ts';
import { type MetricOption, resolveMetrics } from './metrics/metrics.ts';
import { metricSetting } from './metrics/setting.ts';

/** What a model trains towards and is measured by, worked out by `compile`. */
export interface Objective {
  /** The loss as data: its name alone where no option is given; a function of one's own as it is. */
  readonly loss: Loss;
  readonly rule: LossRule;
  readonly metrics: readonly Metric[];
  readonly setting: MetricSetting;
  /** Names of the metrics in the logs, in order. */
  readonly names: readonly string[];
  /** Labels → what the engine compares with, checked. */
  targets(labels: Tensor, outputs: number): Steps<Targets>;
}

/** E_ARGUMENT where the loss does not fit the last activation, or a metric the loss. */
export function objectiveOf(
  loss: Loss,
  metrics: readonly MetricOption[],
  { activation, outputs }: { readonly activation: string; readonly outputs: number },
): Objective {
  const { given, rule, targets } = resolveLoss(loss);
  const own = typeof given === 'function';
  const spec: Partial<LossSpec> = typeof given === 'object' ? given : {};
  const family = own ? undefined : LOSS_RULES[rule.name as keyof typeof LOSS_RULES];
  if (rule.takes !== undefined && rule.takes !== activation) {
    throw new DactylError(
      'E_ARGUMENT',
      `compile: ${rule.name} expects ${rule.takes} as the last layer's activation; received ${activation}. For logits of a linear layer: { name: '${rule.name}', fromLogits: true }.`,
    );
  }
  if (spec.fromLogits && activation !== 'linear') {
    throw new DactylError(
      'E_ARGUMENT',
      `compile: ${rule.name} from logits expects a linear last layer; received ${activation}. Leave fromLogits out, or the activation.`,
    );
  }
  const byActivation =
    activation === 'softmax' ? 'class' : activation === 'sigmoid' ? 'unitInterval' : 'number';
  const setting = metricSetting(family?.labels ?? byActivation, outputs, spec.fromLogits === true);
  const resolved = resolveMetrics(metrics, setting, rule.name);
  return {
    loss: given,
    rule,
    metrics: resolved,
    setting,
    names: resolved.flatMap((metric) => [...metric.names(setting)]),
    targets,
  };
}
