import type { Picture } from '../../images/scale.ts';
import type { Reading } from '../../reading/answer.ts';
import type { ClassReading, Extents } from '../../reading/classOf.ts';

/** A picture, or a drawing of a line of a file, with what was read in it. */
export type Answered = {
  readonly file: string;
  /** Of the drawing, from 1. */
  readonly line?: number;
  /** What was read; absent of strokes. */
  readonly picture?: Picture;
} & (
  | { readonly kind: 'numbers'; readonly reading: Reading }
  | {
      readonly kind: 'class';
      readonly reading: ClassReading;
      readonly extents: Extents;
      readonly classes: readonly string[];
    }
);
