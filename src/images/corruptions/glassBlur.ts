import type { Random } from '../../util/random.ts';
import { defineCorruption } from './corruption.ts';
import { blurColumns, gaussianKernel, type GaussianKernel } from './gaussianBlur.ts';
import { SIDE, type Picture } from './picture.ts';

interface Level {
  readonly sigma: number;
  readonly kernel: GaussianKernel;
  readonly reach: number;
  readonly passes: number;
}

/**
 * Gaussian blur σ, rounded down to bytes; passes from the lower right in which each pixel is swapped, with probability ½,
 * with one at offsets drawn from −d … d − 1 (the highest bit of a draw says whether, then one each says the column and the row);
 * Gaussian blur σ again. The published code tells its library that the image's columns are colour channels, so that the blur
 * runs down the columns only, and so does this one.
 */
export const glassBlur = defineCorruption<Level>({
  name: 'glass-blur',
  label: 'Glass blur',
  kind: 'blur',
  meaning: 'pixels swapped with near ones and softened, as through ribbed glass',
  levels: [level(0.7, 1, 2), level(0.9, 2, 1), level(1, 2, 3), level(1.1, 3, 2), level(1.5, 4, 2)],
  published: 0,
  setting: ({ sigma, reach, passes }) => `σ = ${sigma}, d = ${reach}, n = ${passes}`,
  corrupt(picture, { kernel, reach, passes }, random) {
    const blurred = blurColumns(picture, kernel, 'nearest');
    for (let i = 0; i < blurred.length; i++) blurred[i] = Math.floor(255 * blurred[i]) / 255;
    for (let pass = 0; pass < passes; pass++) swapNeighbours(blurred, reach, random);
    return blurColumns(blurred, kernel, 'nearest');
  },
});

function level(sigma: number, reach: number, passes: number): Level {
  return { sigma, kernel: gaussianKernel(sigma), reach, passes };
}

function swapNeighbours(picture: Picture, reach: number, random: Random): void {
  for (let row = SIDE - reach; row > reach; row--) {
    for (let column = SIDE - reach; column > reach; column--) {
      if (random.uint32() < 0x8000_0000) continue;
      const otherColumn = column + offset(reach, random);
      const otherRow = row + offset(reach, random);
      const here = row * SIDE + column;
      const there = otherRow * SIDE + otherColumn;
      const kept = picture[here];
      picture[here] = picture[there];
      picture[there] = kept;
    }
  }
}

/** One of −d … d − 1 from one draw; the chances differ by less than 2⁻²⁹. */
function offset(reach: number, random: Random): number {
  return Math.floor((random.uint32() / 0x1_0000_0000) * 2 * reach) - reach;
}
