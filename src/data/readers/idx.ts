import { DactylError } from '../../util/errors.ts';
import type { Tensor } from '../../util/tensor.ts';
import { requireBytes, requireText } from '../../util/options.ts';

/** The third byte of the magic number for unsigned bytes. */
const UNSIGNED_BYTE = 0x08;

/**
 * Reads an IDX file of unsigned bytes of any rank ≥ 1: two zero bytes, the type (0x08), the rank, one big-endian uint32
 * per dimension, then the values in row-major order (format: Y. LeCun's MNIST page). The tensor is a view of `bytes`.
 * Throws E_IDX, with `file` and the byte offset, for another magic, dimensions of 0, or a length that is not exactly
 * what the header promises.
 */
export function readIdx(bytes: Uint8Array, file: string): Tensor<Uint8Array> {
  requireBytes('readIdx: bytes', bytes);
  requireText('readIdx: file', file);
  if (bytes.length < 4) fail(file, bytes.length, 'the 4 bytes of the magic number', `the end of the file`);
  if (bytes[0] !== 0 || bytes[1] !== 0) {
    fail(file, bytes[0] !== 0 ? 0 : 1, 'two zero bytes at the start', `${hex(bytes[0])} ${hex(bytes[1])}`);
  }
  if (bytes[2] !== UNSIGNED_BYTE) fail(file, 2, 'type 0x08 (unsigned byte)', hex(bytes[2]));
  const rank = bytes[3];
  if (rank === 0) fail(file, 3, 'a rank of at least 1', '0');
  const start = 4 + 4 * rank;
  if (bytes.length < start) {
    fail(file, bytes.length, `a header of ${start} bytes for rank ${rank}`, 'the end of the file');
  }
  const header = new DataView(bytes.buffer, bytes.byteOffset, start);
  const shape: number[] = [];
  let count = 1;
  for (let axis = 0; axis < rank; axis++) {
    const extent = header.getUint32(4 + 4 * axis);
    if (extent === 0) fail(file, 4 + 4 * axis, `dimension ${axis} to be at least 1`, '0');
    count *= extent;
    if (count > bytes.length - start) {
      fail(
        file,
        bytes.length,
        `at least ${count} values for dimensions ${[...shape, extent].join(' × ')}`,
        `${bytes.length - start} and the end of the file`,
      );
    }
    shape.push(extent);
  }
  if (bytes.length !== start + count) {
    fail(
      file,
      start + count,
      `the end of the file after ${count} values (${shape.join(' × ')})`,
      `${bytes.length - start - count} more bytes`,
    );
  }
  return { data: new Uint8Array(bytes.buffer, bytes.byteOffset + start, count), shape };
}

/** `readIdx` for images: rank 3, [n, rows, columns]. */
export function readIdxImages(bytes: Uint8Array, file: string): Tensor<Uint8Array> {
  requireBytes('readIdxImages: bytes', bytes);
  requireText('readIdxImages: file', file);
  return readRank(bytes, file, 3, 'images × rows × columns');
}

/** `readIdx` for labels: rank 1, [n]. */
export function readIdxLabels(bytes: Uint8Array, file: string): Tensor<Uint8Array> {
  requireBytes('readIdxLabels: bytes', bytes);
  requireText('readIdxLabels: file', file);
  return readRank(bytes, file, 1, 'labels');
}

function readRank(bytes: Uint8Array, file: string, rank: number, axes: string): Tensor<Uint8Array> {
  if (bytes.length >= 4 && bytes[2] === UNSIGNED_BYTE && bytes[3] !== rank) {
    fail(file, 3, `rank ${rank} (${axes})`, String(bytes[3]));
  }
  return readIdx(bytes, file);
}

function hex(byte: number): string {
  return `0x${byte.toString(16).padStart(2, '0')}`;
}

function fail(file: string, offset: number, expected: string, received: string): never {
  throw new DactylError('E_IDX', `${file}, byte ${offset}: expected ${expected}, received ${received}.`);
}
