import type { Arm } from '../../study/arm.ts';
import { armsOf, samplingOf } from '../../study/arm.ts';
import type { PairedSummary } from '../../study/decision.ts';
import { summarise } from '../../study/decision.ts';
import { last } from '../../study/judgements/accuracy.ts';
import { epochsTo, thresholdText } from '../../study/judgements/convergence.ts';
import { riseFromMinimum } from '../../study/judgements/overfitting.ts';
import type { Results, StudyTrial } from '../../study/results.ts';

/** One measure of how an arm learns: its mean and interval over the runs that have it. */
export interface LearningMeasure {
  readonly arm: Arm;
  readonly measure: string;
  readonly unit: 'epochs' | 'points' | 'nats';
  /** Null where no run has it. */
  readonly summary: PairedSummary | null;
}

/** Convergence as epochs to a threshold, in training and validation; overfitting as gap and rise. */
export function learningMeasures(results: Results): LearningMeasure[] {
  const { study } = results;
  const { convergenceAccuracy, validationAccuracy } = study.rules;
  const measures: [string, LearningMeasure['unit'], (trial: StudyTrial) => number | null][] = [
    [
      `to ${thresholdText(convergenceAccuracy)} training accuracy`,
      'epochs',
      ({ history }) => epochsTo(history.accuracy, convergenceAccuracy),
    ],
    [
      `to ${thresholdText(validationAccuracy)} validation accuracy`,
      'epochs',
      ({ history }) => epochsTo(history.val_accuracy, validationAccuracy),
    ],
    [
      'training minus validation accuracy, last epoch',
      'points',
      (trial) => last(trial, 'accuracy') - last(trial, 'val_accuracy'),
    ],
    [
      'rise of the validation loss from its minimum',
      'nats',
      ({ history }) => riseFromMinimum(history.val_loss),
    ],
  ];
  return armsOf(results).flatMap((arm) =>
    measures.map(([measure, unit, of]) => {
      const values = arm.trials.map(of).filter((value) => value !== null);
      return {
        arm,
        measure,
        unit,
        summary: values.length === 0 ? null : summarise(values, samplingOf(study)),
      };
    }),
  );
}
