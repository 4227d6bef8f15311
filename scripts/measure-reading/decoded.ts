import { Codecs } from '../../src/data/readers/pictures/codecs.ts';
import { readPicture } from '../../src/data/readers/pictures/readPicture.ts';
import type { Picture } from '../../src/images/scale.ts';
import { codec } from '../../src/store/codec.ts';

/** A JPEG's picture, by a decoder that is new, as for a user's first picture. */
export function decoded(bytes: Uint8Array): Promise<Picture> {
  return readPicture(bytes, 'JPEG', 'the picture', new Codecs(codec));
}
