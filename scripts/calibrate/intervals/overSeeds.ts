import { recallPerClass } from '../../../src/analysis/confusion.ts';
import { bootstrap } from '../../../src/stats/bca.ts';
import { clopperPearson } from '../../../src/stats/binomial.ts';
import { sdInterval } from '../../../src/stats/chiSquare.ts';
import { mean, standardDeviation } from '../../../src/stats/describe.ts';
import { effectSize } from '../../../src/stats/effectSize.ts';
import { maxT } from '../../../src/stats/maxT.ts';
import { anytimeInterval } from '../../../src/stats/sequential.ts';
import { studentInterval } from '../../../src/stats/student.ts';
import { pairedSuperiority } from '../../../src/stats/superiority.ts';
import { DEFAULT_RULES } from '../../../src/study/configuration.ts';
import { epochsTo } from '../../../src/study/judgements/convergence.ts';
import { riseFromMinimum } from '../../../src/study/judgements/overfitting.ts';
import type { Random } from '../../../src/util/random.ts';
import type { Estimate, IntervalKind } from '../coverage.ts';
import type { Fixture, FixtureRun } from '../fixture.ts';

const SEEDS = [5, 6, 100];
const POPULATION = 'seeds drawn with replacement from those of the fixture, whose mean is the truth';

type Measure = (run: FixtureRun) => number;

const reach: Measure = ({ history }) =>
  epochsTo(history.accuracy, DEFAULT_RULES.convergenceAccuracy) ?? history.accuracy.length;

/** ReLU minus Tanh. */
const DIFFERENCES: Readonly<Record<string, Measure>> = {
  'test accuracy': ({ testAccuracy }) => testAccuracy,
  'test loss': ({ testLoss }) => testLoss,
  'epochs to a training accuracy': reach,
  'accuracy on corrupted images': ({ measures }) => measures.suite!,
  'norm of the input gradient': ({ measures }) => measures.gradientNorm!,
};

const RISE: Measure = ({ history }) => riseFromMinimum(history.val_loss);

/** Of Tanh alone. */
const LEVELS: Readonly<Record<string, Measure>> = {
  'calibration error': ({ calibrationError }) => calibrationError,
  'training minus validation accuracy': (run) => lastOf(run, 'accuracy') - lastOf(run, 'val_accuracy'),
  'rise of the validation loss from its minimum': RISE,
};

function lastOf({ history }: FixtureRun, curve: 'accuracy' | 'val_accuracy'): number {
  return history[curve][history[curve].length - 1];
}

const differences = (fixture: Fixture, of: Measure): number[] =>
  fixture.pairs.map(([relu, tanh]) => of(relu) - of(tanh));
const levels = (fixture: Fixture, of: Measure): number[] => fixture.pairs.map(([, tanh]) => of(tanh));

/** Of a whole population: n in the denominator. */
function deviationOf(population: readonly number[]): number {
  return standardDeviation(population) * Math.sqrt((population.length - 1) / population.length);
}

export function drawn<T>(population: readonly T[], n: number, random: Random): T[] {
  return Array.from({ length: n }, () => population[random.integer(population.length)]);
}

function student(population: readonly number[], n: number, random: Random): Estimate {
  const { low, high } = studentInterval(drawn(population, n, random));
  return { low, high, truth: mean(population) };
}

function students(
  which: string,
  measures: Readonly<Record<string, Measure>>,
  population: (fixture: Fixture, of: Measure) => number[],
): IntervalKind[] {
  return Object.entries(measures).map(([name, of]) => ({
    name: `Student over seeds, ${which}: ${name}`,
    printed: 'report: paired differences, claims, learning; evaluation: every mean over networks',
    generator: POPULATION,
    unit: 'seeds',
    sizes: SEEDS,
    studies: 4000,
    draw: (fixture, n, random) => student(population(fixture, of), n, random),
    ...(of === RISE && { stated: 'table of learning: about 92 % with five runs' }),
  }));
}

