import type { Distortion } from '../images/distortion.ts';

/** Inputs put where a network reads them. Dispose of them when done. */
export interface Rows {
  readonly count: number;
  /** Where every epoch shows the rows in another way: chooses the epoch, from 0. */
  startEpoch?(epoch: number): void;
  dispose(): void;
}

/** How training images are varied from epoch to epoch. */
export interface Augmentation {
  readonly distortion: Distortion;
  /** Of the stream that the distortions are drawn from. */
  readonly seed: number;
}
