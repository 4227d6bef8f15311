import { crc32c } from './crc32c.ts';

/*
 * The bytes of TensorBoard's event files: records of TFRecord, each an Event of tensorflow/core/util/event.proto. Written by hand: of that
 * format five fields are needed, and the libraries for it are larger than all the rest of this folder (protobufjs, @bufbuild/protobuf with generated
 * code) or compile C++ when they are installed (fast-crc32c).
 */

const VARINT = 0;
const EIGHT_BYTES = 1;
const DELIMITED = 2;
const FOUR_BYTES = 5;

/** With what a file begins. `seconds` is the time of writing, since 1970. */
export function firstRecord(seconds: number): Uint8Array {
  return record([...wallTime(seconds), ...delimited(3, utf8('brain.Event:2'))]);
}

/** Says that training goes on from `step`: what earlier files hold of it and later steps, readers leave out (SessionLog.START). */
export function restartRecord(seconds: number, step: number): Uint8Array {
  return record([
    ...wallTime(seconds),
    ...stepField(step),
    ...delimited(7, [...key(1, VARINT), ...varint(1)]),
  ]);
}

/** Numbers by tag, all of one step. Stored as float32. */
export function scalarsRecord(
  seconds: number,
  step: number,
  scalars: Readonly<Record<string, number>>,
): Uint8Array {
  const values = Object.entries(scalars).map(([tag, value]) =>
    delimited(1, [
      ...delimited(1, utf8(tag)),
      ...key(2, FOUR_BYTES),
      ...bytesOf(4, (view) => view.setFloat32(0, value, true)),
    ]),
  );
  return record([...wallTime(seconds), ...stepField(step), ...delimited(5, values.flat())]);
}

/** Length, its masked CRC, the content, its masked CRC; little-endian. */
function record(content: readonly number[]): Uint8Array {
  const length = bytesOf(8, (view) => view.setBigUint64(0, BigInt(content.length), true));
  return Uint8Array.from([...length, ...maskedCrc(length), ...content, ...maskedCrc(content)]);
}

/** TFRecord's mask: rotated right by 15 bits, plus a constant, so that CRCs of data that hold CRCs stay apart. */
function maskedCrc(bytes: readonly number[]): number[] {
  const crc = crc32c(Uint8Array.from(bytes));
  const masked = (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
  return bytesOf(4, (view) => view.setUint32(0, masked, true));
}

function wallTime(seconds: number): number[] {
  return [...key(1, EIGHT_BYTES), ...bytesOf(8, (view) => view.setFloat64(0, seconds, true))];
}

function stepField(step: number): number[] {
  return [...key(2, VARINT), ...varint(step)];
}

function delimited(field: number, content: readonly number[]): number[] {
  return [...key(field, DELIMITED), ...varint(content.length), ...content];
}

function key(field: number, wire: number): number[] {
  return varint(field * 8 + wire);
}

/** Seven bits a byte, the lowest first; the high bit says that more follow. */
function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return [...bytes, rest];
}

function bytesOf(length: number, fill: (view: DataView) => void): number[] {
  const bytes = new Uint8Array(length);
  fill(new DataView(bytes.buffer));
  return [...bytes];
}

function utf8(text: string): number[] {
  return [...new TextEncoder().encode(text)];
}