export const OVER_SEEDS: readonly IntervalKind[] = [
  ...students('paired difference', DIFFERENCES, differences),
  ...students('one arm', LEVELS, levels),
  ...(['test accuracy', 'test loss'] as const).map((name): IntervalKind => ({
    name: `BCa, paired difference: ${name}`,
    printed: 'report: paired differences, from 20 seeds on',
    generator: `${POPULATION}; 2,000 resamples here, 20,000 in the report`,
    unit: 'seeds',
    sizes: [20, 100],
    studies: 1000,
    draw: (fixture, n, random) => {
      const population = differences(fixture, DIFFERENCES[name]);
      const { low, high } = bootstrap(drawn(population, n, random), mean, { random, resamples: 2000 });
      return { low, high, truth: mean(population) };
    },
    stated: 'table of differences: at 20 seeds about 92 %',
  })),
  {
    name: 'Max-t, nine differences of recalls at once',
    printed: 'report: claim C9',
    generator:
      'seeds drawn with replacement from those of the fixture, whose means are the truth; Tanh’s recall of 1 minus that of each other digit; all nine have to be covered',
    unit: 'seeds',
    sizes: SEEDS,
    studies: 1000,
    draw: (fixture, n, random) => {
      const population = fixture.pairs.map(([, { confusionMatrix }]) => {
        const recalls = recallPerClass(confusionMatrix);
        return recalls.flatMap((recall, digit) => (digit === 1 ? [] : [recalls[1] - recall]));
      });
      const values = drawn(population, n, random);
      const columns = population[0].map((_, k) => values.map((row) => row[k]));
      return maxT(columns).map(({ low, high }, k) => ({
        low,
        high,
        truth: mean(population.map((row) => row[k])),
      }));
    },
    stated: 'rule of C9: of five runs about 85 %',
  },
  {
    name: 'χ² of the standard deviation over seeds',
    printed: 'report: the seeds that a claim needs',
    generator:
      'seeds drawn with replacement from those of the fixture, whose standard deviation is the truth',
    unit: 'seeds',
    sizes: SEEDS,
    studies: 4000,
    draw: (fixture, n, random) => {
      const population = differences(fixture, DIFFERENCES['test accuracy']);
      const { low, high } = sdInterval(standardDeviation(drawn(population, n, random)), n);
      return { low, high, truth: deviationOf(population) };
    },
  },
  {
    name: 'Wilson of P(A > B), paired',
    printed: 'report: tests of each paired difference; judge',
    generator: POPULATION,
    unit: 'seeds',
    sizes: SEEDS,
    studies: 4000,
    draw: (fixture, n, random) => {
      const population = differences(fixture, DIFFERENCES['test accuracy']);
      const { low, high } = pairedSuperiority(drawn(population, n, random));
      return { low, high, truth: pairedSuperiority(population).probability };
    },
    stated: 'table of tests: 98 % with five pairs',
  },
  {
    name: 'Noncentral t of the effect size d',
    printed: 'report: tests of each paired difference',
    generator:
      'seeds drawn with replacement from those of the fixture, whose mean over standard deviation is the truth',
    unit: 'seeds',
    sizes: SEEDS,
    studies: 200,
    draw: (fixture, n, random) => {
      const population = differences(fixture, DIFFERENCES['test accuracy']);
      const { low, high } = effectSize(drawn(population, n, random));
      const centre = mean(population);
      return { low, high, truth: centre / deviationOf(population) };
    },
  },
  {
    name: 'Always-valid, all looks at once',
    printed: 'report of a study that stops when decided',
    generator: `${POPULATION}; the interval is looked at after every seed from the second to the last`,
    unit: 'seeds',
    sizes: [100],
    studies: 2000,
    draw: (fixture, n, random) => {
      const population = differences(fixture, DIFFERENCES['test accuracy']);
      const values = drawn(population, n, random);
      return Array.from({ length: n - 1 }, (_, k) => {
        const { low, high } = anytimeInterval(values.slice(0, k + 2));
        return { low, high, truth: mean(population) };
      });
    },
    stated: 'by its name: valid at every look, so 95 % or more at the last',
  },
  ...[0.5, 0.8, 0.95].map((share): IntervalKind => ({
    name: `Clopper–Pearson of a share of runs, true share ${share}`,
    printed: 'report: claims C10 and C11',
    generator: 'independent runs, each counted with the true share',
    unit: 'runs',
    sizes: SEEDS,
    studies: 4000,
    draw: (_, n, random) => {
      const counted = Array.from({ length: n }, () => random.uniform() < share).filter(Boolean).length;
      return { ...clopperPearson(counted, n), truth: share };
    },
    stated: 'rules of C10 and C11: 95 % or more',
  })),
];
