import { sizeOf, type Tensor } from '../../util/tensor.ts';
import { ANEW, hexOf, quoted, refuse } from './refuse.ts';

/** What a NumPy array holds: numbers, or texts (of labels). */
export type NpyArray = Tensor | NpyTexts;

export interface NpyTexts {
  readonly data: readonly string[];
  readonly shape: readonly number[];
}

export interface NpyHeader {
  /** NumPy's name of the type, such as '<f4'. */
  readonly descr: string;
  readonly fortran: boolean;
  readonly shape: readonly number[];
  /** Where the values begin. */
  readonly start: number;
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
const HEADER =
  /^\{\s*'descr':\s*'([^']*)',\s*'fortran_order':\s*(True|False),\s*'shape':\s*\(([\d\s,]*)\),?\s*\}\s*$/;

export function isNpy(bytes: Uint8Array): boolean {
  return MAGIC.every((byte, k) => bytes[k] === byte);
}

/** The header of an NPY file of version 1, 2 or 3 (NumPy, `numpy.lib.format`). Throws E_DATA, for pickled objects ('|O') and structures by name. */
export function npyHeader(bytes: Uint8Array, file: string): NpyHeader {
  if (!isNpy(bytes)) {
    refuse(file, { at: 'byte 0', expected: 'the magic of an NPY file', received: hexOf(bytes, 6) });
  }
  const version = bytes[6];
  if (!(version >= 1 && version <= 3)) {
    refuse(file, { at: 'byte 6', expected: 'version 1, 2 or 3', received: String(version), remedy: ANEW });
  }
  const lengthEnd = version === 1 ? 10 : 12;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length =
    bytes.length < lengthEnd ? NaN : version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  const start = lengthEnd + length;
  if (!(start <= bytes.length)) {
    refuse(file, {
      at: `byte ${bytes.length}`,
      expected: Number.isNaN(length) ? 'the length of the header' : `a header up to byte ${start}`,
      received: 'the end of the file',
      remedy: ANEW,
    });
  }
  const text = new TextDecoder(version === 3 ? 'utf-8' : 'latin1').decode(bytes.subarray(lengthEnd, start));
  const found = HEADER.exec(text);
  if (found === null) {
    if (/'descr':\s*\[/.test(text)) {
      return refuse(file, {
        expected: 'an array of numbers',
        received: 'one of structures (a dtype with fields)',
        remedy: 'Save the images and the labels as arrays of their own.',
      });
    }
    return refuse(file, {
      at: `byte ${lengthEnd}`,
      expected: "a header with 'descr', 'fortran_order' and 'shape'",
      received: quoted(text.trim()),
      remedy: ANEW,
    });
  }
  const [, descr, order, extents] = found;
  const shape = extents
    .split(',')
    .map((extent) => extent.trim())
    .filter((extent) => extent !== '')
    .map(Number);
  return { descr, fortran: order === 'True', shape, start };
}

/**
 * An NPY file as a row-major tensor: uint8 as a view of `bytes` where the order allows, bool and other integers of up to 32 bits as Int32Array, float16
 * and float32 as Float32Array, what is wider as Float64Array; 'S' and 'U' as texts. Either byte order, either order of axes. Throws E_DATA for
 * anything else, for a length that is not exactly what the header promises, and for integers that no float64 holds exactly.
 */
export function readNpy(bytes: Uint8Array, file: string): NpyArray {
  const { descr, fortran, shape, start } = npyHeader(bytes, file);
  const kind = /^([<>|=])([?biufSU])(\d+)$/.exec(descr === '|b1' ? '|b1' : descr);
  // Values of no bytes could be as many as a header likes.
  if (kind === null || Number(kind[3]) === 0) return refuseType(descr, file);
  const little = kind[1] !== '>';
  const size = Number(kind[3]) * (kind[2] === 'U' ? 4 : 1);
  const count = sizeOf(shape);
  const end = start + count * size;
  if (!(end === bytes.length)) {
    refuse(file, {
      at: `byte ${Math.min(end, bytes.length)}`,
      expected: `${count} values of ${size} bytes (${shape.join(' × ')}), up to byte ${end}`,
      received: `the end of the file at byte ${bytes.length}`,
      remedy: ANEW,
    });
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, count * size);
  if (kind[2] === 'S' || kind[2] === 'U') {
    return { data: reordered(textsOf(view, kind[2], size, count, little), shape, fortran), shape };
  }
  const data = numbersOf(view, kind[2] + kind[3], count, little, file, start);
  if (data === undefined) return refuseType(descr, file);
  return { data: reordered(data, shape, fortran), shape };
}

type Numbers = Uint8Array | Int32Array | Float32Array | Float64Array;

function numbersOf(
  view: DataView,
  type: string,
  count: number,
  little: boolean,
  file: string,
  start: number,
): Numbers | undefined {
  const filled = <A extends Numbers>(array: A, at: (i: number) => number): A => {
    for (let i = 0; i < count; i++) array[i] = at(i);
    return array;
  };
  const wide = (i: number, high: number): number => {
    const value = high * 0x1_0000_0000 + view.getUint32(8 * i + (little ? 0 : 4), little);
    if (!Number.isSafeInteger(value)) {
      refuse(file, {
        at: `byte ${start + 8 * i}`,
        expected: 'whole numbers of at most 53 bits',
        received: String(value),
      });
    }
    return value;
  };
  switch (type) {
    case 'u1':
      return new Uint8Array(view.buffer as ArrayBuffer, view.byteOffset, count);
    case 'b1':
    case 'i1':
      return filled(new Int32Array(count), (i) => view.getInt8(i));
    case 'i2':
      return filled(new Int32Array(count), (i) => view.getInt16(2 * i, little));
    case 'u2':
      return filled(new Int32Array(count), (i) => view.getUint16(2 * i, little));
    case 'i4':
      return filled(new Int32Array(count), (i) => view.getInt32(4 * i, little));
    case 'u4':
      return filled(new Float64Array(count), (i) => view.getUint32(4 * i, little));
    case 'i8':
      return filled(new Float64Array(count), (i) => wide(i, view.getInt32(8 * i + (little ? 4 : 0), little)));
    case 'u8':
      return filled(new Float64Array(count), (i) =>
        wide(i, view.getUint32(8 * i + (little ? 4 : 0), little)),
      );
    case 'f2':
      return filled(new Float32Array(count), (i) => half(view.getUint16(2 * i, little)));
    case 'f4':
      return filled(new Float32Array(count), (i) => view.getFloat32(4 * i, little));
    case 'f8':
      return filled(new Float64Array(count), (i) => view.getFloat64(8 * i, little));
    default:
      return undefined;
  }
}

/** The value of a float16: sign, five bits of exponent, ten of fraction. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return exponent === 0
    ? (sign * fraction) / 0x100_0000
    : (sign * (1024 + fraction) * (1 << exponent)) / 0x200_0000;
}

function textsOf(view: DataView, kind: string, size: number, count: number, little: boolean): string[] {
  const texts: string[] = [];
  for (let i = 0; i < count; i++) {
    let text = '';
    if (kind === 'S') {
      const bytes = new Uint8Array(view.buffer as ArrayBuffer, view.byteOffset + i * size, size);
      let end = size;
      while (end > 0 && bytes[end - 1] === 0) end--;
      text = new TextDecoder().decode(bytes.subarray(0, end));
    } else {
      for (let at = i * size; at < (i + 1) * size; at += 4) {
        const point = view.getUint32(at, little);
        if (point === 0) break;
        text += point > 0x10ffff ? '\ufffd' : String.fromCodePoint(point);
      }
    }
    texts.push(text);
  }
  return texts;
}

/** Row-major values of an array in Fortran's order, whose first axis runs fastest. */
function reordered<A extends Numbers | readonly string[]>(
  data: A,
  shape: readonly number[],
  fortran: boolean,
): A {
  if (!fortran || shape.length < 2 || data.length === 0) return data;
  const result = (
    Array.isArray(data)
      ? new Array<string>(data.length)
      : new ((data as Numbers).constructor as new (n: number) => Numbers)(data.length)
  ) as (string | number)[];
  const strides: number[] = [];
  shape.reduce((stride, extent, axis) => ((strides[axis] = stride), stride * extent), 1);
  const last = shape.length - 1;
  const index = new Array<number>(last).fill(0);
  let from = 0;
  for (let to = 0; to < data.length;) {
    for (let k = 0; k < shape[last]; k++) result[to++] = data[from + k * strides[last]];
    for (let axis = last - 1; axis >= 0; axis--) {
      from += strides[axis];
      if (++index[axis] < shape[axis]) break;
      from -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return result as unknown as A;
}

function refuseType(descr: string, file: string): never {
  const objects = descr.endsWith('O');
  return refuse(file, {
    expected: 'an array of numbers or texts',
    received: objects
      ? "an array of Python objects ('|O'), which only Python's pickle can read"
      : `the type ${quoted(descr)}`,
    remedy: objects
      ? 'Save it with one size for all images: numpy.save(file, numpy.stack(images)).'
      : 'Convert it with .astype before saving.',
  });
}
