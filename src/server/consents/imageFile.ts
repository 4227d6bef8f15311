import { encode } from 'fast-png';
import { sizeOf } from '../../util/tensor.ts';

/** An image just as the network saw it, as a PNG of 8 bits: grey, or red, green and blue; undefined for other numbers of channels, of which there is no picture. */
export function pngOf(image: Uint8Array, shape: readonly number[]): Uint8Array | undefined {
  const [height, width, channels = 1] = shape;
  const isPicture = (shape.length === 2 || shape.length === 3) && (channels === 1 || channels === 3);
  if (!isPicture || image.length !== sizeOf(shape)) return undefined;
  return encode({ width, height, channels, depth: 8, data: image });
}

/** For `src` of an image element. */
export function pngUri(image: Uint8Array, shape: readonly number[]): string | null {
  const png = pngOf(image, shape);
  return png === undefined ? null : `data:image/png;base64,${Buffer.from(png).toString('base64')}`;
}
