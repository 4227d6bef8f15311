import { type NumberDatatype, numberType } from './datatypes.ts';

const IS_LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** `count` numbers from the start of `bytes`; bytes are not copied. */
export function decodeNumbers(
  datatype: NumberDatatype,
  bytes: Uint8Array,
  count: number,
): Uint8Array | Float32Array | Float64Array {
  if (datatype === 'UINT8' || datatype === 'BOOL') return bytes.subarray(0, count);
  const { get, bytes: width } = numberType(datatype);
  if (datatype === 'FP32' && IS_LITTLE_ENDIAN) {
    const values = new Float32Array(count);
    new Uint8Array(values.buffer).set(bytes.subarray(0, count * width));
    return values;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, count * width);
  const values = datatype === 'FP32' ? new Float32Array(count) : new Float64Array(count);
  for (let i = 0; i < count; i++) values[i] = get(view, i);
  return values;
}

/** `values` as they go over the wire. */
export function encodeNumbers(datatype: NumberDatatype, values: ArrayLike<number>): Buffer {
  if (datatype === 'FP32' && IS_LITTLE_ENDIAN) return Buffer.from(new Float32Array(values).buffer);
  const { set, bytes: width } = numberType(datatype);
  const buffer = Buffer.allocUnsafe(values.length * width);
  const view = new DataView(buffer.buffer, buffer.byteOffset, buffer.length);
  for (let i = 0; i < values.length; i++) set(view, i, values[i]);
  return buffer;
}

/** BYTES: each text in UTF-8 after its length in 4 bytes. */
export function encodeTexts(texts: readonly string[]): Buffer {
  const size = texts.reduce((sum, text) => sum + 4 + Buffer.byteLength(text), 0);
  const buffer = Buffer.allocUnsafe(size);
  let at = 0;
  for (const text of texts) {
    const length = buffer.write(text, at + 4);
    buffer.writeUInt32LE(length, at);
    at += 4 + length;
  }
  return buffer;
}
