import { parts, type Steps } from '../../util/steps.ts';
import { ascending, PART } from './ascending.ts';
import { columns, type Metric, type MetricSetting, type MetricState, ratio, targetAt } from './metric.ts';

/**
 * The area under the ROC curve, exactly: the share of pairs of a positive and a negative row in which the positive one has the larger output,
 * ties counting half (Hanley & McNeil 1982); weighted, each pair counts w₊ w₋. Several outputs: the mean over outputs, each against all others,
 * of those that have rows of both kinds; 0 where none has. scikit-learn's `roc_auc_score` (several classes: `multi_class='ovr'`).
 *
 * Keras' AUC sums trapezoids over 200 thresholds, so it misses pairs that no threshold parts, and takes one-hot rows of several classes as one list
 * unless `multi_label=True`. Memory: every row is kept until the end of the epoch, 5 bytes for each
 * output and 8 for its weight (60,000 rows of 10 outputs: 3.5 MB).
 */
export function AUC(): Metric {
  return {
    spec: 'auc',
    name: 'auc',
    direction: 'max',
    fits: ({ task }) =>
      task === 'values' ? 'it ranks rows of two kinds, and the loss compares values' : undefined,
    names: () => ['auc'],
    create: createState,
  };
}

function createState({ width }: MetricSetting): MetricState {
  const kept: { outputs: Float32Array; positive: Uint8Array; weights: Float64Array; count: number }[] = [];
  return {
    *update({ targets, outputs, count, weights }) {
      const positive = new Uint8Array(count * width);
      for (let s = 0; s < count; s++)
        yield* columns(width, (from, to) => {
          for (let j = from; j < to; j++)
            positive[s * width + j] = Number(targetAt(targets, s, j, width) > 0.5);
        });
      const own = Float64Array.from({ length: count }, (_, s) => weights?.[s] ?? 1);
      kept.push({ outputs: outputs.slice(0, count * width), positive, weights: own, count });
    },
    result,
  };

  function* result(): Steps<readonly number[]> {
    const count = kept.reduce((sum, batch) => sum + batch.count, 0);
    const scores = new Float32Array(count);
    const positive = new Uint8Array(count);
    const weights = new Float64Array(count);
    let [sum, areas] = [0, 0];
    for (let j = 0; j < width; j++) {
      let row = 0;
      for (const batch of kept) {
        for (let s = 0; s < batch.count; s++, row++) {
          scores[row] = batch.outputs[s * width + j];
          positive[row] = batch.positive[s * width + j];
          weights[row] = batch.weights[s];
        }
        yield;
      }
      const area = yield* areaUnder(scores, positive, weights);
      if (area === undefined) continue;
      sum += area;
      areas++;
    }
    return [ratio(sum, areas)];
  }
}

/** Undefined where all rows are of one kind. Groups of tied rows from the least score up. */
function* areaUnder(
  scores: Float32Array,
  positive: Uint8Array,
  weights: Float64Array,
): Steps<number | undefined> {
  const order = yield* ascending(scores);
  let [pairs, positives, negatives, up, down] = [0, 0, 0, 0, 0];
  const endGroup = (): void => {
    pairs += up * (negatives + down / 2);
    positives += up;
    negatives += down;
    up = down = 0;
  };
  yield* parts(order.length, PART, (from, to) => {
    for (let i = from; i < to; i++) {
      const row = order[i];
      if (i > 0 && scores[row] !== scores[order[i - 1]]) endGroup();
      if (positive[row]) up += weights[row];
      else down += weights[row];
    }
  });
  endGroup();
  return positives > 0 && negatives > 0 ? pairs / (positives * negatives) : undefined;
}
