import { scaledToSquare, type Picture } from '../../images/scale.ts';
import type { Tensor } from '../../util/tensor.ts';
import type { Codecs } from './pictures/codecs.ts';
import { coloured, grey, isColoured } from './pictures/picture.ts';
import { readPicture } from './pictures/readPicture.ts';
import { yieldToEvents } from '../../util/yieldToEvents.ts';
import { HEAD, isImageKind, kindOf, refusePicture } from './kind.ts';
import { MOST_UNPACKED } from './inflate.ts';
import { refuse } from './refuse.ts';
import { Unreadable } from './unreadable.ts';

/** An image as it lies somewhere: a file, or bytes in a table. */
export interface PictureSource {
  /** For messages: the file, and the place in it. */
  readonly file: string;
  read(): Uint8Array | Promise<Uint8Array>;
}

export interface PictureOptions {
  readonly size?: number;
  readonly channels?: 1 | 3;
  readonly onProgress?: (done: number, total: number) => void;
}

/** How many pictures are read at a stretch, some milliseconds. */
const TURN = 128;

/** How many pictures decide whether a set has colours. */
const LOOKED_AT = 64;

/** In how many channels a set of pictures is: three where most of some that are looked at, spread over the set, have colours. Those that cannot be read have none. */
export async function channelsOf(sources: readonly PictureSource[], codecs: Codecs): Promise<1 | 3> {
  const step = Math.max(1, Math.floor(sources.length / LOOKED_AT));
  let votes = 0;
  let looked = 0;
  for (let k = 0; k < sources.length && looked < LOOKED_AT; k += step) {
    const picture = await new Unreadable(String).orRefused(() => pictureOf(sources[k], codecs));
    votes += picture && isColoured(picture) ? 1 : 0;
    looked++;
  }
  return votes * 2 > looked ? 3 : 1;
}

/**
 * Pictures as one tensor [n, rows, columns] or [n, rows, columns, 3]: grey or in colours as `channels` says, and scaled where `size` says so. Those that cannot be
 * read are told to `unreadable`, and their pixels mean nothing. Throws E_DATA for the first of another size than those before it where nothing is scaled.
 */
export async function readPictures(
  sources: readonly PictureSource[],
  channels: 1 | 3,
  codecs: Codecs,
  unreadable: Unreadable,
  { size, onProgress }: PictureOptions,
): Promise<Tensor<Uint8Array>> {
  let data: Uint8Array = new Uint8Array(0);
  let first: (Picture & Pick<PictureSource, 'file'>) | undefined;
  const keep = (read: Picture, i: number): void => {
    const { file } = sources[i];
    const picture = channels === 1 ? grey(read) : coloured(read);
    first ??= { ...picture, file };
    if (size === undefined && (picture.rows !== first.rows || picture.columns !== first.columns)) {
      refuse(file, {
        expected: `an image of ${first.columns} × ${first.rows} pixels, as ${first.file} is`,
        received: `${picture.columns} × ${picture.rows}`,
        remedy: 'Scale them to one size, or let it be done: size: 28.',
        otherwise:
          'Scale them to one size, or let it be done: --size 28 (PATH@28 in files and where there is no --size).',
      });
    }
    const pixels = size === undefined ? picture.data : scaledToSquare(picture, size);
    const { length } = pixels;
    if (sources.length * length > MOST_UNPACKED) {
      refuse(file, {
        expected: `images of together at most ${MOST_UNPACKED} bytes`,
        received: `${sources.length} of ${length}`,
        remedy: 'Make them smaller: size: 28.',
        otherwise: 'Make them smaller: --size 28 (PATH@28 in files and where there is no --size).',
      });
    }
    if (data.length === 0) data = new Uint8Array(sources.length * length);
    data.set(pixels, i * length);
  };
  for (let i = 0; i < sources.length; i++) {
    const read = await unreadable.orRefused(() => pictureOf(sources[i], codecs));
    if (read !== undefined) keep(read, i);
    onProgress?.(i + 1, sources.length);
    // Decoding waits for nothing, so that without this no signal would get through.
    if (i % TURN === TURN - 1) await yieldToEvents();
  }
  const { rows, columns } = first ?? { rows: 0, columns: 0 };
  const extents = size === undefined ? [rows, columns] : [size, size];
  return {
    data,
    shape: [sources.length, ...extents, ...(channels === 3 ? [3] : [])],
  };
}

async function pictureOf(source: PictureSource, codecs: Codecs): Promise<Picture> {
  return pictureOfBytes(await source.read(), source.file, codecs);
}

/** The picture that a file is, whatever its name. Throws E_DATA where it is none, before it is decoded where it has more than `mostPixels`. */
export function pictureOfBytes(
  bytes: Uint8Array,
  file: string,
  codecs: Codecs,
  mostPixels?: number,
): Promise<Picture> {
  const head = bytes.subarray(0, HEAD);
  const kind = kindOf(head);
  return isImageKind(kind) ? readPicture(bytes, kind, file, codecs, mostPixels) : refusePicture(head, file);
}
