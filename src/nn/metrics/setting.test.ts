import { expect, test } from 'vitest';
import { LOSS_RULES } from '../../engine/losses/losses.ts';
import { resolveMetric } from './metrics.ts';
import { metricSetting } from './setting.ts';

test.each([
  ['sparseCategoricalCrossentropy', ['accuracy', 'topKAccuracy', 'auc', 'meanSquaredError'], []],
  ['categoricalCrossentropy', ['accuracy', 'topKAccuracy', 'f1Score'], []],
  ['binaryCrossentropy', ['accuracy', 'precision', 'balancedAccuracy'], ['topKAccuracy']],
  ['meanSquaredError', ['meanAbsoluteError', 'rootMeanSquaredError'], ['accuracy', 'recall', 'auc']],
  ['huber', ['meanSquaredError'], ['accuracy']],
] as const)('%s: %j fit, %j do not', (loss, fitting, others) => {
  const setting = metricSetting(LOSS_RULES[loss].labels, 10, false);
  for (const name of fitting) expect(resolveMetric(name).fits(setting)).toBeUndefined();
  for (const name of others) expect(resolveMetric(name).fits(setting)).toBeTypeOf('string');
});
