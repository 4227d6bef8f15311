import { deflate, gunzip, gzip, inflate } from 'node:zlib';
import { promisify } from 'node:util';
import { badRequest, HttpError } from '../errors.ts';

const UNPACK = { gzip: promisify(gunzip), deflate: promisify(inflate) };
const PACK = { gzip: promisify(gzip), deflate: promisify(deflate) };

type Encoding = keyof typeof PACK;

/** Smaller ones gain nothing. */
const LEAST_PACKED = 2048;

/** A body without its `Content-Encoding`. Throws E_ARGUMENT: 415 for an encoding that is not known, 413 for more than `most` bytes, 400 for a damaged body. */
export async function unpacked(body: Buffer, encoding: string, most: number): Promise<Buffer> {
  const name = encoding.trim().toLowerCase();
  if (name === 'identity') return body;
  if (!Object.hasOwn(UNPACK, name)) {
    throw new HttpError(415, 'E_ARGUMENT', 'Content-Encoding: expected gzip or deflate.');
  }
  try {
    return await UNPACK[name as Encoding](body, { maxOutputLength: most });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      throw new HttpError(413, 'E_ARGUMENT', `The body: expected at most ${most} bytes without ${name}.`);
    }
    throw badRequest(`The body: expected ${name}, received something else.`);
  }
}

/** What a client takes, of what is worth packing; undefined where it is sent as it is. */
export function encodingFor(accepted: string | undefined, bytes: number): Encoding | undefined {
  if (accepted === undefined || bytes < LEAST_PACKED) return undefined;
  const taken = new Set<string>();
  for (const part of accepted.toLowerCase().split(',')) {
    const [name, quality = ''] = part.split(';').map((text) => text.trim());
    if (!/^q=0(\.0*)?$/.test(quality)) taken.add(name);
  }
  return taken.has('gzip') ? 'gzip' : taken.has('deflate') ? 'deflate' : undefined;
}

export function packed(body: Buffer, encoding: Encoding): Promise<Buffer> {
  // Level 1: time is worth more than bytes between machines that are near.
  return PACK[encoding](body, { level: 1 });
}
