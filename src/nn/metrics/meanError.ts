import { columns, type Metric, targetAt } from './metric.ts';
import { rowMean } from './rowMean.ts';

/** The mean over rows and outputs of a function of (output − target); of class numbers, the targets are one-hot rows. */
export function meanError(
  about: { readonly spec: string; readonly name: string },
  error: (difference: number) => number,
  finish?: (mean: number) => number,
): Metric {
  return rowMean(
    {
      ...about,
      direction: 'min',
      fits: ({ task, logits }) =>
        task !== 'values' && logits
          ? 'it compares outputs with targets of 0 and 1, and the outputs are logits'
          : undefined,
    },
    function* ({ targets, outputs }, s, { width }) {
      let sum = 0;
      yield* columns(width, (from, to) => {
        for (let j = from; j < to; j++) sum += error(outputs[s * width + j] - targetAt(targets, s, j, width));
      });
      return sum / width;
    },
    finish,
  );
}
