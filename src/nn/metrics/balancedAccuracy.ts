import type { Steps } from '../../util/steps.ts';
import { recallOf, support } from './averaged.ts';
import { ClassCounts } from './classCounts.ts';
import type { Metric } from './metric.ts';
import { ratio } from './metric.ts';

/**
 * The mean of the recalls of those classes that occur: chance gives 1 / classes, however unequal they are. Of labels, the mean over labels of
 * (true positive rate + true negative rate) / 2. scikit-learn's `balanced_accuracy_score`; Keras has none. In logs `balanced_accuracy`.
 */
export function BalancedAccuracy(): Metric {
  const name = 'balanced_accuracy';
  return {
    spec: 'balancedAccuracy',
    name,
    direction: 'max',
    fits: ({ task }) =>
      task === 'values' ? 'it counts right classes, and the loss compares values' : undefined,
    names: () => [name],
    create: (setting) => {
      const state = new ClassCounts(setting);
      return {
        update: (batch) => state.update(batch),
        result,
      };
      function* result(): Steps<readonly number[]> {
        let [sum, weight] = [0, 0];
        yield* state.each((count) => {
          if (setting.task === 'classes') {
            const occurs = Number(support(count) > 0);
            sum += occurs * recallOf(count);
            weight += occurs;
          } else {
            const [trueNegatives, falsePositives] = count;
            sum += (recallOf(count) + ratio(trueNegatives, trueNegatives + falsePositives)) / 2;
            weight++;
          }
        });
        return [ratio(sum, weight)];
      }
    },
  };
}
