import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { whole } from '../../../test/support/ops.ts';
import { DactylError } from '../../util/errors.ts';
import { Random } from '../../util/random.ts';
import type { Steps } from '../../util/steps.ts';
import { Accuracy } from './accuracy.ts';
import { AUC } from './auc.ts';
import { BalancedAccuracy } from './balancedAccuracy.ts';
import { F1Score } from './f1Score.ts';
import type { Metric, MetricBatch, MetricSetting } from './metric.ts';
import { METRICS, type MetricOption, resolveMetric, resolveMetrics } from './metrics.ts';
import { Precision } from './precision.ts';
import { Recall } from './recall.ts';
import { TopKAccuracy } from './topKAccuracy.ts';

type Scores = Record<string, number | number[]>;

interface Case {
  task: 'classes' | 'labels';
  width: number;
  outputs: number[];
  labels: number[];
  weights: number[];
  plain: Scores;
  weighted: Scores;
}

const { cases } = JSON.parse(readFileSync(new URL('./fixtures/scikit.json', import.meta.url), 'utf8')) as {
  cases: Case[];
};

const SETTINGS = {
  classes: { task: 'classes', width: 6, logits: false },
  labels: { task: 'labels', width: 6, logits: false },
  values: { task: 'values', width: 6, logits: false },
} as const satisfies Record<string, MetricSetting>;

function resultOf(
  metric: Metric,
  setting: MetricSetting,
  batches: readonly MetricBatch[],
): readonly number[] {
  const state = metric.create(setting);
  for (const batch of batches) whole(state.update(batch));
  return whole(state.result());
}

/** Rows `order` of a batch. */
function rowsOf(
  { targets, outputs, weights }: MetricBatch,
  order: readonly number[],
  width: number,
): MetricBatch {
  const values = (all: ArrayLike<number>): Float32Array =>
    Float32Array.from(order.flatMap((s) => Array.from({ length: width }, (_, j) => all[s * width + j])));
  return {
    targets:
      targets.kind === 'classes'
        ? { kind: 'classes', classes: Int32Array.from(order, (s) => targets.classes[s]) }
        : { kind: 'values', values: values(targets.values) },
    outputs: values(outputs),
    count: order.length,
    ...(weights && { weights: order.map((s) => weights[s]) }),
  };
}

/** Rows drawn from few values, so that there are ties. */
function draw(
  task: MetricSetting['task'],
  width: number,
  count: number,
  seed: number,
  weighted: boolean,
): MetricBatch {
  const random = new Random(seed, 'metrics');
  const size = count * width;
  return {
    targets:
      task === 'classes'
        ? { kind: 'classes', classes: Int32Array.from({ length: count }, () => random.integer(width)) }
        : {
            kind: 'values',
            values: Float32Array.from({ length: size }, () => random.integer(2)),
          },
    outputs: Float32Array.from({ length: size }, () => random.integer(9) / 8),
    count,
    ...(weighted && { weights: Float64Array.from({ length: count }, () => random.integer(5) / 3) }),
  };
}

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

const fitting = ALL.flatMap(([name, metric]) =>
  Object.values(SETTINGS)
    .filter((setting) => metric.fits(setting) === undefined)
    .map((setting): [string, string, Metric, MetricSetting] => [name, setting.task, metric, setting]),
);

test.each(['plain', 'weighted'] as const)(
  'as scikit-learn within 1e-12, %s: precision, recall, F1 in every average, balanced accuracy, AUC with ties, an absent class left out of AUC',
  (kind) => {
    for (const given of cases) {
      const { task, width, labels } = given;
      const batch: MetricBatch = {
        targets:
          task === 'classes' ? { kind: 'classes', classes: labels } : { kind: 'values', values: labels },
        outputs: Float32Array.from(given.outputs),
        count: given.weights.length,
        ...(kind === 'weighted' && { weights: given.weights }),
      };
      const setting = { task, width, logits: false };
      const builders = { precision: Precision, recall: Recall, f1_score: F1Score };
      for (const [name, expected] of Object.entries(given[kind])) {
        const [metricName, average] = name.split(' ');
        const metric =
          average === undefined
            ? { balanced_accuracy: BalancedAccuracy, auc: AUC }[metricName]!()
            : builders[metricName as keyof typeof builders]({
                average: average === 'None' ? null : (average as 'macro'),
              });
        const received = resultOf(metric, setting, [batch]);
        const wanted = [expected].flat();
        expect(received).toHaveLength(wanted.length);
        wanted.forEach((value, j) =>
          expect(Math.abs(received[j] - value), `${task} ${width} ${name}`).toBeLessThan(1e-12),
        );
      }
    }
  },
);

