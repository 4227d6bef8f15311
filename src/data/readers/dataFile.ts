import { requireBytes, requireText } from '../../util/options.ts';

/** A file that may be read, wherever it is. */
export interface DataFile {
  /** Within the folder that was named, with '/' between folders; or its name. */
  readonly path: string;
  /** As messages call it; otherwise by its path. */
  readonly shown?: string;
  /** Its first bytes, at most `count`, without reading all of it. */
  head(count: number): Uint8Array | Promise<Uint8Array>;
  read(): Uint8Array | Promise<Uint8Array>;
}

/** Bytes that are at hand as a file, for `readDataSet`. Throws E_ARGUMENT. */
export function bytesFile(path: string, bytes: Uint8Array): DataFile {
  requireText('bytesFile: path', path);
  requireBytes('bytesFile: bytes', bytes);
  // Streams take no shared memory.
  const own = bytes.buffer instanceof ArrayBuffer ? bytes : new Uint8Array(bytes);
  return { path, head: (count) => own.subarray(0, count), read: () => own };
}
