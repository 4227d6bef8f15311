import type { Random } from '../../util/random.ts';
import type { Picture } from './picture.ts';

/**
 * About `share` of the pixels become 0 or 1 with equal chances, in place. One draw for each pixel: its upper 31 bits decide
 * whether, its lowest bit what. With the same draws a greater share hits the same pixels and others.
 */
export function saltAndPepper(picture: Picture, share: number, random: Random): Picture {
  const { values } = picture;
  for (let i = 0; i < values.length; i++) {
    const draw = random.uint32();
    if ((draw >>> 1) / 0x8000_0000 < share) values[i] = draw & 1;
  }
  return picture;
}
