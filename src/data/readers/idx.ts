import { DactylError } from '../../util/errors.ts';
import type { Tensor, TensorData } from '../../util/tensor.ts';
import { requireBytes, requireText } from '../../util/options.ts';

/** The third byte of the magic number for unsigned bytes. */
const UNSIGNED_BYTE = 0x08;

/** What IDX files hold, by the third byte of the magic number. */
const TYPES: Readonly<Record<number, { readonly name: string; readonly bytes: number }>> = {
  [UNSIGNED_BYTE]: { name: 'unsigned byte', bytes: 1 },
  0x09: { name: 'signed byte', bytes: 1 },
  0x0b: { name: 'int16', bytes: 2 },
  0x0c: { name: 'int32', bytes: 4 },
  0x0d: { name: 'float32', bytes: 4 },
  0x0e: { name: 'float64', bytes: 8 },
};

/** Whether bytes begin as an IDX file does. */
export function isIdx(bytes: Uint8Array): boolean {
  return bytes.length >= 4 && bytes[0] === 0 && bytes[1] === 0 && bytes[2] in TYPES && bytes[3] > 0;
}

/**
 * Reads an IDX file of any element type and any rank ≥ 1: two zero bytes, the type, the rank, one big-endian uint32 per
 * dimension, then the values, big-endian, in row-major order (format: Y. LeCun's MNIST page). Unsigned bytes are a view
 * of `bytes`; signed bytes, int16 and int32 become an Int32Array, floats an array of their own width. Throws E_IDX,
 * with `file` and the byte offset, for another magic, dimensions of 0, or a length that is not exactly what the header
 * promises.
 */
export function readIdx(bytes: Uint8Array, file: string): Tensor {
  const { type, start, count, shape } = readHeader(bytes, file);
  if (type === UNSIGNED_BYTE) return bytesOf(bytes, start, count, shape);
  const view = new DataView(bytes.buffer, bytes.byteOffset + start);
  const filled = <A extends TensorData>(data: A, at: (i: number) => number): Tensor => {
    for (let i = 0; i < count; i++) data[i] = at(i);
    return { data, shape };
  };
  switch (TYPES[type].name) {
    case 'signed byte':
      return filled(new Int32Array(count), (i) => view.getInt8(i));
    case 'int16':
      return filled(new Int32Array(count), (i) => view.getInt16(2 * i));
    case 'int32':
      return filled(new Int32Array(count), (i) => view.getInt32(4 * i));
    case 'float32':
      return filled(new Float32Array(count), (i) => view.getFloat32(4 * i));
    default:
      return filled(new Float64Array(count), (i) => view.getFloat64(8 * i));
  }
}

/** Where the values of an IDX file begin, how many there are and of which type; the length of the file fits. */
function readHeader(
  bytes: Uint8Array,
  file: string,
): { type: number; start: number; count: number; shape: number[] } {
  requireBytes('readIdx: bytes', bytes);
  requireText('readIdx: file', file);
  if (bytes.length < 4) fail(file, bytes.length, 'the 4 bytes of the magic number', `the end of the file`);
  if (bytes[0] !== 0 || bytes[1] !== 0) {
    fail(file, bytes[0] !== 0 ? 0 : 1, 'two zero bytes at the start', `${hex(bytes[0])} ${hex(bytes[1])}`);
  }
  if (!(bytes[2] in TYPES)) {
    const known = Object.entries(TYPES).map(([type, { name }]) => `${hex(Number(type))} (${name})`);
    fail(file, 2, `a type of ${known.join(', ')}`, hex(bytes[2]));
  }
  const size = TYPES[bytes[2]].bytes;
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
    if (count * size > bytes.length - start) {
      fail(
        file,
        bytes.length,
        `at least ${count} values for dimensions ${[...shape, extent].join(' × ')}`,
        `${Math.floor((bytes.length - start) / size)} and the end of the file`,
      );
    }
    shape.push(extent);
  }
  const end = start + count * size;
  if (bytes.length !== end) {
    fail(
      file,
      end,
      `the end of the file after ${count} values (${shape.join(' × ')})`,
      `${bytes.length - end} more bytes`,
    );
  }
  return { type: bytes[2], start, count, shape };
}

function bytesOf(bytes: Uint8Array, start: number, count: number, shape: number[]): Tensor<Uint8Array> {
  return { data: new Uint8Array(bytes.buffer, bytes.byteOffset + start, count), shape };
}

/** `readIdx` for images of unsigned bytes: rank 3, [n, rows, columns]. */
export function readIdxImages(bytes: Uint8Array, file: string): Tensor<Uint8Array> {
  requireBytes('readIdxImages: bytes', bytes);
  requireText('readIdxImages: file', file);
  return readRank(bytes, file, 3, 'images × rows × columns');
}

/** `readIdx` for labels of unsigned bytes: rank 1, [n]. */
export function readIdxLabels(bytes: Uint8Array, file: string): Tensor<Uint8Array> {
  requireBytes('readIdxLabels: bytes', bytes);
  requireText('readIdxLabels: file', file);
  return readRank(bytes, file, 1, 'labels');
}

function readRank(bytes: Uint8Array, file: string, rank: number, axes: string): Tensor<Uint8Array> {
  if (isIdx(bytes)) {
    if (bytes[2] !== UNSIGNED_BYTE) {
      fail(file, 2, 'type 0x08 (unsigned byte)', `${hex(bytes[2])} (${TYPES[bytes[2]].name})`);
    }
    if (bytes[3] !== rank) fail(file, 3, `rank ${rank} (${axes})`, String(bytes[3]));
  }
  const { start, count, shape } = readHeader(bytes, file);
  return bytesOf(bytes, start, count, shape);
}

function hex(byte: number): string {
  return `0x${byte.toString(16).padStart(2, '0')}`;
}

function fail(file: string, offset: number, expected: string, received: string): never {
  throw new DactylError('E_IDX', `${file}, byte ${offset}: expected ${expected}, received ${received}.`);
}
