/** A type of the protocol whose elements are numbers of one width; little-endian, wherever this runs. */
interface NumberType {
  readonly bytes: number;
  /** Element i of `view`. 64-bit integers beyond 2^53 are rounded to the nearest float64. */
  readonly get: (view: DataView, i: number) => number;
  readonly set: (view: DataView, i: number, value: number) => void;
  /** Whole numbers between these, where it is a type of whole numbers. */
  readonly range?: readonly [number, number];
}

const integer = (bits: number, isSigned: boolean): readonly [number, number] =>
  isSigned ? [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1] : [0, 2 ** bits - 1];

/** The protocol's types of numbers. BOOL is a byte; BYTES, which has elements of any length, is not among them. */
export const NUMBER_TYPES = {
  BOOL: {
    bytes: 1,
    get: (view, i) => view.getUint8(i),
    set: (view, i, x) => {
      view.setUint8(i, x);
    },
    range: [0, 1],
  },
  UINT8: {
    bytes: 1,
    get: (view, i) => view.getUint8(i),
    set: (view, i, x) => {
      view.setUint8(i, x);
    },
    range: integer(8, false),
  },
  UINT16: {
    bytes: 2,
    get: (view, i) => view.getUint16(2 * i, true),
    set: (view, i, x) => {
      view.setUint16(2 * i, x, true);
    },
    range: integer(16, false),
  },
  UINT32: {
    bytes: 4,
    get: (view, i) => view.getUint32(4 * i, true),
    set: (view, i, x) => {
      view.setUint32(4 * i, x, true);
    },
    range: integer(32, false),
  },
  UINT64: {
    bytes: 8,
    get: (view, i) => Number(view.getBigUint64(8 * i, true)),
    set: (view, i, x) => {
      view.setBigUint64(8 * i, BigInt(x), true);
    },
    range: integer(64, false),
  },
  INT8: {
    bytes: 1,
    get: (view, i) => view.getInt8(i),
    set: (view, i, x) => {
      view.setInt8(i, x);
    },
    range: integer(8, true),
  },
  INT16: {
    bytes: 2,
    get: (view, i) => view.getInt16(2 * i, true),
    set: (view, i, x) => {
      view.setInt16(2 * i, x, true);
    },
    range: integer(16, true),
  },
  INT32: {
    bytes: 4,
    get: (view, i) => view.getInt32(4 * i, true),
    set: (view, i, x) => {
      view.setInt32(4 * i, x, true);
    },
    range: integer(32, true),
  },
  INT64: {
    bytes: 8,
    get: (view, i) => Number(view.getBigInt64(8 * i, true)),
    set: (view, i, x) => {
      view.setBigInt64(8 * i, BigInt(x), true);
    },
    range: integer(64, true),
  },
  FP16: {
    bytes: 2,
    get: (view, i) => half(view.getUint16(2 * i, true)),
    set: (view, i, x) => {
      view.setUint16(2 * i, halfBits(x), true);
    },
  },
  FP32: {
    bytes: 4,
    get: (view, i) => view.getFloat32(4 * i, true),
    set: (view, i, x) => {
      view.setFloat32(4 * i, x, true);
    },
  },
  FP64: {
    bytes: 8,
    get: (view, i) => view.getFloat64(8 * i, true),
    set: (view, i, x) => {
      view.setFloat64(8 * i, x, true);
    },
  },
} as const satisfies Record<string, NumberType>;

export type NumberDatatype = keyof typeof NUMBER_TYPES;
export type Datatype = NumberDatatype | 'BYTES';

export function numberType(datatype: NumberDatatype): NumberType {
  return NUMBER_TYPES[datatype];
}

export function isNumberDatatype(name: unknown): name is NumberDatatype {
  return typeof name === 'string' && Object.hasOwn(NUMBER_TYPES, name);
}

/** IEEE 754 binary16: (−1)^s · 2^(e − 15) · 1.m, subnormal and not finite as in binary32. Exact. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const mantissa = bits & 0x3ff;
  if (exponent === 0) return sign * mantissa * 2 ** -24;
  if (exponent === 31) return mantissa === 0 ? sign * Infinity : NaN;
  return sign * (1024 + mantissa) * 2 ** (exponent - 25);
}

/** The nearest binary16; of two the even one. */
function halfBits(value: number): number {
  if (Number.isNaN(value)) return 0x7e00;
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const x = Math.abs(value);
  // Half a step beyond the largest, 65504, is infinite.
  if (x >= 65520) return sign | 0x7c00;
  let exponent = 1;
  while (exponent < 30 && x >= 2 ** (exponent - 14)) exponent++;
  const steps = evenRound(x / 2 ** (exponent - 25));
  // 2048 steps carry into the exponent by themselves, as do the first 1024 of the subnormal ones.
  return sign | (steps < 1024 ? steps : (exponent << 10) + steps - 1024);
}

function evenRound(x: number): number {
  const below = Math.floor(x);
  const rest = x - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
}
