import { armsOf, pairedDifferences, samplingOf } from '../../study/arm.ts';
import type { PairedSummary } from '../../study/decision.ts';
import { summarise } from '../../study/decision.ts';
import type { StudyTrial } from '../../study/results.ts';
import type { ReportInput } from '../input.ts';
import { pairsOf } from './pairs.ts';

/** Log loss or calibration error of an arm, or of one arm minus another paired by seed. */
export interface CalibrationMeasure {
  readonly of: string;
  readonly measure: 'Log loss' | 'Calibration error';
  readonly unit: 'nats' | 'points';
  readonly summary: PairedSummary;
}

/** Of every arm, then of every pair of arms; over the runs whose probabilities are at hand, none with folds. */
export function calibrationMeasures({ results, calibration }: ReportInput): CalibrationMeasure[] {
  if (calibration === undefined || calibration.size === 0) return [];
  const sampling = samplingOf(results.study);
  const arms = armsOf(results).map((arm) => ({
    ...arm,
    trials: arm.trials.filter(({ key }) => calibration.has(key)),
  }));
  const measures = [
    { measure: 'Log loss', unit: 'nats', from: (trial: StudyTrial) => trial.testLoss },
    { measure: 'Calibration error', unit: 'points', from: ({ key }: StudyTrial) => calibration.get(key)! },
  ] as const;
  const own = arms
    .filter(({ trials }) => trials.length > 0)
    .flatMap(({ label, trials }) =>
      measures.map(({ measure, unit, from }) => ({
        of: label,
        measure,
        unit,
        summary: summarise(trials.map(from), sampling),
      })),
    );
  const named = (name: string) => arms.find((arm) => arm.name === name)!;
  const pairs = pairsOf(results).flatMap(({ first, second }) =>
    measures.flatMap(({ measure, unit, from }) => {
      const values = pairedDifferences(named(first.name), named(second.name), from);
      if (values.length === 0) return [];
      const summary = summarise(
        values.map(({ difference }) => difference),
        sampling,
      );
      return { of: `${first.label} − ${second.label}`, measure, unit, summary };
    }),
  );
  return [...own, ...pairs];
}
