import { atOnce, type Steps } from '../../util/steps.ts';
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
        return `logs take a value each of at most ${MOST_NAMES} outputs, not of ${width}; take average 'macro', 'weighted' or 'micro'`;
      return undefined;
    },
    names: ({ width }) =>
      average === null ? Array.from({ length: width }, (_, j) => `${name}_${j}`) : [logName],
    create: (setting) => {
      const state = new ClassCounts(setting);
      return {
        update: (batch) => state.update(batch),
        result: () => atOnce(result()),
        resultInSteps: result,
      };
      function* result(): Steps<readonly number[]> {
        const scores: number[] = [];
        const sum: ClassCount = { truePositives: 0, falsePositives: 0, falseNegatives: 0, trueNegatives: 0 };
        let [total, weight] = [0, 0];
        yield* state.each((count, j) => {
          const own = average === 'weighted' ? support(count) : 1;
          if (average === null || average === j) scores.push(score(count));
          else if (average === 'micro') for (const key of KEYS) sum[key] += count[key];
          else {
            total += own * score(count);
            weight += own;
          }
        });
        if (average === 'micro') return [score(sum)];
        return scores.length > 0 ? scores : [ratio(total, weight)];
      }
    },
  };
}

const KEYS = ['truePositives', 'falsePositives', 'falseNegatives', 'trueNegatives'] as const;

/** Logs of more take longer than others may wait. */
const MOST_NAMES = 10_000;

export function support({ truePositives, falseNegatives }: ClassCount): number {
  return truePositives + falseNegatives;
}

export function precisionOf({ truePositives, falsePositives }: ClassCount): number {
  return ratio(truePositives, truePositives + falsePositives);
}

export function recallOf({ truePositives, falseNegatives }: ClassCount): number {
  return ratio(truePositives, truePositives + falseNegatives);
}

/** 2 TP / (2 TP + FP + FN): the harmonic mean of precision and recall. */
export function f1Of({ truePositives, falsePositives, falseNegatives }: ClassCount): number {
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
