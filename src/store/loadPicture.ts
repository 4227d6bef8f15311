import type { Picture } from '../images/scale.ts';
import { Codecs } from '../data/readers/pictures/codecs.ts';
import { pictureOfBytes } from '../data/readers/pictureSet.ts';
import { requireType } from '../util/options.ts';
import { codec } from './codec.ts';
import { readFile } from './readFile.ts';

/** Of one file: more than an uncompressed bitmap of the most pixels that are read. */
export const MOST_PICTURE_BYTES = 300_000_000;

/**
 * A picture from a file or its bytes: PNG, JPEG, WebP, BMP or GIF, known by its content, upright, without transparency, in one channel or three. Throws E_FILE for what cannot be opened,
 * E_DATA for what is no picture or damaged, E_FORMAT for a file of more than 300 MB.
 */
export async function loadPicture(origin: string | Uint8Array): Promise<Picture> {
  const isPath = typeof origin === 'string';
  requireType('loadPicture', 'a path or bytes', isPath || (origin as unknown) instanceof Uint8Array, origin);
  return isPath
    ? decodePicture(readFile(origin, MOST_PICTURE_BYTES), origin)
    : decodePicture(origin, 'The picture');
}

const codecs = new Codecs(codec);

/** `file`: its name, for messages. Throws E_DATA, for one of more than `mostPixels` before it is decoded. */
export function decodePicture(bytes: Uint8Array, file: string, mostPixels?: number): Promise<Picture> {
  return pictureOfBytes(bytes, file, codecs, mostPixels);
}
