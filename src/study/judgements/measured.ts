import type { NetworkMeasures } from '../evaluation/networkMeasures.ts';
import type { StudyTrial } from '../results.ts';
import { folderOf } from '../wording.ts';
import type { PaperArms, Scale, Verdict } from '../verdict.ts';
import { ACCURACY, judgeDifference, notMeasured } from '../verdict.ts';

interface Statement {
  /** Of the test, in the family of all tests of the claims. */
  readonly test: string;
  readonly statement: string;
  readonly quantity: string;
  readonly measure: string;
  readonly scale?: Scale;
  /** 1 where a larger ReLU value supports the statement. */
  readonly direction: 1 | -1;
  readonly name: keyof NetworkMeasures;
}

/**
 * A statement judged by what the critical evaluation measured of each run, paired by seed; 'not measured', with the command that
 * measures it, where it did not. Accuracies have the study's region of practical equivalence.
 */
export function judgeMeasured(arms: PaperArms, one: Statement): Verdict {
  const { relu, tanh, study, folder, rules, measures } = arms;
  const { statement, measure, name, scale = ACCURACY } = one;
  const has = ({ key }: StudyTrial): boolean => measures?.get(key)?.[name] !== undefined;
  const measured = [relu, tanh].map((arm) => ({ ...arm, trials: arm.trials.filter(has) }));
  if (measured.some(({ trials }) => trials.length === 0)) {
    return notMeasured(
      one,
      `Not measured yet, nor in the paper; dactyl evaluate ${folderOf(study, folder)} measures it.`,
    );
  }
  const [first, second] = measured;
  return judgeDifference(
    { ...arms, relu: first, tanh: second },
    {
      test: one.test,
      statement,
      quantity: one.quantity,
      measure,
      scale,
      ...(scale === ACCURACY && { rope: rules.rope }),
      direction: one.direction,
      of: ({ key }) => measures!.get(key)![name]!,
    },
  );
}
