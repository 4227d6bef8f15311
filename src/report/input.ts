import type { Contact } from '../data/contact.ts';
import type { DataSheet } from '../data/dataSet.ts';
import type { Evaluation } from '../study/evaluation/record.ts';
import type { Purpose } from '../study/ownStudies.ts';
import type { Results } from '../study/results.ts';

/** Everything a report is made from. */
export interface ReportInput {
  readonly results: Results;
  /** Where the study lies, as a command names it; where it is by default if nothing is said. */
  readonly folder?: string;
  /** The first ten training images: 10 × 784 bytes, 0 is background, 255 ink. */
  readonly sample: { readonly images: Uint8Array; readonly labels: Uint8Array };
  /** Some images of every class, of other data than MNIST, and where these come from. */
  readonly contact?: Contact;
  readonly sheet?: DataSheet;
  /** The test set: n × 784 bytes. */
  readonly test: { readonly images: Uint8Array; readonly labels: Uint8Array };
  /** By trial key: the predicted class of each test image. */
  readonly predictions: ReadonlyMap<string, Uint8Array>;
  /** The critical evaluation of these very runs, where there is one; its page lies beside the report. */
  readonly evaluation?: Evaluation;
  /** Writer of each test image, where the QMNIST label file is given: images are then resampled by writer. */
  readonly writers?: ArrayLike<number>;
  /** By trial key: expected calibration error on the test images, a share. */
  readonly calibration?: ReadonlyMap<string, number>;
  /** Studies beside this one that an honest comparison takes, with where their report lies and what it answers. */
  readonly ownStudies?: readonly {
    readonly purpose: Purpose;
    readonly name: string;
    readonly href: string;
    readonly says: string | null;
  }[];
  /** Other seeds that the study had before under the same rules, where results were there when they were changed. */
  readonly seedsBefore?: readonly (readonly number[])[];
  /** Version of the judgement under which the study was fixed; that of the results where nothing is said. */
  readonly fixedUnder?: number;
}

/** Whether the page can show test images by what they were taken for: not with folds, whose images are others. */
export function isExplorable({ results, predictions }: ReportInput): boolean {
  return results.study.split.kind !== 'folds' && predictions.size > 0;
}

export const PIXELS = 784;
export const SIDE = 28;

/** Stands on everything made from a `--quick` run. */
export const QUICK_LABEL = 'Quick taste, not a result';
