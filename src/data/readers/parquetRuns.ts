import { type Fail, shortNumber } from './parquetThrift.ts';

/** Of a number of 32 bits. */
const MOST_BYTES = 5;

/**
 * Follows Parquet's hybrid of runs and packed values, `width` bits each, from byte `at` until they are `values`. hyparquet writes a run as long as it says it is, so one
 * that is longer than what is left stops it here; packed values come in eights, of which the last may be padded.
 */
export function requireRuns(bytes: Uint8Array, at: number, width: number, values: number, fail: Fail): void {
  const reader = { bytes, at };
  let seen = 0;
  while (seen < values) {
    const header = varint(reader);
    const isPacked = header % 2 === 1;
    const half = Math.floor(header / 2);
    const run = isPacked ? half * 8 : half;
    const left = values - seen;
    if (!(run <= (isPacked ? left + 7 : left))) fail(`a run of at most ${left} values`, describeRun(run));
    // hyparquet takes a byte before it looks how many values are packed.
    reader.at += isPacked ? Math.max(1, half * width) : (width + 7) >> 3;
    seen += run;
  }
}

function describeRun(run: number): string {
  return Number.isNaN(run) ? 'no length of a run' : `one of ${run}`;
}

/**
 * Stops unless the deltas from byte `at` on, of `values` values, are in blocks as Parquet has them: where the number of miniblocks is negative hyparquet goes back in the page, and never ends;
 * it allocates as many bytes as they are, and reads numbers of any length.
 */
export function requireDeltas(bytes: Uint8Array, at: number, values: number, fail: Fail): void {
  const reader = { bytes, at };
  const size = varint(reader);
  const miniblocks = varint(reader);
  if (!(miniblocks >= 1 && miniblocks <= bytes.length && size >= 1 && size % (32 * miniblocks) === 0)) {
    fail('miniblocks of a multiple of 32 values', `${miniblocks} in a block of ${size}`);
  }
  const each = size / miniblocks;
  shortNumber(reader, fail);
  shortNumber(reader, fail);
  for (let left = values - 1; left > 0 && reader.at < bytes.length;) {
    shortNumber(reader, fail);
    const widths = bytes.subarray(reader.at, reader.at + miniblocks);
    reader.at += miniblocks;
    for (let k = 0; k < miniblocks && left > 0; k++, left -= each) {
      reader.at += (each / 8) * (widths[k] ?? 0);
    }
  }
}

/** The next number, seven bits a byte, the lowest first; NaN where it does not end within the bytes or is too long. */
function varint(reader: { readonly bytes: Uint8Array; at: number }): number {
  let value = 0;
  let scale = 1;
  for (let k = 0; k < MOST_BYTES && reader.at < reader.bytes.length; k++, scale *= 128) {
    const byte = reader.bytes[reader.at++];
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return value;
  }
  return NaN;
}
