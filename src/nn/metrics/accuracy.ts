import { classOf, columns, largestAt, type Metric, targetAt } from './metric.ts';
import { rowMean } from './rowMean.ts';

/**
 * Share of rows whose largest output, the first of equals, is that of the class; of labels, the share of labels for which 'above 1/2' (above
 * 0 for logits) is right. Keras' CategoricalAccuracy, SparseCategoricalAccuracy and BinaryAccuracy: which of them is meant follows from the loss.
 */
export function Accuracy(): Metric {
  return rowMean(
    {
      spec: 'accuracy',
      name: 'accuracy',
      direction: 'max',
      fits: ({ task }) =>
        task === 'values'
          ? 'it counts right classes, and the loss compares values; take a mean error'
          : undefined,
    },
    function* ({ targets, outputs }, s, { task, width, logits }) {
      if (task === 'classes')
        return Number((yield* largestAt(outputs, s, width)) === (yield* classOf(targets, s, width)));
      const threshold = logits ? 0 : 0.5;
      let right = 0;
      yield* columns(width, (from, to) => {
        for (let j = from; j < to; j++) {
          const holds = Number(outputs[s * width + j] > threshold);
          right += Number(holds === targetAt(targets, s, j, width));
        }
      });
      return right / width;
    },
  );
}
