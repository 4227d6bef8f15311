import { DactylError } from './errors.ts';
import { atOnce, parts, type Steps } from './steps.ts';
import { checkTensor, type Tensor, type TensorData } from './tensor.ts';

/** Bytes per value of the types that are read and written, by their name in the format. */
const SIZES = { F32: 4, F64: 8, U8: 1, I32: 4 } as const;
type Dtype = keyof typeof SIZES;

const METADATA = '__metadata__';
/** A header longer than this is refused before it is decoded. */
const MAX_HEADER = 1 << 20;
const MAX_RANK = 32;
/** Values: some milliseconds. */
const WRITTEN_AT_A_TIME = 1 << 20;

export interface Safetensors {
  readonly tensors: ReadonlyMap<string, Tensor>;
  readonly metadata: ReadonlyMap<string, string>;
}

interface Entry {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

/**
 * The tensors in the safetensors format (github.com/huggingface/safetensors): a little-endian uint64 header length, the
 * header as JSON padded with spaces to a multiple of 8, then the values, little-endian, back to back in the order of the
 * keys. Equal input gives equal bytes. Throws E_SHAPE for a tensor whose length is not its shape's, E_ARGUMENT for the
 * reserved name `__metadata__`.
 */
export function encodeSafetensors(
  tensors: Readonly<Record<string, Tensor>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  return atOnce(encodeSafetensorsInSteps(tensors, metadata));
}

/** The same in steps. */
export function* encodeSafetensorsInSteps(
  tensors: Readonly<Record<string, Tensor>>,
  metadata: Readonly<Record<string, string>>,
): Steps<Uint8Array<ArrayBuffer>> {
  const members: string[] = [];
  if (Object.keys(metadata).length > 0) members.push(`"${METADATA}":${JSON.stringify(metadata)}`);
  let length = 0;
  for (const [name, tensor] of Object.entries(tensors)) {
    if (name === METADATA) {
      throw new DactylError('E_ARGUMENT', `A tensor's name: ${METADATA} is reserved by the format.`);
    }
    checkTensor(tensor, `The tensor ${name}`);
    const end = length + tensor.data.byteLength;
    const entry = { dtype: dtypeOf(tensor.data), shape: tensor.shape, data_offsets: [length, end] };
    members.push(`${JSON.stringify(name)}:${JSON.stringify(entry)}`);
    length = end;
  }
  const unpadded = new TextEncoder().encode(`{${members.join(',')}}`);
  const start = 8 + Math.ceil(unpadded.length / 8) * 8;
  if (start - 8 > MAX_HEADER) {
    throw new DactylError(
      'E_ARGUMENT',
      `Names and metadata of a safetensors file: expected a header of at most ${MAX_HEADER} bytes, received ${start - 8}.`,
    );
  }
  const bytes = new Uint8Array(start + length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(start - 8), true);
  bytes.fill(0x20, 8, start);
  bytes.set(unpadded, 8);
  let offset = start;
  for (const { data } of Object.values(tensors)) {
    const { BYTES_PER_ELEMENT: size, length: count } = data;
    yield* parts(count, WRITTEN_AT_A_TIME, (from, to) => {
      const part = data.subarray(from, to);
      writeLittleEndian(part, new DataView(bytes.buffer, offset + from * size, part.byteLength));
    });
    offset += data.byteLength;
  }
  return bytes;
}

/**
 * Reads what `encodeSafetensors` writes, and any other safetensors file of these four types. The content is not trusted:
 * lengths are bounded before anything is allocated, and every range, shape and key is checked. The tensors are copies, so
 * any alignment will do. Throws E_FORMAT with `file` and the reason.
 */
export function decodeSafetensors(bytes: Uint8Array, file: string): Safetensors {
  const { text, start } = headerOf(bytes, file);
  const header = parseHeader(text, file);
  const entries: Entry[] = [];
  const metadata = new Map<string, string>();
  let keys = 0;
  for (const [name, value] of Object.entries(header)) {
    keys++;
    if (name === METADATA) {
      if (!isObject(value)) fail(file, `${METADATA}: expected an object`);
      for (const [key, entry] of Object.entries(value)) {
        if (typeof entry !== 'string') fail(file, `${METADATA}: expected text for ${JSON.stringify(key)}`);
        metadata.set(key, entry);
        keys++;
      }
    } else {
      entries.push(entryOf(name, value, file));
      keys += 3;
    }
  }
  if (countKeys(text) !== keys) fail(file, 'a key occurs twice in the header');
  checkRanges(entries, bytes.length - start, file);

  const tensors = new Map<string, Tensor>();
  for (const { name, dtype, shape, begin, end } of entries) {
    const view = new DataView(bytes.buffer, bytes.byteOffset + start + begin, end - begin);
    tensors.set(name, { data: readLittleEndian(dtype, view), shape });
  }
  return { tensors, metadata };
}

function headerOf(bytes: Uint8Array, file: string): { text: string; start: number } {
  if (bytes.length < 8)
    fail(file, `expected the 8 bytes of the header length, received ${bytes.length} bytes`);
  const length = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true);
  const most = Math.min(bytes.length - 8, MAX_HEADER);
  if (length > BigInt(most))
    fail(file, `expected a header of at most ${most} bytes, received the length ${length.toString()}`);
  const start = 8 + Number(length);
  if (bytes[8] !== 0x7b || length === 0n) fail(file, 'expected a header that starts with {');
  try {
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    return { text: decoder.decode(bytes.slice(8, start)), start };
  } catch {
    return fail(file, 'the header is not UTF-8');
  }
}

