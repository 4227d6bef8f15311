import { type Dataset, subset } from '../datasets/dataset.ts';
import { stratifiedFolds, writerFolds } from '../datasets/folds.ts';
import { mnistHoldout } from '../datasets/holdout.ts';
import type { Mnist } from '../datasets/mnist.ts';
import { DactylError } from '../util/errors.ts';
import type { TrialConfiguration } from './trialConfiguration.ts';

export interface TrialData {
  readonly training: Dataset;
  /** Looked at after every epoch. */
  readonly validation: Dataset;
  /** Looked at once, at the end. */
  readonly keptOut: Dataset;
}

export interface DataSource extends Mnist {
  /** Writer of each training image, where the QMNIST label files are given. */
  readonly writers?: Uint16Array;
}

/** The images of a trial. Arms that share seed and split share them. */
export function dataFor(
  { split, seed }: TrialConfiguration,
  { train, test, writers }: DataSource,
): TrialData {
  switch (split.kind) {
    case 'test':
      return { training: train, validation: test, keptOut: test };
    case 'holdout': {
      const { rest, holdout } = mnistHoldout(train.labels, seed);
      return { training: subset(train, rest), validation: subset(train, holdout), keptOut: test };
    }
    case 'fold': {
      const { groups, folds, repeat, fold } = split;
      if (groups === 'writers' && !writers) {
        throw new DactylError(
          'E_ARGUMENT',
          'Folds grouped by writer need the writers of the training images: give the QMNIST label file with --writers, or fetch it with dactyl data writers.',
        );
      }
      const rows =
        groups === 'writers'
          ? writerFolds(writers!, folds, repeat)
          : stratifiedFolds(train.labels, folds, repeat);
      const outside = rows.flatMap((own, k) => (k === fold ? [] : [...own])).sort((a, b) => a - b);
      const keptOut = subset(train, rows[fold]);
      return { training: subset(train, outside), validation: keptOut, keptOut };
    }
  }
}
