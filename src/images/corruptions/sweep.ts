import type { Corruption, CorruptionDefinition } from './corruption.ts';
import { defineCorruption } from './corruption.ts';

/** A corruption whose levels are amounts of one thing, from little to much; 0 would leave the image as it is. */
export interface Sweep extends Corruption {
  readonly amounts: readonly number[];
  /** What the amounts are, for an axis: 'share of pixels hit'. */
  readonly axis: string;
}

export function defineSweep(
  definition: Omit<CorruptionDefinition<number>, 'published'> & { readonly axis: string },
): Sweep {
  const { levels, axis } = definition;
  return { ...defineCorruption({ ...definition, published: null }), amounts: levels, axis };
}
