import type { Steps } from '../../util/steps.ts';
import { checkOptions, isNumber, requireType } from '../../util/options.ts';
import { type ClassCount, ClassCounts } from './classCounts.ts';
import { type Metric, ratio } from './metric.ts';

export interface AverageOptions {
  /**
   * `'macro'`: the mean over classes, each counting alike. `'weighted'`: by the number of rows of each class. `'micro'`: of the sums over
   * classes. A class number: that class alone. null: each class by itself.
   */
  readonly average?: 'macro' | 'micro' | 'weighted' | number | null;
}

/**
 * A metric of true and false positives and negatives of each class. Classes without any count as 0 in `'macro'`, as in Keras (scikit-learn
 * leaves out those that neither occur nor are answered).
 */
export function averaged(
  about: { readonly type: string; readonly kind: string; readonly name: string },
  options: AverageOptions,
  byDefault: NonNullable<AverageOptions['average']> | null,
  score: (count: ClassCount) => number,
): Metric {
  const { type, kind, name } = about;
  checkOptions(type, ['average'], options);
  const { average = byDefault } = options;
  requireType(
    type,
    "average: 'macro', 'micro', 'weighted', a class number or null (each class)",
    average === null ||
      ['macro', 'micro', 'weighted'].includes(average as string) ||
      isNumber(average, (x) => Number.isSafeInteger(x) && x >= 0),
    average,
  );
  const logName = average === null || average === 'macro' ? name : `${name}_${average}`;
  return {
    spec: { name: kind, average },
    name: logName,
    direction: 'max',
    fits: ({ task, width }) => {
      if (task === 'values') return 'it counts right and wrong classes, and the loss compares values';
      if (typeof average === 'number' && average >= width)
        return `there is no class ${average} among ${width} outputs`;
      if (average === null && width > MOST_NAMES)
        return `a value each of ${width} outputs is too many for logs (${MOST_NAMES} at most); take average 'macro'`;
      return undefined;
    },
    names: ({ width }) =>
      average === null ? Array.from({ length: width }, (_, j) => `${name}_${j}`) : [logName],
    create: (setting) => {
      const state = new ClassCounts(setting);
      return {
        update: (batch) => state.update(batch),
        result,
      };
      function* result(): Steps<readonly number[]> {
        const scores: number[] = [];
        const sums: ClassCount = [0, 0, 0, 0];
        let [sum, weight] = [0, 0];
        yield* state.each((count, j) => {
          if (average === null || average === j) scores.push(score(count));
          const own = average === 'weighted' ? support(count) : 1;
          sum += own * score(count);
          weight += own;
          count.forEach((rows, kind) => (sums[kind] += rows));
        });
        if (average === 'micro') return [score(sums)];
        return scores.length > 0 ? scores : [ratio(sum, weight)];
      }
    },
  };
}

/** Logs of more take longer than others may wait. */
const MOST_NAMES = 10_000;

export function support([, , falseNegatives, truePositives]: ClassCount): number {
  return truePositives + falseNegatives;
}

export function precisionOf([, falsePositives, , truePositives]: ClassCount): number {
  return ratio(truePositives, truePositives + falsePositives);
}

export function recallOf([, , falseNegatives, truePositives]: ClassCount): number {
  return ratio(truePositives, truePositives + falseNegatives);
}

/** 2 TP / (2 TP + FP + FN): the harmonic mean of precision and recall. */
export function f1Of([, falsePositives, falseNegatives, truePositives]: ClassCount): number {
  return ratio(2 * truePositives, 2 * truePositives + falsePositives + falseNegatives);
}

export function mean(values: readonly number[], weights: readonly number[]): number {
  let sum = 0;
  let weight = 0;
  values.forEach((value, j) => {
    sum += weights[j] * value;
    weight += weights[j];
  });
  return ratio(sum, weight);
}
