import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parseWriterLabels } from '../data/mnist/writerLabels.ts';
import { DactylError } from '../util/errors.ts';
import { download, type DownloadOptions, requireAddress } from './download.ts';
import { fileError } from './fileError.ts';

/** QMNIST's label files have 0.4 MB packed and 1.5 MB unpacked. */
const MOST_BYTES = 16 * 2 ** 20;

/**
 * The writers of MNIST's images from one of QMNIST's label files, plain (`.tsv`) or gzipped (`.tsv.gz`, known by its first
 * two bytes). `labels`: MNIST's labels of the same images, to which every row is held. Synchronous.
 * Throws E_FILE for a file that is missing, cannot be read or is larger than 16 MiB, E_FORMAT for one that is damaged, larger
 * than that when unpacked, or not about these images.
 */
export function loadWriters(path: string, labels: ArrayLike<number>): Uint16Array {
  const text = new TextDecoder().decode(unpacked(read(path), path));
  return parseWriterLabels(text, labels, basename(path));
}

export interface FetchWritersOptions extends Pick<
  DownloadOptions,
  'tries' | 'waitMs' | 'stallMs' | 'signal' | 'onProgress'
> {
  /** Address of the file itself (http or https); the last part of its path is the file's name. */
  readonly url: string;
  /** Made where it is missing. */
  readonly folder: string;
  /** SHA-256 of the file as it is sent. */
  readonly sha256: string;
}

/**
 * Fetches a file into `folder` and returns its path; one that is already there with that SHA-256 is not fetched again. Throws as `download`, and
 * E_FILE for more than 16 MiB.
 */
export async function fetchWriters({
  url,
  folder,
  sha256,
  ...options
}: FetchWritersOptions): Promise<string> {
  const path = join(folder, basename(requireAddress(url).pathname));
  if (isThere(path, sha256)) return path;
  try {
    await download({
      ...options,
      urls: [url],
      path,
      sum: { algorithm: 'sha256', value: sha256, of: 'file' },
      most: MOST_BYTES,
    });
  } catch (error) {
    if (!(error instanceof DactylError && error.code === 'E_FILE')) throw error;
    throw new DactylError(
      'E_FILE',
      `${error.message} Try again, name another address with --url, or fetch the file by other means and give it with --from.`,
      { cause: error },
    );
  }
  return path;
}

function isThere(path: string, sha256: string): boolean {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats?.isFile() === true && stats.size <= MOST_BYTES && sha256Of(read(path)) === sha256;
}

function read(path: string): Uint8Array {
  try {
    const stats = statSync(path);
    if (!stats.isFile()) throw new DactylError('E_FILE', `Cannot read ${path}: it is not a file.`);
    if (stats.size > MOST_BYTES) {
      throw new DactylError(
        'E_FILE',
        `Cannot read ${path}: expected at most ${MOST_BYTES} bytes, received ${stats.size}. Give one of QMNIST's label files.`,
      );
    }
    return readFileSync(path);
  } catch (error) {
    throw error instanceof DactylError ? error : fileError(error, 'read', path);
  }
}

function unpacked(bytes: Uint8Array, path: string): Uint8Array {
  if (!(bytes[0] === 0x1f && bytes[1] === 0x8b)) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: MOST_BYTES });
  } catch (cause) {
    const tooLarge = cause instanceof Error && 'code' in cause && cause.code === 'ERR_BUFFER_TOO_LARGE';
    const reason = tooLarge ? `more than ${MOST_BYTES} bytes` : `a damaged one (${(cause as Error).message})`;
    throw new DactylError(
      'E_FORMAT',
      `${basename(path)}: expected a gzip file of one of QMNIST's label files, received ${reason}. Fetch it again.`,
      { cause },
    );
  }
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
