import { crc32 } from './crc32.ts';
import { inflate, requireInflatable } from './inflate.ts';
import { ANEW, hexOf, refuse } from './refuse.ts';

/** A file within a zip archive. */
export interface ZipEntry {
  readonly name: string;
  /** 0: stored, 8: deflated. */
  readonly method: number;
  readonly crc: number;
  /** In the archive, and unpacked, in bytes. */
  readonly packed: number;
  readonly size: number;
  /** Where its data begin. */
  readonly start: number;
}

const END = 0x06054b50;
const END_64 = 0x06064b50;
const LOCATOR_64 = 0x07064b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const BIG = 0xffff_ffff;

/**
 * The entries of a zip archive, from its central directory: what local headers say of sizes is not used, since numpy writes 0xFFFFFFFF there. Folders
 * are left out. Throws E_DATA where the directory is damaged, entries overlap (a bomb), have one name, are encrypted, or packed by other methods
 * than none and deflate (PKWARE, APPNOTE 6.3.10).
 */
export function zipEntries(bytes: Uint8Array, file: string): ZipEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { count, start, length } = directoryOf(view, file);
  const entries: ZipEntry[] = [];
  let at = start;
  for (let k = 0; k < count; k++) {
    if (at + 46 > start + length || view.getUint32(at, true) !== CENTRAL) {
      damaged(file, at, `entry ${k + 1} of ${count} of the directory`, hexOf(bytes.subarray(at)));
    }
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((k) => view.getUint16(at + k, true));
    const next = at + 46 + nameLength + extraLength + commentLength;
    if (next > start + length) {
      damaged(file, at, `entry ${k + 1} of ${count} within the directory`, `an end at byte ${next}`);
    }
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength));
    if (!name.endsWith('/')) entries.push(entryAt(view, at, name, nameLength, extraLength, start, file));
    at = next;
  }
  requireApart(entries, file);
  return entries;
}

/** The content of an entry, held to its size and CRC-32. Throws E_DATA. */
export async function unzip(bytes: Uint8Array, entry: ZipEntry, file: string): Promise<Uint8Array> {
  const name = `${file}, ${entry.name}`;
  const packed = bytes.subarray(entry.start, entry.start + entry.packed);
  if (entry.method === 8) requireInflatable(name, entry.packed, entry.size);
  const content = entry.method === 0 ? packed : await inflate(packed, name, 'deflate-raw', entry.size);
  if (content.length !== entry.size) {
    refuse(name, {
      expected: `${entry.size} bytes, as the directory says`,
      received: `${content.length}`,
      remedy: ANEW,
    });
  }
  if (crc32(content) !== entry.crc) {
    refuse(name, { expected: 'the CRC-32 that the directory states', received: 'another', remedy: ANEW });
  }
  return content;
}

function directoryOf(view: DataView, file: string): { count: number; start: number; length: number } {
  let end = view.byteLength - 22;
  const first = Math.max(0, end - 0xffff);
  while (end >= first && view.getUint32(end, true) !== END) end--;
  if (end < first) {
    return damaged(file, view.byteLength, 'the directory at the end of a zip archive', 'none');
  }
  let count = view.getUint16(end + 10, true);
  let length = view.getUint32(end + 12, true);
  let start = view.getUint32(end + 16, true);
  let limit = end;
  if ((count === 0xffff || length === BIG || start === BIG) && end >= 20) {
    if (view.getUint32(end - 20, true) !== LOCATOR_64) {
      damaged(file, end - 20, 'the locator of a ZIP64 directory', 'none');
    }
    const end64 = bigAt(view, end - 12);
    if (end64 + 56 > end || view.getUint32(end64, true) !== END_64) {
      damaged(file, end - 12, 'the place of a ZIP64 directory', String(end64));
    }
    count = bigAt(view, end64 + 32);
    length = bigAt(view, end64 + 40);
    start = bigAt(view, end64 + 48);
    limit = end64;
  }
  if (start + length > limit || count * 46 > length) {
    damaged(
      file,
      end,
      `a directory before byte ${limit}`,
      `${count} entries in ${length} bytes from byte ${start}`,
    );
  }
  return { count, start, length };
}

function entryAt(
  view: DataView,
  at: number,
  name: string,
  nameLength: number,
  extraLength: number,
  directory: number,
  file: string,
): ZipEntry {
  const flags = view.getUint16(at + 8, true);
  const method = view.getUint16(at + 10, true);
  if ((flags & 1) !== 0) {
    refuse(file, { at: name, expected: 'a file without a password', received: 'an encrypted one' });
  }
  if (method !== 0 && method !== 8) {
    refuse(file, {
      at: name,
      expected: 'a file that is stored or deflated',
      received: `method ${method}`,
      remedy: 'Unpack the archive and pack it anew, or give the folder.',
    });
  }
  const fields = [24, 20, 42].map((k) => view.getUint32(at + k, true));
  if (fields.includes(BIG)) replaceBig(view, at + 46 + nameLength, extraLength, fields, name, file);
  const [size, packed, local] = fields;
  if (local + 30 > directory || view.getUint32(local, true) !== LOCAL) {
    damaged(file, at, `${name} at byte ${local}`, 'no file there');
  }
  const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
  if (start + packed > directory) {
    damaged(
      file,
      at,
      `${name} to end before the directory at byte ${directory}`,
      `an end at byte ${start + packed}`,
    );
  }
  if (method === 0 && packed !== size) {
    damaged(file, at, `${name} to have one size, since it is stored`, `${packed} and ${size} bytes`);
  }
  return { name, method, crc: view.getUint32(at + 16, true), packed, size, start };
}

/** Puts the values of the ZIP64 extra in the place of those that are 0xFFFFFFFF, in their order. */
function replaceBig(
  view: DataView,
  from: number,
  length: number,
  fields: number[],
  name: string,
  file: string,
): void {
  for (let at = from; at + 4 <= from + length; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== 1) continue;
    const end = Math.min(at + 4 + view.getUint16(at + 2, true), from + length);
    let next = at + 4;
    for (let k = 0; k < fields.length; k++) {
      if (fields[k] !== BIG) continue;
      if (next + 8 > end) damaged(file, at, `the ZIP64 sizes of ${name}`, 'fewer');
      fields[k] = bigAt(view, next);
      next += 8;
    }
    return;
  }
}

function requireApart(entries: readonly ZipEntry[], file: string): void {
  const names = new Set<string>();
  let end = 0;
  for (const { name, start, packed } of [...entries].sort((a, b) => a.start - b.start)) {
    if (names.has(name)) damaged(file, start, 'names that differ', `two files named ${name}`);
    names.add(name);
    if (start < end) damaged(file, start, `${name} after the file before it`, 'two files in one place');
    end = start + packed;
  }
}

/** A 64-bit number; beyond 2^53 it is not exact, but no file has such a place. */
function bigAt(view: DataView, at: number): number {
  return view.getUint32(at, true) + view.getUint32(at + 4, true) * 0x1_0000_0000;
}

function damaged(file: string, at: number, expected: string, received: string): never {
  return refuse(file, { at: `byte ${at}`, expected, received, remedy: ANEW });
}
