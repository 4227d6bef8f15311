import { mean } from '../../stats/describe.ts';
import { spearman } from '../../stats/spearman.ts';
import { studentInterval } from '../../stats/student.ts';

/** How alike two methods' or two networks' maps of the same images are. */
export interface Similarity {
  /** Mean rank correlation of the absolute values, with its 95 % interval over the images; null where it exists for none. */
  readonly absolute: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** Mean rank correlation of the signed values. */
  readonly signed: number | null;
  /** Images for which it exists: maps that are not flat on the digit's ink. */
  readonly images: number;
}

/**
 * Spearman's rank correlation of maps [n][pixels], image by image, over the pixels that hold ink only: elsewhere methods that multiply by the
 * pixel are 0 in both maps, which would count as agreement.
 */
export function similarityOfMaps(
  a: Float32Array,
  b: Float32Array,
  pixels: Uint8Array,
  size: number,
): Similarity {
  const absolute: number[] = [];
  const signed: number[] = [];
  for (let first = 0; first < pixels.length; first += size) {
    const ink = Array.from({ length: size }, (_, p) => first + p).filter((at) => pixels[at] > 0);
    if (ink.length < 2) continue;
    const [left, right] = [ink.map((at) => a[at]), ink.map((at) => b[at])];
    const correlation = spearman(left.map(Math.abs), right.map(Math.abs));
    const withSign = spearman(left, right);
    if (Number.isNaN(correlation) || Number.isNaN(withSign)) continue;
    absolute.push(correlation);
    signed.push(withSign);
  }
  if (absolute.length === 0) return { absolute: null, low: null, high: null, signed: null, images: 0 };
  const interval = absolute.length > 1 ? studentInterval(absolute) : null;
  return {
    absolute: mean(absolute),
    low: interval?.low ?? null,
    high: interval?.high ?? null,
    signed: mean(signed),
    images: absolute.length,
  };
}
