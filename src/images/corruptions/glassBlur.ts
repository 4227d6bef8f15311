import type { Random } from '../../util/random.ts';
import { defineCorruption } from './corruption.ts';
import { blurColumns, gaussianKernel, type GaussianKernel } from './gaussianBlur.ts';
import { lengthText, type Picture, scaleOf, wholePixels } from './picture.ts';

interface Level {
  readonly sigma: number;
  readonly reach: number;
  readonly passes: number;
}

interface Prepared extends Level {
  readonly kernel: GaussianKernel;
}

/**
 * Gaussian blur σ, rounded down to bytes; passes from the lower right in which each pixel is swapped, with probability ½,
 * with one at offsets drawn from −d … d − 1 (the highest bit of a draw says whether, then one each says the column and the row);
 * Gaussian blur σ again. The published code tells its library that the image's columns are colour channels, so that the blur
 * runs down the columns only, and so does this one.
 */
export const glassBlur = defineCorruption<Level, Prepared>({
  name: 'glass-blur',
  label: 'Glass blur',
  kind: 'blur',
  meaning: 'pixels swapped with near ones and softened, as through ribbed glass',
  levels: [level(0.7, 1, 2), level(0.9, 2, 1), level(1, 2, 3), level(1.1, 3, 2), level(1.5, 4, 2)],
  published: 0,
  prepare: ({ sigma, reach, passes }, size) => {
    const scaled = sigma * scaleOf(size);
    return { sigma: scaled, reach: wholePixels(reach, size), passes, kernel: gaussianKernel(scaled) };
  },
  setting: ({ sigma, reach, passes }) => `σ = ${lengthText(sigma)}, d = ${reach}, n = ${passes}`,
  corrupt(picture, { kernel, reach, passes }, random) {
    const blurred = blurColumns(picture, kernel, 'nearest');
    const { values } = blurred;
    for (let i = 0; i < values.length; i++) values[i] = Math.floor(255 * values[i]) / 255;
    for (let pass = 0; pass < passes; pass++) swapNeighbours(blurred, reach, random);
    return blurColumns(blurred, kernel, 'nearest');
  },
});

function level(sigma: number, reach: number, passes: number): Level {
  return { sigma, reach, passes };
}

function swapNeighbours({ values, rows, columns }: Picture, reach: number, random: Random): void {
  for (let row = rows - reach; row > reach; row--) {
    for (let column = columns - reach; column > reach; column--) {
      if (random.uint32() < 0x8000_0000) continue;
      const otherColumn = column + offset(reach, random);
      const otherRow = row + offset(reach, random);
      const here = row * columns + column;
      const there = otherRow * columns + otherColumn;
      const kept = values[here];
      values[here] = values[there];
      values[there] = kept;
    }
  }
}

/** One of −d … d − 1 from one draw; the chances differ by less than 2⁻²⁹. */
function offset(reach: number, random: Random): number {
  return Math.floor((random.uint32() / 0x1_0000_0000) * 2 * reach) - reach;
}
