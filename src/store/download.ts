import { createHash } from 'node:crypto';
import {
  closeSync,
  createReadStream,
  existsSync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { DactylError } from '../util/errors.ts';
import { makeFolder } from './atomic.ts';
import { fileError } from './fileError.ts';
import { sha256 } from './sha256.ts';

/** What a file has to be. */
export interface FileSum {
  readonly algorithm: 'sha256' | 'md5';
  readonly value: string;
  /** Of the bytes that a gzip file unpacks to, which those who pack it anew do not change, or of the file as it was published. */
  readonly of: 'unpacked' | 'file';
  /** How many bytes these are. */
  readonly bytes?: number;
}

export interface DownloadOptions {
  /** Addresses of the same content (http or https), tried in this order. */
  readonly urls: readonly string[];
  /** Where the file appears once it is there as a whole. */
  readonly path: string;
  readonly sum: FileSum;
  /** Of the file as it is sent; more is refused while it comes. */
  readonly most: number;
  /** Tries at each address; 4 by default. What was received is kept, and the next try asks for the rest. */
  readonly tries?: number;
  /** Before the second try, twice as long before each further one; 1 s by default. */
  readonly waitMs?: number;
  /** Without a byte for so long a try is given up; 30 s by default. */
  readonly stallMs?: number;
  readonly signal?: AbortSignal;
  /** After each part received; `total` is undefined where the server does not say it. */
  readonly onProgress?: (received: number, total: number | undefined) => void;
}

/** A failed try: another may help, or only another address. */
class Failure extends Error {
  readonly again: boolean;
  constructor(reason: string, again: boolean, cause?: unknown) {
    super(reason, { cause });
    this.again = again;
  }
}

/**
 * Fetches a file; it appears under its name only whole and with the right sum. What was received of it lies beside as `.<name>.<address>.part`, and is
 * gone on with, by this call and by later ones, until it is whole. Throws E_ARGUMENT for an address that is none, E_FILE where no address gives the
 * file, saying why of each, E_CHECKSUM where all that give one give another, E_ABORTED on the signal.
 */
export async function download(options: DownloadOptions): Promise<void> {
  const { urls, path, sum, signal } = options;
  const addresses = urls.map(requireAddress);
  makeFolder(dirname(path));
  const reasons: string[] = [];
  let other: DactylError | undefined;
  for (const address of addresses) {
    const part = join(dirname(path), `.${basename(path)}.${sha256(address.href).slice(0, 8)}.part`);
    const begun = existsSync(part);
    try {
      await received(address, part, options);
      let found = await sumOf(part, sum);
      if (found !== sum.value && begun) {
        // What was there from before may be of another file.
        rmSync(part, { force: true });
        await received(address, part, options);
        found = await sumOf(part, sum);
      }
      if (found === sum.value) {
        renameSync(part, path);
        return;
      }
      rmSync(part, { force: true });
      other = new DactylError(
        'E_CHECKSUM',
        `${address.href}: expected ${sumText(sum)}, received ${found}. The file is another one and is not kept: check the address.`,
      );
      reasons.push(`${address.href} has another file`);
    } catch (error) {
      if (signal?.aborted === true) {
        throw new DactylError('E_ABORTED', `Stopped while fetching ${address.href}.`, { cause: error });
      }
      if (!(error instanceof Failure))
        throw error instanceof DactylError ? error : fileError(error, 'write', part);
      reasons.push(`${address.href}: ${error.message}`);
    }
  }
  if (other !== undefined && reasons.length === 1) throw other;
  throw new DactylError(
    other === undefined ? 'E_FILE' : 'E_CHECKSUM',
    `Cannot fetch ${basename(path)}: ${reasons.join('; ')}.`,
  );
}

/** The address of a file by http or https. Throws E_ARGUMENT. */
export function requireAddress(url: string): URL {
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

export function sumText({ algorithm, value, of }: FileSum): string {
  return `${algorithm === 'sha256' ? 'SHA-256' : 'MD5'} ${value}${of === 'unpacked' ? ' of the file unpacked' : ''}`;
}

/** The sum of a file, or why it has none. Throws E_FILE. */
export async function sumOf(path: string, { algorithm, of, bytes }: FileSum): Promise<string> {
  const hash = createHash(algorithm);
  let count = 0;
  const head = createReadStream(path, { end: 1 });
  try {
    let magic = Buffer.alloc(0);
    for await (const chunk of head) magic = Buffer.concat([magic, chunk as Buffer]);
    const packed = of === 'unpacked' && magic[0] === 0x1f && magic[1] === 0x8b;
    const file = createReadStream(path, { highWaterMark: 1 << 20 });
    const stream = packed ? file.pipe(createGunzip()) : file;
    for await (const chunk of stream) {
      count += (chunk as Buffer).length;
      if (bytes !== undefined && count > bytes) {
        file.destroy();
        return `more than ${bytes} bytes`;
      }
      hash.update(chunk as Buffer);
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('Z_'))
      return `a damaged file (${error.message})`;
    throw fileError(error, 'read', path);
  }
  return bytes !== undefined && count !== bytes ? `${count} bytes instead of ${bytes}` : hash.digest('hex');
}

/** The whole of what an address sends, in `part`. */
async function received(address: URL, part: string, options: DownloadOptions): Promise<void> {
  const { tries = 4, waitMs = 1000, signal } = options;
  for (let attempt = 1; ; attempt++) {
    try {
      await goOn(address, part, options);
      return;
    } catch (error) {
      if (!(error instanceof Failure && error.again) || attempt >= tries || signal?.aborted) throw error;
      await pause(waitMs * 2 ** (attempt - 1), signal);
    }
  }
}

/** One try: the rest of what is there already, or all of it. */
async function goOn(
  address: URL,
  part: string,
  { most, stallMs = 30_000, signal, onProgress }: DownloadOptions,
): Promise<void> {
  const there = statSync(part, { throwIfNoEntry: false })?.size ?? 0;
  const stall = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const alive = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      stall.abort();
    }, stallMs);
  };
  try {
    alive();
    const response = await fetch(address, {
      signal: AbortSignal.any(signal === undefined ? [stall.signal] : [stall.signal, signal]),
      headers:
        there > 0
          ? { range: `bytes=${there}-`, 'accept-encoding': 'identity' }
          : { 'accept-encoding': 'identity' },
    });
    const begins = await startOf(response, there);
    if (begins === null) return;
    const stated = response.headers.get('content-length');
    const coded = response.headers.has('content-encoding');
    const total = stated === null || coded ? undefined : begins + Number(stated);
    if (total !== undefined && total > most) {
      await response.body?.cancel();
      throw new Failure(`it says that it is larger than ${most} bytes (${total})`, false);
    }
    const descriptor = openSync(part, begins === 0 ? 'w' : 'a');
    let count = begins;
    try {
      for await (const chunk of response.body ?? []) {
        alive();
        count += chunk.length;
        if (count > most) {
          // What is there is nothing to go on from.
          rmSync(part, { force: true });
          throw new Failure(`it is larger than ${most} bytes`, false);
        }
        writeSync(descriptor, chunk);
        onProgress?.(count, total);
      }
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    if (total !== undefined && count < total)
      throw new Failure(`the connection broke off after ${count} of ${total} bytes`, true);
  } catch (error) {
    if (error instanceof Failure || signal?.aborted === true) throw error;
    if (stall.signal.aborted) throw new Failure(`nothing came for ${stallMs / 1000} s`, true, error);
    if (isFileError(error)) throw error;
    const reason = reasonOf(error);
    throw new Failure(reason, !/redirect/.test(reason), error);
  } finally {
    clearTimeout(timer);
  }
}

/** At which byte the answer begins; null where there is no more to come. */
async function startOf(response: Response, there: number): Promise<number | null> {
  const { status } = response;
  if (status === 200) return 0;
  const range = /^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '');
  if (status === 206 && range !== null && Number(range[1]) === there) return there;
  await response.body?.cancel();
  if (status === 206) throw new Failure(`the server sent another range than was asked for`, false);
  // What is there is all of it, which the sum will tell.
  if (status === 416 && there > 0) return null;
  const again = status === 408 || status === 429 || status >= 500;
  throw new Failure(`the server answered ${status} ${response.statusText}`.trimEnd(), again);
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal?.addEventListener('abort', end, { once: true });
  });
}

function isFileError(error: unknown): boolean {
  return (
    error instanceof Error && 'syscall' in error && ['open', 'write', 'fsync'].includes(String(error.syscall))
  );
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
