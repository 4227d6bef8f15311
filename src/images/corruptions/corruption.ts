import { DactylError } from '../../util/errors.ts';
import type { Random } from '../../util/random.ts';
import { formatShape } from '../../util/tensor.ts';
import { type Picture, type PictureSize, toBytes, toPicture } from './picture.ts';

/** What a corruption is like: grain, loss of sharpness, a moved or bent digit, other light, or something drawn over it. */
export type CorruptionKind = 'noise' | 'blur' | 'geometry' | 'light' | 'overlay';

/** A way in which an image gets worse, at one or more levels, from mild to strong (spatter changes its kind at level 4, and gets milder). */
export interface Corruption {
  /** For file names and results: 'shot-noise'. */
  readonly name: string;
  readonly label: string;
  readonly kind: CorruptionKind;
  /** What it looks like, in plain words. */
  readonly meaning: string;
  /** [rows, columns] or [rows, columns, channels] of the images that it takes. */
  readonly shape: readonly number[];
  /** One setting a level, as it is written: 'c = 60'. */
  readonly settings: readonly string[];
  /** Index in `settings` of the level that the published MNIST-C set uses; null where it has none. */
  readonly published: number | null;
  /**
   * Writes the image, bytes of `shape`, at the level with that index to `output`, as many bytes. Every channel is corrupted like a grey image, with the
   * draws of a `random()` of its own, so that all of them move together and noise is grey.
   */
  apply(image: ArrayLike<number>, level: number, random: () => Random, output: Uint8Array): void;
  /**
   * The same for images of another shape. Lengths in pixels (shifts, blurs, strokes, covered squares) are multiplied by the shorter side over 28; angles, shares
   * and grey levels stay. E_SHAPE for a shape that is none of an image.
   */
  at(shape: readonly number[]): Corruption;
}

export interface CorruptionDefinition<Level, Prepared = Level> {
  readonly name: string;
  readonly label: string;
  readonly kind: CorruptionKind;
  readonly meaning: string;
  /** For 28 × 28 pixels. */
  readonly levels: readonly Level[];
  readonly published: number | null;
  /** The level for a picture of this size, with all that can be computed beforehand; the level itself where nothing is said. */
  readonly prepare?: (level: Level, size: PictureSize) => Prepared;
  setting(level: Prepared): string;
  /** Grey levels 0 … 1, before they are clipped; may change and return `picture`. */
  corrupt(picture: Picture, level: Prepared, random: Random): Picture;
}

/** A corruption from its formula, for 28 × 28 images; results are clipped to [0, 1] and rounded to bytes, half upwards. */
export function defineCorruption<Level, Prepared = Level>(
  definition: CorruptionDefinition<Level, Prepared>,
): Corruption {
  return corruptionAt(definition, [28, 28]);
}

function corruptionAt<Level, Prepared>(
  definition: CorruptionDefinition<Level, Prepared>,
  shape: readonly number[],
): Corruption {
  const { name, label, kind, meaning, published } = definition;
  const size = sizeOfImages(shape);
  const channels = shape[2] ?? 1;
  const levels = preparedLevels(definition, size);
  /** The channel being corrupted; nothing of it is kept from one image to the next. */
  const scratch: Picture = { values: new Float64Array(size.rows * size.columns), ...size };
  return {
    name,
    label,
    kind,
    meaning,
    shape,
    settings: levels.map((level) => definition.setting(level)),
    published,
    apply: (image, level, random, output) => {
      for (let channel = 0; channel < channels; channel++) {
        const picture = toPicture(image, scratch, channel, channels);
        toBytes(definition.corrupt(picture, levels[level], random()), output, channel, channels);
      }
    },
    at: (other) => corruptionAt(definition, other),
  };
}

/** The levels of a definition for pictures of this size. */
export function preparedLevels<Level, Prepared>(
  { levels, prepare }: CorruptionDefinition<Level, Prepared>,
  size: PictureSize,
): Prepared[] {
  return levels.map((level) => (prepare ? prepare(level, size) : (level as unknown as Prepared)));
}

/** Throws E_SHAPE for what is no [rows, columns] or [rows, columns, channels]. */
export function sizeOfImages(shape: readonly number[]): PictureSize {
  const isImage =
    (shape.length === 2 || shape.length === 3) &&
    shape.every((extent) => Number.isInteger(extent) && extent >= 1);
  if (!isImage) {
    throw new DactylError(
      'E_SHAPE',
      `Corruptions: expected images of the shape [rows, columns] or [rows, columns, channels], received ${formatShape(shape)}.`,
    );
  }
  const [rows, columns] = shape;
  return { rows, columns };
}
