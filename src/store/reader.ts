import { fileURLToPath } from 'node:url';
import { type Reader, readerOf } from '../reading/reader.ts';
import { readFile } from './readFile.ts';

/** The reader that comes with Dactyl, `data/reader.safetensors`. Throws E_FILE where the file is missing, E_FORMAT where it was changed. */
export function shippedReader(): Promise<Reader> {
  return readerOf(readFile(shippedReaderFile()));
}

/** Where it lies. */
export function shippedReaderFile(): string {
  return fileURLToPath(new URL('../../data/reader.safetensors', import.meta.url));
}