/** Four rows of three outputs, by hand. */
const HAND: MetricBatch = {
  targets: { kind: 'classes', classes: [0, 1, 2, 2] },
  outputs: Float32Array.of(0.5, 0.25, 0.25, 0.5, 0.5, 0, 0.25, 0.5, 0.25, 0, 0.25, 0.75),
  count: 4,
  weights: [1, 1, 2, 4],
};

const THREE = { task: 'classes', width: 3, logits: false } as const;

test.each<[string, MetricOption, number]>([
  ['accuracy: rows 0 and 3 (row 1 is taken for the first of equals)', 'accuracy', 5 / 8],
  ['top 2: all but none; two equal ones behind the largest are both in', TopKAccuracy(2), 1],
  ['top 1: equal largest are both in', TopKAccuracy(1), 6 / 8],
  [
    'mean squared error: 6/16, 1/2, 14/16, 2/16 over 3',
    'meanSquaredError',
    (0.375 + 0.5 + 2 * 0.875 + 4 * 0.125) / 3 / 8,
  ],
  ['mean absolute error: 1, 1, 3/2, 1/2 over 3', 'meanAbsoluteError', (1 + 1 + 3 + 2) / 3 / 8],
  ['its root', 'rootMeanSquaredError', Math.sqrt((0.375 + 0.5 + 1.75 + 0.5) / 24)],
])('by hand with weights 1, 1, 2, 4, within 1e-15: %s', (_, option, expected) => {
  const [value] = resultOf(resolveMetric(option), THREE, [HAND]);
  expect(Math.abs(value - expected)).toBeLessThan(1e-15);
});

test('labels: right answers are counted one by one, above 1/2 or, of logits, above 0', () => {
  const batch: MetricBatch = {
    targets: { kind: 'values', values: [1, 0, 1, 1] },
    outputs: Float32Array.of(0.75, 0.25, 0.25, -1),
    count: 2,
  };
  const setting = { task: 'labels', width: 2, logits: false } as const;
  expect(resultOf(Accuracy(), setting, [batch])).toEqual([1 / 2]);
  expect(resultOf(Accuracy(), { ...setting, logits: true }, [batch])).toEqual([1 / 2]);
  expect(resultOf(Recall({ average: null }), setting, [batch])).toEqual([1 / 2, 0]);
  expect(resultOf(Recall({ average: null }), { ...setting, logits: true }, [batch])).toEqual([1, 0]);
});

test.each(fitting)(
  '%s of %s: rows in another order give the same within 1e-12',
  (name, _, metric, setting) => {
    if (name === 'an own function') return;
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.nat(), fc.boolean(), (count, seed, weighted) => {
        const batch = draw(setting.task, setting.width, count, seed, weighted);
        const order = Uint32Array.from({ length: count }, (_, s) => s);
        new Random(seed, 'order').shuffle(order);
        const permuted = rowsOf(batch, [...order], setting.width);
        const [a, b] = [batch, permuted].map((each) => resultOf(metric, setting, [each]));
        expect(a).toHaveLength(metric.names(setting).length);
        a.forEach((value, j) => expect(Math.abs(value - b[j])).toBeLessThanOrEqual(1e-12));
      }),
      { numRuns: 30 },
    );
  },
);

