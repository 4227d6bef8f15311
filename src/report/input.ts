import type { Evaluation } from '../study/evaluation/record.ts';
import type { Results } from '../study/results.ts';

/** Everything a report is made from. */
export interface ReportInput {
  readonly results: Results;
  /** The first ten training images: 10 × 784 bytes, 0 is background, 255 ink. */
  readonly sample: { readonly images: Uint8Array; readonly labels: Uint8Array };
  /** The test set: n × 784 bytes. */
  readonly test: { readonly images: Uint8Array; readonly labels: Uint8Array };
  /** By trial key: the predicted class of each test image. */
  readonly predictions: ReadonlyMap<string, Uint8Array>;
  /** The critical evaluation of these very runs, where there is one; its page lies beside the report. */
  readonly evaluation?: Evaluation;
}

/** Whether the page can show test images by what they were taken for: not with folds, whose images are others. */
export function isExplorable({ results, predictions }: ReportInput): boolean {
  return results.study.split.kind !== 'folds' && predictions.size > 0;
}

export const PIXELS = 784;
export const SIDE = 28;

/** Stands on everything made from a `--quick` run. */
export const QUICK_LABEL = 'Quick taste, not a result';
