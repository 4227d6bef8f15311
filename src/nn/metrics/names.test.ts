import { expect, test } from 'vitest';
import { DactylError } from '../../util/errors.ts';
import { F1Score } from './f1Score.ts';
import type { Metric, MetricSetting } from './metric.ts';
import { directionOfLog, METRICS, type MetricOption, resolveMetric, resolveMetrics } from './metrics.ts';
import { Precision } from './precision.ts';
import { Recall } from './recall.ts';
import { TopKAccuracy } from './topKAccuracy.ts';

const SETTINGS = {
  classes: { task: 'classes', width: 6, logits: false },
  labels: { task: 'labels', width: 6, logits: false },
  values: { task: 'values', width: 6, logits: false },
} as const satisfies Record<string, MetricSetting>;

const ALL: readonly [name: string, metric: Metric][] = [
  ...Object.keys(METRICS).map((name): [string, Metric] => [name, resolveMetric(name)]),
  ['precision of class 2', Precision({ average: 2 })],
  ['recall, micro', Recall({ average: 'micro' })],
  ['F1, weighted', F1Score({ average: 'weighted' })],
  ['top 2', TopKAccuracy(2)],
  [
    'an own function',
    resolveMetric(function largest(_, { data }) {
      return Math.max(...data);
    }),
  ],
];

test('names in the logs: what is not by default stands behind', () => {
  const setting = { task: 'classes', width: 2, logits: false } as const;
  const names = (option: MetricOption): readonly string[] => resolveMetric(option).names(setting);
  expect(names('accuracy')).toEqual(['accuracy']);
  expect(names('precision')).toEqual(['precision']);
  expect(names(Precision({ average: 'micro' }))).toEqual(['precision_micro']);
  expect(names(Recall({ average: 1 }))).toEqual(['recall_1']);
  expect(names('f1Score')).toEqual(['f1_score_0', 'f1_score_1']);
  expect(names('top_k_accuracy')).toEqual(['top_k_accuracy_5']);
  expect(names('root_mean_squared_error')).toEqual(['root_mean_squared_error']);
});

test('whether more is better is read off the names in the logs of every metric', () => {
  for (const [, metric] of ALL) {
    for (const name of metric.names(SETTINGS.classes)) {
      expect(directionOfLog(name), name).toBe(metric.direction);
      expect(directionOfLog(`val_${name}`), name).toBe(metric.direction);
    }
  }
  expect(directionOfLog('val_loss')).toBe('min');
  expect(directionOfLog('precision_of_mine')).toBeUndefined();
});

test.each<[string, MetricOption, string]>([
  ['a misspelling', 'acuracy', "received 'acuracy' (nearest: accuracy)"],
  ['mse', 'mse', "received 'mse', which is called meanSquaredError here"],
  ['top5', 'top5', 'which is called topKAccuracy here'],
  ["Keras' class", 'AUC', '(nearest: auc)'],
  ['a builder', Precision, 'Call it: Precision().'],
  ['null', null as unknown as MetricOption, 'Unknown metric'],
  ['an object', { title: 'mine' } as unknown as MetricOption, 'expected a name (accuracy'],
  [
    'a nameless function',
    (
      () => () =>
        1
    )(),
    'expected a function with a name',
  ],
])('%s is E_ARGUMENT', (_, option, reason) => {
  expect(() => resolveMetric(option)).toThrow(DactylError);
  expect(() => resolveMetric(option)).toThrow(reason);
});

test.each<[string, MetricOption[], MetricSetting, string]>([
  [
    'accuracy of values',
    ['accuracy'],
    SETTINGS.values,
    'does not fit the loss aLoss: it counts right classes',
  ],
  ['precision of values', ['precision'], SETTINGS.values, 'it counts right and wrong classes'],
  ['AUC of values', ['auc'], SETTINGS.values, 'it ranks rows of two kinds'],
  ['top 5 of 5', ['topKAccuracy'], { ...SETTINGS.classes, width: 5 }, 'of 5 outputs, 5 are all of them'],
  ['top k of labels', ['topKAccuracy'], SETTINGS.labels, 'has not one class a row'],
  ['class 6 of 6', [Recall({ average: 6 })], SETTINGS.classes, 'there is no class 6 among 6 outputs'],
  [
    'each of more classes than logs take',
    ['f1Score'],
    { ...SETTINGS.classes, width: 10_001 },
    'a value each of 10001 outputs is too many for logs (10000 at most)',
  ],
  ['errors of logits', ['meanSquaredError'], { ...SETTINGS.classes, logits: true }, 'the outputs are logits'],
  ['twice the same', ['accuracy', 'accuracy'], SETTINGS.classes, 'received accuracy twice'],
  [
    'each class, and one',
    ['f1Score', F1Score({ average: 1 })],
    SETTINGS.classes,
    'received f1_score_1 twice',
  ],
  [
    'a function called loss',
    [
      function loss() {
        return 1;
      },
    ],
    SETTINGS.classes,
    'one of the logs themselves',
  ],
  [
    'a function called val_x',
    [
      function val_x() {
        return 1;
      },
    ],
    SETTINGS.classes,
    'kept for validation',
  ],
])('%s is E_ARGUMENT', (_, options, setting, reason) => {
  expect(() => resolveMetrics(options, setting, 'aLoss')).toThrow(DactylError);
  expect(() => resolveMetrics(options, setting, 'aLoss')).toThrow(reason);
});

test('a metric made again of its plain data is the same, through JSON too', () => {
  for (const [name, metric] of ALL) {
    if (name === 'an own function') expect(metric.spec).toBeUndefined();
    else {
      const again = resolveMetric(JSON.parse(JSON.stringify(metric.spec)) as MetricOption);
      expect([again.name, again.spec]).toEqual([metric.name, metric.spec]);
    }
  }
  expect(resolveMetric('accuracy').spec).toBe('accuracy');
  expect(TopKAccuracy(3).spec).toEqual({ name: 'topKAccuracy', k: 3 });
  expect(() => resolveMetric({ name: 'accuracy', k: 3 })).toThrow("received 'k'");
});
