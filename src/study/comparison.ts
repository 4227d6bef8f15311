import { MNIST_FILES } from '../datasets/mnist.ts';
import { mean, standardDeviation } from '../stats/describe.ts';
import { studentInterval } from '../stats/student.ts';
import { NUMERICS_VERSION } from './numerics.ts';
import type { ArmAggregate, ComparisonConfiguration, PairedDifference, TrialResult } from './results.ts';
import type { TrialConfiguration } from './trial.ts';

/** The trials of a comparison: every seed with every activation, seed after seed, so that pairs are complete early. */
export function trialsOf(configuration: ComparisonConfiguration): TrialConfiguration[] {
  const { activations, seeds, units, dropout, optimizer, learningRate, epochs, batchSize, validation } =
    configuration;
  const shared = { units, dropout, optimizer, learningRate, epochs, batchSize, validation };
  const data = Object.values(MNIST_FILES).map(({ sha256 }) => sha256);
  return seeds.flatMap((seed) =>
    activations.map((activation) => ({ numerics: NUMERICS_VERSION, data, ...shared, activation, seed })),
  );
}

const MEASURES = ['testAccuracy', 'testLoss'] as const;

export function aggregate(activations: readonly string[], trials: readonly TrialResult[]): ArmAggregate[] {
  return activations.map((activation) => {
    const own = trials.filter((trial) => trial.activation === activation);
    return {
      activation,
      seeds: own.length,
      testAccuracy: spread(own.map(({ testAccuracy }) => testAccuracy)),
      testLoss: spread(own.map(({ testLoss }) => testLoss)),
    };
  });
}

/** Every two arms, seed by seed: the first minus the second. */
export function comparePairs(
  configuration: ComparisonConfiguration,
  trials: readonly TrialResult[],
): PairedDifference[] {
  const { activations, seeds } = configuration;
  const trialOf = (activation: string, seed: number): TrialResult =>
    trials.find((trial) => trial.activation === activation && trial.seed === seed)!;
  return activations.flatMap((first, i) =>
    activations.slice(i + 1).flatMap((second) =>
      MEASURES.map((measure) => {
        const differences = seeds.map(
          (seed) => trialOf(first, seed)[measure] - trialOf(second, seed)[measure],
        );
        const several = differences.length > 1;
        const { low, high } = several ? studentInterval(differences) : { low: 0, high: 0 };
        return {
          measure,
          first,
          second,
          differences,
          mean: mean(differences),
          sd: several ? standardDeviation(differences) : null,
          interval: several ? [low, high] : null,
        };
      }),
    ),
  );
}

function spread(values: readonly number[]): ArmAggregate['testAccuracy'] {
  return {
    mean: mean(values),
    sd: values.length > 1 ? standardDeviation(values) : null,
    min: Math.min(...values),
    max: Math.max(...values),
  };
}
