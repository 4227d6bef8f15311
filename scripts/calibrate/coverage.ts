import { Random } from '../../src/util/random.ts';
import { OVER_IMAGES } from './intervals/overImages.ts';
import { OVER_SEEDS } from './intervals/overSeeds.ts';
import { PARAMETRIC } from './intervals/parametric.ts';
import type { Fixture } from './fixture.ts';

/** An interval of one simulated study and what it should cover. */
export interface Estimate {
  readonly low: number;
  readonly high: number;
  readonly truth: number;
}

/** A kind of interval that a page prints, with a way to make studies whose truth is known. */
export interface IntervalKind {
  readonly name: string;
  readonly printed: string;
  readonly generator: string;
  readonly unit: string;
  readonly sizes: readonly number[];
  /** Simulated studies of each size; fewer for what takes long. */
  readonly studies: number;
  /** Several, where they promise to cover all at once. */
  readonly draw: (fixture: Fixture, n: number, random: Random) => Estimate | readonly Estimate[];
  /** How the pages state a coverage outside of 93 to 97 %, where there is one. */
  readonly stated?: string;
}

export const INTERVAL_KINDS: readonly IntervalKind[] = [...OVER_SEEDS, ...OVER_IMAGES, ...PARAMETRIC];

export interface Coverage {
  readonly kind: string;
  readonly n: number;
  readonly studies: number;
  readonly covered: number;
  /** The truth lay below the interval, above it; of several intervals the first that missed counts. */
  readonly below: number;
  readonly above: number;
}

/** How often the interval held the truth. The studies are numbered from `first`, so that they can be made in parts. */
export function coverageOf(
  fixture: Fixture,
  { name, draw }: IntervalKind,
  n: number,
  studies: number,
  first = 0,
): Coverage {
  let below = 0;
  let above = 0;
  for (let study = first; study < first + studies; study++) {
    const drawn = draw(fixture, n, new Random(study, `coverage/${name}/${n}`));
    const missed = [drawn].flat().find(({ low, high, truth }) => !(low <= truth && truth <= high));
    if (missed === undefined) continue;
    if (missed.truth < missed.low) below++;
    else above++;
  }
  return { kind: name, n, studies, covered: studies - below - above, below, above };
}
