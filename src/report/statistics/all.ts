import type { ReportInput } from '../input.ts';
import type { CalibrationMeasure } from './calibration.ts';
import { calibrationMeasures } from './calibration.ts';
import type { NetworkComparison, SetComparison } from './imageSets.ts';
import { networkComparisons, setComparisons } from './imageSets.ts';
import type { LearningMeasure } from './learning.ts';
import { learningMeasures } from './learning.ts';
import type { PairStatistics } from './pairs.ts';
import { pairStatistics } from './pairs.ts';

export interface Statistics {
  readonly pairs: readonly PairStatistics[];
  readonly sets: readonly SetComparison[];
  readonly networks: readonly NetworkComparison[];
  readonly learning: readonly LearningMeasure[];
  readonly calibration: readonly CalibrationMeasure[];
}

const known = new WeakMap<ReportInput, Statistics>();

/** Everything under Statistics; tables and figures of one input share it. The resamples are drawn from fixed seeds. */
export function statisticsOf(input: ReportInput): Statistics {
  const { results } = input;
  const statistics = known.get(input) ?? {
    pairs: pairStatistics(results),
    sets: setComparisons(input),
    networks: networkComparisons(input),
    learning: learningMeasures(results),
    calibration: calibrationMeasures(input),
  };
  known.set(input, statistics);
  return statistics;
}
