import type { Corruption, CorruptionDefinition } from './corruption.ts';
import { defineCorruption, preparedLevels, sizeOfImages } from './corruption.ts';
import { MNIST_SIZE, type PictureSize } from './picture.ts';

/** A corruption whose levels are amounts of one thing, from little to much; 0 would leave the image as it is. */
export interface Sweep extends Corruption {
  readonly amounts: readonly number[];
  /** What the amounts are, for an axis: 'share of pixels hit'. */
  readonly axis: string;
  at(shape: readonly number[]): Sweep;
}

export interface SweepDefinition extends Omit<CorruptionDefinition<number>, 'published'> {
  readonly axis: string | ((size: PictureSize) => string);
}

export function defineSweep(definition: SweepDefinition): Sweep {
  return sweepOf({ ...definition, published: null }, definition.axis);
}

function sweepOf(
  definition: CorruptionDefinition<number>,
  axis: SweepDefinition['axis'],
  size = MNIST_SIZE,
  corruption = defineCorruption(definition),
): Sweep {
  return {
    ...corruption,
    amounts: preparedLevels(definition, size),
    axis: typeof axis === 'string' ? axis : axis(size),
    at: (shape) => sweepOf(definition, axis, sizeOfImages(shape), corruption.at(shape)),
  };
}