function parseHeader(text: string, file: string): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(text);
  } catch {
    return fail(file, 'the header is not JSON');
  }
  return isObject(header) ? header : fail(file, 'the header is not a JSON object');
}

function entryOf(name: string, value: unknown, file: string): Entry {
  const what = `tensor ${JSON.stringify(name.slice(0, 80))}`;
  if (!isObject(value) || Object.keys(value).sort().join() !== 'data_offsets,dtype,shape') {
    return fail(file, `${what}: expected the keys dtype, shape and data_offsets and no others`);
  }
  const { dtype, shape, data_offsets: offsets } = value;
  if (typeof dtype !== 'string' || !Object.hasOwn(SIZES, dtype)) {
    return fail(
      file,
      `${what}: expected a dtype of ${Object.keys(SIZES).join(', ')}, received ${shorten(dtype)}`,
    );
  }
  if (!isCounts(shape) || shape.length > MAX_RANK) {
    return fail(
      file,
      `${what}: expected a shape of at most ${MAX_RANK} whole numbers, received ${shorten(shape)}`,
    );
  }
  if (!isCounts(offsets) || offsets.length !== 2) {
    return fail(file, `${what}: expected two data_offsets, received ${shorten(offsets)}`);
  }
  const [begin, end] = offsets;
  let size: number = SIZES[dtype as Dtype];
  for (const extent of shape) size *= extent;
  if (size !== end - begin) {
    return fail(
      file,
      `${what}: shape ${shorten(shape)} of ${dtype} needs ${size} bytes, its data_offsets span ${end - begin}`,
    );
  }
  return { name, dtype: dtype as Dtype, shape, begin, end };
}

/** The tensors must fill the data exactly: no holes, no overlaps, nothing behind the last. */
function checkRanges(entries: readonly Entry[], length: number, file: string): void {
  let filled = 0;
  for (const { name, begin, end } of entries.toSorted((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== filled) {
      fail(
        file,
        `tensor ${JSON.stringify(name.slice(0, 80))}: expected data_offsets that begin at ${filled}, received ${begin}`,
      );
    }
    filled = end;
  }
  if (filled !== length)
    fail(file, `expected ${filled} bytes of values after the header, received ${length}`);
}

/** The keys in a valid JSON text, repeated ones counted as often as they occur: strings followed by a colon. */
function countKeys(text: string): number {
  let keys = 0;
  for (let i = text.indexOf('"'); i >= 0; i = text.indexOf('"', i)) {
    for (i++; text[i] !== '"'; i++) if (text[i] === '\\') i++;
    i++;
    while (' \t\n\r'.includes(text[i])) i++;
    if (text[i] === ':') keys++;
  }
  return keys;
}

function dtypeOf(data: TensorData): Dtype {
  if (data instanceof Float32Array) return 'F32';
  if (data instanceof Float64Array) return 'F64';
  return data instanceof Uint8Array || data instanceof Uint8ClampedArray ? 'U8' : 'I32';
}

/** Values go as whole words, not as numbers, so that every bit of a NaN is kept. */
/** Nearly every machine has the order of the file, and copies. */
const IS_LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

function writeLittleEndian(data: TensorData, target: DataView): void {
  if (IS_LITTLE_ENDIAN || data.BYTES_PER_ELEMENT === 1) {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    new Uint8Array(target.buffer, target.byteOffset, target.byteLength).set(bytes);
  } else if (data instanceof Float64Array) {
    const words = new BigUint64Array(data.buffer, data.byteOffset, data.length);
    for (let i = 0; i < words.length; i++) target.setBigUint64(8 * i, words[i], true);
  } else {
    const words = new Uint32Array(data.buffer, data.byteOffset, data.length);
    for (let i = 0; i < words.length; i++) target.setUint32(4 * i, words[i], true);
  }
}

function readLittleEndian(dtype: Dtype, source: DataView): TensorData {
  const count = source.byteLength / SIZES[dtype];
  if (dtype === 'U8') return new Uint8Array(source.buffer, source.byteOffset, count).slice();
  if (dtype === 'F64') {
    const words = BigUint64Array.from({ length: count }, (_, i) => source.getBigUint64(8 * i, true));
    return new Float64Array(words.buffer);
  }
  const words = new Uint32Array(count);
  for (let i = 0; i < count; i++) words[i] = source.getUint32(4 * i, true);
  return dtype === 'F32' ? new Float32Array(words.buffer) : new Int32Array(words.buffer);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCounts(value: unknown): value is number[] {
  return (
    Array.isArray(value) && value.every((entry) => Number.isSafeInteger(entry) && (entry as number) >= 0)
  );
}

function shorten(value: unknown): string {
  return (JSON.stringify(value) ?? 'nothing').slice(0, 80);
}

function fail(file: string, reason: string): never {
  throw new DactylError('E_FORMAT', `${file} is not a well-formed safetensors file: ${reason}.`);
}
