import type { Picture } from '../../../images/scale.ts';
import type { ImageKind } from '../kind.ts';
import { readBmp } from './bmp.ts';
import type { Codecs } from './codecs.ts';
import { readGif } from './gif.ts';
import { opaque } from './picture.ts';
import { readPng } from './png.ts';

/** An image of any of the kinds, upright and without transparency, in one channel or three. Throws E_DATA, for one of more than `most` pixels before it is decoded. */
export async function readPicture(
  bytes: Uint8Array,
  kind: ImageKind,
  file: string,
  codecs: Codecs,
  most?: number,
): Promise<Picture> {
  switch (kind) {
    case 'PNG':
      return opaque(readPng(bytes, file, most));
    case 'BMP':
      return opaque(readBmp(bytes, file, most));
    case 'GIF':
      return opaque(readGif(bytes, file, most));
    default:
      return opaque(await codecs.read(bytes, kind, file, most));
  }
}
