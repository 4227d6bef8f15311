import { crossedBootstrap } from '../../stats/crossedBootstrap.ts';
import { mean } from '../../stats/describe.ts';
import { differing } from '../../stats/differing.ts';
import { wilson } from '../../stats/wilson.ts';
import type { Random } from '../../util/random.ts';

/** A share of images with its 95 % interval: crossed over seeds and images, or of a single network over images alone (Wilson). */
export interface AttackedShare {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly over: 'seeds and images' | 'images';
}

/** First minus second arm over the seeds that both have; null ends for a single pair, of which no interval would tell about other seeds. */
export interface AttackedDifference {
  readonly n: number;
  /** How many of them are not zero; results of before it was counted leave it out. */
  readonly differ?: number;
  readonly mean: number;
  readonly low: number | null;
  readonly high: number | null;
}

/** Of the networks of one arm, `right` with 1 for each image answered rightly. The crossed bootstrap is of the errors, which are the fewer. */
export function shareOfRight(right: readonly Uint8Array[], random: Random): AttackedShare {
  if (right.length === 1) {
    const [only] = right;
    const count = only.reduce((sum, value) => sum + value, 0);
    return { mean: count / only.length, ...wilson(count, only.length), over: 'images' };
  }
  const faultless = new Uint8Array(right[0].length).fill(1);
  const { difference, low, high } = crossedBootstrap(
    right,
    right.map(() => faultless),
    { random },
  );
  const share = (value: number): number => Math.min(1, Math.max(0, 1 + value));
  return { mean: share(difference), low: share(low), high: share(high), over: 'seeds and images' };
}

/** Null where there is no pair. */
export function differenceOfRight(
  pairs: readonly (readonly [Uint8Array, Uint8Array])[],
  random: Random,
): AttackedDifference | null {
  if (pairs.length === 0) return null;
  const { difference, low, high } = crossedBootstrap(
    pairs.map(([first]) => first),
    pairs.map(([, second]) => second),
    { random },
  );
  const several = pairs.length > 1;
  return {
    n: pairs.length,
    differ: differing(pairs.map(([first, second]) => mean(first) - mean(second))),
    mean: difference,
    low: several ? low : null,
    high: several ? high : null,
  };
}
