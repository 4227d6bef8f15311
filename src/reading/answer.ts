import type { Picture } from '../images/scale.ts';

/** In pixels of the picture that was given, or in the unit of the strokes. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface DigitReading {
  /** The most probable digit. */
  readonly digit: number;
  /** The next. */
  readonly second: number;
  /** [10]: calibrated probability of each digit; with `none` they sum to 1. */
  readonly probabilities: Float64Array;
  /** Calibrated probability that this is no digit; 0 of a reader that has no such class. */
  readonly none: number;
  /** Probability of `digit`. */
  readonly confidence: number;
  /** Why the reader is not sure; absent where it is. */
  readonly notSure?: string;
  readonly box: Box;
  /** What was cut out, one channel, 0 background and 255 ink, upright. */
  readonly crop: Picture;
  /** [784]: what the network saw. */
  readonly image: Uint8Array;
}

/** Digits side by side. */
export interface NumberReading {
  /** Such as '2026'; '?' in place of digits that the reader is not sure of. */
  readonly text: string;
  /** From left to right. */
  readonly digits: readonly DigitReading[];
  readonly box: Box;
  /** From the top, 0 first. */
  readonly line: number;
  /** Product of the digits' probabilities. */
  readonly confidence: number;
  /** Of the first digit that has one. */
  readonly notSure?: string;
}

export interface Reading {
  /** Of the picture, in pixels; of strokes, of their box in their unit. */
  readonly width: number;
  readonly height: number;
  /** Line by line, from left to right. */
  readonly numbers: readonly NumberReading[];
  /** What else is to be said, such as that no digit was found. */
  readonly notes: readonly string[];
}
