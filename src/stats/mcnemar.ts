import { DactylError } from '../util/errors.ts';
import { requireNumber, requireNumbers } from '../util/options.ts';
import { incompleteBeta } from './incompleteBeta.ts';
import { logBeta } from './logBeta.ts';
import { requireCount } from './requirements.ts';

/** How two classifiers answered the same images: right by both, by the first or the second alone, by neither. */
export interface PairedAnswers {
  readonly both: number;
  readonly onlyFirst: number;
  readonly onlySecond: number;
  readonly neither: number;
}

export interface McNemar {
  readonly onlyFirst: number;
  readonly onlySecond: number;
  /** Two-sided exact p: never above its level when both are alike, often well below. */
  readonly exactP: number;
  /** Two-sided mid-p: half the weight of the table seen; close to its level (Fagerland et al. 2013). */
  readonly midP: number;
}

/**
 * McNemar's test (1947) on b images that only the first classifier got right and c that only the second did. Under
 * equal error rates min(b, c) is binomial(b + c, ½): exact p = min(1, 2·P(X ≤ min(b, c))), mid-p the same less P(X =
 * min(b, c)), and 1 for b = c. About these two trained networks only, not about how such networks turn out over
 * seeds. Throws E_ARGUMENT unless b and c are whole and ≥ 0.
 */
export function mcnemar(onlyFirst: number, onlySecond: number): McNemar {
  requireNumber('mcnemar: onlyFirst', onlyFirst);
  requireNumber('mcnemar: onlySecond', onlySecond);
  requireCount(onlyFirst, 0, "McNemar's test, images only the first got right");
  requireCount(onlySecond, 0, "McNemar's test, images only the second got right");
  if (onlyFirst === onlySecond) return { onlyFirst, onlySecond, exactP: 1, midP: 1 };
  const n = onlyFirst + onlySecond;
  const k = Math.min(onlyFirst, onlySecond);
  const atMost = incompleteBeta(n - k, k + 1, 0.5);
  const exactly = Math.exp(-logBeta(k + 1, n - k + 1) - Math.log(n + 1) - n * Math.LN2);
  return { onlyFirst, onlySecond, exactP: Math.min(1, 2 * atMost), midP: 2 * atMost - exactly };
}

/**
 * Counts two vectors of answers, 1 right and 0 wrong, over the same images in the same order.
 * Throws E_SHAPE for unequal lengths, E_ARGUMENT for an entry that is neither 0 nor 1.
 */
export function pairedAnswers(first: ArrayLike<number>, second: ArrayLike<number>): PairedAnswers {
  requireNumbers('pairedAnswers: first', first);
  requireNumbers('pairedAnswers: second', second);
  if (first.length !== second.length) {
    throw new DactylError(
      'E_SHAPE',
      `Paired answers: expected as many from both classifiers, received ${first.length} and ${second.length}.`,
    );
  }
  const counts = [0, 0, 0, 0];
  for (let i = 0; i < first.length; i++) {
    for (const answer of [first[i], second[i]]) {
      if (answer !== 0 && answer !== 1) {
        throw new DactylError(
          'E_ARGUMENT',
          `Paired answers: expected 0 or 1, received ${answer} at position ${i}.`,
        );
      }
    }
    counts[2 * first[i] + second[i]]++;
  }
  return { both: counts[3], onlyFirst: counts[2], onlySecond: counts[1], neither: counts[0] };
}
