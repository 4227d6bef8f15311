import type { ReferenceErrors } from './result.ts';

/** Ratios of errors, 1 where a network errs as often as the reference; null where no corruption gives one. */
export interface CorruptionErrors {
  readonly mean: number | null;
  readonly relative: number | null;
}

/**
 * Mean corruption error after Hendrycks & Dietterich 2019 (arXiv 1903.12261), at one level a corruption: the mean over corruptions c of
 * E_c / R_c, E the error of the network and R that of the reference; and the relative one, of (E_c − E) / (R_c − R) with the clean
 * errors E and R, which says how much the corruption adds. A corruption under which the reference makes no error, or none more than on
 * clean images, is left out of the mean.
 */
export function corruptionErrors(
  clean: number,
  corrupted: readonly number[],
  reference: Pick<ReferenceErrors, 'clean' | 'corrupted'>,
): CorruptionErrors {
  return {
    mean: meanRatio(corrupted, reference.corrupted),
    relative: meanRatio(
      corrupted.map((error) => error - clean),
      reference.corrupted.map((error) => error - reference.clean),
    ),
  };
}

function meanRatio(values: readonly number[], references: readonly number[]): number | null {
  const ratios = values.flatMap((value, c) => (references[c] > 0 ? [value / references[c]] : []));
  return ratios.length === 0 ? null : ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length;
}
