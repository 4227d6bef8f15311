import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parseWriterLabels } from '../data/mnist/writerLabels.ts';
import { DactylError } from '../util/errors.ts';
import { makeFolder, writeFileAtomic } from './atomic.ts';
import { fileError } from './fileError.ts';

/** QMNIST's label files have 0.4 MB packed and 1.5 MB unpacked. */
const MOST_BYTES = 16 * 2 ** 20;
const TIMEOUT_MS = 120_000;

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

export interface FetchWritersOptions {
  /** Address of the file itself (http or https); the last part of its path is the file's name. */
  readonly url: string;
  /** Made where it is missing. */
  readonly folder: string;
  /** SHA-256 of the file as it is sent. */
  readonly sha256: string;
  /** For the whole download; 120 s by default. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** After each part received; `total` is undefined where the server does not say it. */
  readonly onProgress?: (received: number, total: number | undefined) => void;
}

/**
 * Fetches a file into `folder` and returns its path. The file appears under its name only when it is there as a whole and
 * its SHA-256 is right; one that is already there with that SHA-256 is not fetched again.
 * Throws E_ARGUMENT for an address that is not one, E_FILE where the server cannot be reached, refuses, stops in the middle,
 * sends more than 16 MiB or is too slow, E_CHECKSUM for another content, E_ABORTED on the signal.
 */
export async function fetchWriters(options: FetchWritersOptions): Promise<string> {
  const { url, folder, sha256, signal } = options;
  const address = requireAddress(url);
  const path = join(folder, basename(address.pathname));
  if (isThere(path, sha256)) return path;
  makeFolder(folder);
  const bytes = await download(address, options);
  const received = sha256Of(bytes);
  if (received !== sha256) {
    throw new DactylError(
      'E_CHECKSUM',
      `${url}: expected SHA-256 ${sha256}, received ${received}. The file is another one and is not kept: check the address.`,
    );
  }
  if (signal?.aborted === true) throw aborted(url);
  writeFileAtomic(path, bytes);
  return path;
}

async function download(address: URL, options: FetchWritersOptions): Promise<Uint8Array> {
  const { url, signal, onProgress, timeoutMs = TIMEOUT_MS } = options;
  const timeout = AbortSignal.timeout(timeoutMs);
  const refuse = (reason: string, cause?: unknown): DactylError =>
    new DactylError(
      'E_FILE',
      `Cannot fetch ${url}: ${reason}. Try again, name another address with --url, or fetch the file by other means and give it with --from.`,
      { cause },
    );
  try {
    const response = await fetch(address, {
      signal: AbortSignal.any(signal === undefined ? [timeout] : [timeout, signal]),
    });
    if (!response.ok) {
      await response.body?.cancel();
      throw refuse(`the server answered ${response.status} ${response.statusText}`.trimEnd());
    }
    const stated = response.headers.get('content-length');
    const total = stated === null || response.headers.has('content-encoding') ? undefined : Number(stated);
    const parts: Uint8Array[] = [];
    let received = 0;
    for await (const part of response.body ?? []) {
      parts.push(part);
      received += part.length;
      // Leaving the loop cancels the stream.
      if (received > MOST_BYTES) throw refuse(`it is larger than ${MOST_BYTES} bytes`);
      onProgress?.(received, total);
    }
    return Buffer.concat(parts);
  } catch (error) {
    if (error instanceof DactylError) throw error;
    if (signal?.aborted === true) throw aborted(url);
    if (timeout.aborted) throw refuse(`it was not there within ${timeoutMs / 1000} s`, error);
    throw refuse(reasonOf(error), error);
  }
}

/** `fetch` says 'fetch failed' or 'terminated' and hides the reason in the cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (!(cause instanceof Error)) return error.message;
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
  const message = cause.message === '' ? (code ?? error.message) : cause.message;
  return error.message === 'terminated' ? `the connection broke off (${message})` : message;
}

function aborted(url: string): DactylError {
  return new DactylError('E_ABORTED', `Stopped while fetching ${url}; nothing was written.`);
}

function requireAddress(url: string): URL {
  const address = URL.canParse(url) ? new URL(url) : undefined;
  const named = address !== undefined && /[^/]$/.test(address.pathname);
  if (address === undefined || !['http:', 'https:'].includes(address.protocol) || !named) {
    throw new DactylError(
      'E_ARGUMENT',
      `Expected the address of a file that begins with http:// or https://, received ${url}.`,
    );
  }
  return address;
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
