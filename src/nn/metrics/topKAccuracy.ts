import { isNumber, requireType } from '../../util/options.ts';
import { classOf, columns, type Metric } from './metric.ts';
import { rowMean } from './rowMean.ts';

/**
 * Share of rows of whose outputs fewer than `k` are larger than that of the class; so, of outputs that are equal at the k-th place, all are in.
 * Keras' TopKCategoricalAccuracy and SparseTopKCategoricalAccuracy. In logs `top_k_accuracy_5`.
 */
export function TopKAccuracy(k = 5): Metric {
  requireType(
    'TopKAccuracy',
    'k: a whole number >= 1',
    isNumber(k, (x) => Number.isSafeInteger(x) && x >= 1),
    k,
  );
  return rowMean(
    {
      spec: { name: 'topKAccuracy', k },
      name: `top_k_accuracy_${k}`,
      direction: 'max',
      fits: ({ task, width }) => {
        if (task !== 'classes') return 'it ranks classes, and the loss has not one class a row';
        return k < width ? undefined : `of ${width} outputs, ${k} are all of them; take k below ${width}`;
      },
    },
    function* ({ targets, outputs }, s, { width }) {
      const own = outputs[s * width + (yield* classOf(targets, s, width))];
      let larger = 0;
      yield* columns(width, (from, to) => {
        for (let j = from; j < to; j++) larger += Number(outputs[s * width + j] > own);
      });
      return Number(larger < k);
    },
  );
}
