import type { Random } from '../../util/random.ts';
import { PIXELS, toBytes, toPicture, type Picture } from './picture.ts';

/** What a corruption is like: grain, loss of sharpness, a moved or bent digit, other light, or something drawn over it. */
export type CorruptionKind = 'noise' | 'blur' | 'geometry' | 'light' | 'overlay';

/** A way in which a 28 × 28 image gets worse, at one or more levels, from mild to strong (spatter changes its kind at level 4, and gets milder). */
export interface Corruption {
  /** For file names and results: 'shot-noise'. */
  readonly name: string;
  readonly label: string;
  readonly kind: CorruptionKind;
  /** What it looks like, in plain words. */
  readonly meaning: string;
  /** One setting a level, as it is written: 'c = 60'. */
  readonly settings: readonly string[];
  /** Index in `settings` of the level that the published MNIST-C set uses; null where it has none. */
  readonly published: number | null;
  /** Writes the image (784 bytes) at the level with that index to `output`, 784 bytes too. */
  apply(image: ArrayLike<number>, level: number, random: Random, output: Uint8Array): void;
}

export interface CorruptionDefinition<Level> {
  readonly name: string;
  readonly label: string;
  readonly kind: CorruptionKind;
  readonly meaning: string;
  readonly levels: readonly Level[];
  readonly published: number | null;
  setting(level: Level): string;
  /** Grey levels 0 … 1, before they are clipped; may change and return `picture`. */
  corrupt(picture: Picture, level: Level, random: Random): Picture;
}

/** The image being corrupted; nothing of it is kept from one image to the next. */
const scratch: Picture = new Float64Array(PIXELS);

/** A corruption from its formula; results are clipped to [0, 1] and rounded to bytes, half upwards. */
export function defineCorruption<Level>(definition: CorruptionDefinition<Level>): Corruption {
  const { name, label, kind, meaning, levels, published } = definition;
  return {
    name,
    label,
    kind,
    meaning,
    settings: levels.map((level) => definition.setting(level)),
    published,
    apply: (image, level, random, output) => {
      toBytes(definition.corrupt(toPicture(image, scratch), levels[level], random), output);
    },
  };
}
