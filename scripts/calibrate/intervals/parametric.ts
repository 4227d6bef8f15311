import { truePositiveInterval } from '../../../src/analysis/privacy/truePositiveInterval.ts';
import { nadeauBengio } from '../../../src/stats/nadeauBengio.ts';
import { normalCdf, normalQuantile } from '../../../src/stats/normal.ts';
import { studentInterval } from '../../../src/stats/student.ts';
import { superiority } from '../../../src/stats/superiority.ts';
import { wilson } from '../../../src/stats/wilson.ts';
import type { Random } from '../../../src/util/random.ts';
import type { IntervalKind } from '../coverage.ts';

const normals = (n: number, random: Random, shift = 0): Float64Array =>
  Float64Array.from({ length: n }, () => random.normal() + shift);

/** Scores of members lie so much higher, in standard deviations. */
const SHIFT = 0.05;
const FALSE_POSITIVES = 0.001;

export const PARAMETRIC: readonly IntervalKind[] = [
  {
    name: 'Nadeau–Bengio over folds',
    printed: 'report of a study with folds',
    generator:
      'normal differences of k folds, any two correlated by 1/k, the share of the images that a fold tests: the model behind the correction',
    unit: 'folds',
    sizes: [5, 10],
    studies: 2000,
    draw: (_, k, random) => {
      const common = random.normal() * Math.sqrt(1 / k);
      const values = Array.from({ length: k }, () => common + random.normal() * Math.sqrt(1 - 1 / k));
      const { low, high } = nadeauBengio(values, { trainSize: k - 1, testSize: 1 });
      return { low, high, truth: 0 };
    },
  },
  {
    name: 'Wilson of a share of images',
    printed: 'evaluation of one model; tuning; judge',
    generator: 'independent images, 2.5 % of them misread',
    unit: 'images',
    sizes: [200, 2000, 6000, 10_000],
    studies: 2000,
    draw: (_, n, random) => {
      let wrong = 0;
      for (let i = 0; i < n; i++) if (random.uniform() < 0.025) wrong++;
      return { ...wilson(wrong, n), truth: 0.025 };
    },
  },
  {
    name: 'Student over images, skewed values',
    printed: 'evaluation: explanations, cost of errors',
    generator: 'squares of independent normal values',
    unit: 'images',
    sizes: [100, 200],
    studies: 2000,
    draw: (_, n, random) => {
      const { low, high } = studentInterval(normals(n, random).map((value) => value * value));
      return { low, high, truth: 1 };
    },
  },
  {
    name: 'Newcombe of the area under the ROC curve',
    printed: 'evaluation: privacy, one network',
    generator: `normal scores of as many members and non-members, ${SHIFT} standard deviations apart`,
    unit: 'members',
    sizes: [500, 5000],
    studies: 1000,
    draw: (_, n, random) => {
      const { low, high } = superiority(normals(n, random, SHIFT), normals(n, random));
      return { low, high, truth: normalCdf(SHIFT / Math.SQRT2) };
    },
  },
  {
    name: 'Bootstrap of the true-positive rate',
    printed: 'evaluation: privacy, one network',
    generator: `normal scores of as many members and non-members, ${SHIFT} standard deviations apart; at a false-positive rate of ${FALSE_POSITIVES}; 300 resamples here, 1,000 in the evaluation`,
    unit: 'members',
    sizes: [10_000],
    studies: 100,
    draw: (_, n, random) => {
      const { low, high } = truePositiveInterval(
        normals(n, random, SHIFT),
        normals(n, random),
        FALSE_POSITIVES,
        {
          random,
          resamples: 300,
        },
      );
      return { low, high, truth: normalCdf(SHIFT + normalQuantile(FALSE_POSITIVES)) };
    },
  },
];