test.each(fitting)('%s of %s: in any batches as at once, to the bit', (name, _, metric, setting) => {
  if (name === 'an own function') return;
  fc.assert(
    fc.property(
      fc.array(fc.nat({ max: 9 }), { minLength: 1, maxLength: 6 }),
      fc.nat(),
      fc.boolean(),
      (sizes, seed, weighted) => {
        const count = sizes.reduce((sum, size) => sum + size, 0);
        const all = draw(setting.task, setting.width, count, seed, weighted);
        let first = 0;
        const parts = sizes.map((size) => {
          const rows = Array.from({ length: size }, (_, s) => first + s);
          first += size;
          return rowsOf(all, rows, setting.width);
        });
        expect(resultOf(metric, setting, parts)).toEqual(resultOf(metric, setting, [all]));
      },
    ),
    { numRuns: 30 },
  );
});

test.each(fitting)('%s of %s: right answers give the best value', (name, _, metric, setting) => {
  if (name === 'an own function') return;
  const { width, task } = setting;
  const count = 4 * width;
  const classes = Int32Array.from({ length: count }, (_, s) => s % width);
  const probabilities = Float32Array.from({ length: count * width }, (_, i) =>
    Number(classes[Math.floor(i / width)] === i % width),
  );
  const targets =
    task === 'classes'
      ? ({ kind: 'classes', classes } as const)
      : ({ kind: 'values', values: probabilities } as const);
  const best = metric.direction === 'max' ? 1 : 0;
  const values = resultOf(metric, setting, [{ targets, outputs: probabilities, count }]);
  expect(values).toEqual(values.map(() => best));
});

test.each(fitting)('%s of %s: of no rows, or of rows without weight, 0', (name, _, metric, setting) => {
  if (name === 'an own function') return;
  expect(new Set(resultOf(metric, setting, []))).toEqual(new Set([0]));
  const batch = draw(setting.task, setting.width, 5, 1, false);
  expect(new Set(resultOf(metric, setting, [{ ...batch, weights: new Float32Array(5) }]))).toEqual(
    new Set([0]),
  );
});

test('AUC by counting pairs, 200 rows of ties with weights, within 1e-12; −0 and 0 tie', () => {
  const { outputs, targets, weights } = draw('labels', 1, 200, 4, true) as MetricBatch & {
    targets: { values: Float32Array };
  };
  let [pairs, all] = [0, 0];
  const scores = outputs.map((x) => x - 0.5);
  for (let s = 0; s < 200; s++) {
    for (let r = 0; r < 200; r++) {
      if (targets.values[s] !== 1 || targets.values[r] !== 0) continue;
      const weight = weights![s] * weights![r];
      all += weight;
      pairs += weight * (scores[s] > scores[r] ? 1 : scores[s] === scores[r] ? 0.5 : 0);
    }
  }
  const flipped = scores.map((x, s) => (x === 0 && s % 2 === 0 ? -0 : x));
  const setting = { task: 'labels', width: 1, logits: true } as const;
  const batch = { targets, outputs: flipped, count: 200, weights: weights! };
  const [area] = resultOf(AUC(), setting, [batch]);
  expect(Math.abs(area - pairs / all)).toBeLessThan(1e-12);
});

test('an own function: the mean over batches by their sizes or their weights; it gets copies; its name is that in the logs', () => {
  const sizes: string[] = [];
  function firstOutput(
    targets: { shape: readonly number[] },
    outputs: { data: Float32Array; shape: readonly number[] },
  ): number {
    sizes.push(`${targets.shape.join()} ${outputs.shape.join()}`);
    const [first] = outputs.data;
    outputs.data.fill(9);
    return first;
  }
  const metric = resolveMetric(firstOutput);
  const { width } = THREE;
  const parts = [rowsOf(HAND, [0, 1, 2], width), rowsOf(HAND, [3], width)];
  const plain = parts.map(({ weights: _, ...part }) => part);
  expect(metric.names(THREE)).toEqual(['firstOutput']);
  expect(resultOf(metric, THREE, plain)).toEqual([(3 * 0.5 + 0) / 4]);
  expect(resultOf(metric, THREE, parts)).toEqual([(4 * 0.5 + 0) / 8]);
  expect(sizes).toEqual(['3 3,3', '1 1,3', '3 3,3', '1 1,3']);
  expect(() =>
    resultOf(
      resolveMetric(function half() {
        return NaN;
      }),
      THREE,
      [HAND],
    ),
  ).toThrow('The metric half: expected a finite number of each batch; received NaN.');
});

