import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Coded } from '../data/readers/pictures/codecs.ts';
import { DactylError } from '../util/errors.ts';

const FILES = {
  JPEG: '@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm',
  WebP: '@jsquash/webp/codec/dec/webp_dec.wasm',
} as const satisfies Record<Coded, string>;

/** The compiled decoder of a format, from its package. Throws E_FILE where that is not installed. */
export async function codec(format: Coded): Promise<WebAssembly.Module> {
  try {
    return await WebAssembly.compile(readFileSync(createRequire(import.meta.url).resolve(FILES[format])));
  } catch (cause) {
    throw new DactylError(
      'E_FILE',
      `${format}: expected its decoder ${FILES[format]} to be installed, found none. Run npm ci.`,
      { cause },
    );
  }
}