test.each<[() => unknown, string]>([
  [() => Precision({ averge: 'macro' } as object), "received 'averge' (nearest: average)"],
  [() => Recall({ average: 'mean' as 'macro' }), "average: 'macro', 'micro'"],
  [() => F1Score({ average: -1 }), 'a class number or null'],
  [() => TopKAccuracy(0), 'k: a whole number >= 1; received the number 0'],
])('bad options are E_ARGUMENT: %s', (build, reason) => {
  expect(build).toThrow(DactylError);
  expect(build).toThrow(reason);
});

test('labels that always hold, with weights that add up to rounding errors: their balanced accuracy is 1/2', () => {
  const weights = [1 / 3, 2 / 3, 0.1, 0.2, 4 / 3, 0.7];
  const batch: MetricBatch = {
    targets: { kind: 'values', values: weights.map(() => 1) },
    outputs: new Float32Array(6).fill(0.75),
    count: 6,
    weights,
  };
  expect(resultOf(BalancedAccuracy(), { task: 'labels', width: 1, logits: false }, [batch])).toEqual([1 / 2]);
});

test.each(['constructor', 'toString', '__proto__'])(
  'a metric cannot be named %s, as something of every object is',
  (name) => {
    const metric = Object.defineProperty(() => 1, 'name', { value: name });
    expect(() => resolveMetrics([metric], { task: 'values', width: 1, logits: false }, 'huber')).toThrow(
      `received ${name}. Rename the function.`,
    );
  },
);

/** Of a row so wide that it is gone through in parts. */
const WIDE = 100_000;

test('every metric goes through rows of 100,000 outputs in parts', () => {
  // Of four labels, two rows each: taken and not and held, in all ways; ties everywhere.
  const rows = [0, 1].flatMap((row) =>
    Array.from({ length: WIDE }, (_, j) => [j % 4 < 2, (j + row) % 2] as const),
  );
  const labels: MetricBatch = {
    targets: { kind: 'values', values: Float32Array.from(rows, ([, target]) => target) },
    outputs: Float32Array.from(rows, ([taken]) => (taken ? 0.75 : 0.25)),
    count: 2,
  };
  // The first row is right, the second's class is second.
  const classes: MetricBatch = {
    targets: { kind: 'classes', classes: [70_000, 5] },
    outputs: new Float32Array(2 * WIDE),
    count: 2,
  };
  classes.outputs[70_000] = classes.outputs[2 * WIDE - 1] = 1;
  classes.outputs[WIDE + 5] = 0.5;
  const expected: Record<string, { labels?: number; classes?: number }> = {
    accuracy: { labels: 1 / 2, classes: 1 / 2 },
    topKAccuracy: { classes: 1 },
    balancedAccuracy: { labels: 1 / 2, classes: 1 / 2 },
    // Half of the labels: one of two that are taken holds, and all that hold are taken.
    precision: { labels: 1 / 4, classes: 1 / WIDE },
    recall: { labels: 1 / 2, classes: 1 / WIDE },
    f1Score: { labels: 1 / 3, classes: 1 / WIDE },
    auc: { labels: 1 / 2 },
    meanAbsoluteError: { labels: 1 / 2 },
    meanSquaredError: { labels: 5 / 16 },
    rootMeanSquaredError: { labels: Math.sqrt(5 / 16) },
  };
  expect(Object.keys(expected).sort()).toEqual(Object.keys(METRICS).sort());
  for (const [name, results] of Object.entries(expected))
    for (const [task, batch] of Object.entries({ labels, classes })) {
      const result = results[task as 'labels' | 'classes'];
      if (result === undefined) continue;
      const metric = resolveMetric(name === 'f1Score' ? { name, average: 'macro' } : name);
      const state = metric.create({ task: task as 'labels' | 'classes', width: WIDE, logits: false });
      let stops = 0;
      const steps = state.update(batch) as Steps<void>;
      while (!steps.next().done) stops++;
      expect(stops, name).toBeGreaterThanOrEqual(4);
      expect(whole(state.result())[0], `${name} of ${task}`).toBeCloseTo(result, 12);
    }
});
