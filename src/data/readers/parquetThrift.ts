/** Stops with what was expected and what is there. */
export type Fail = (expected: string, received: string) => never;

/** Of a number of 64 bits. */
const MOST_BYTES = 10;
const [STOP, TRUE, FALSE, BYTE, I16, I32, I64, DOUBLE, BINARY, LIST, , , STRUCT] = Array.from(
  { length: 13 },
  (_, k) => k,
);

interface Reader {
  readonly bytes: Uint8Array;
  at: number;
}

/**
 * Follows a struct of Thrift's compact protocol from byte `at` on, and stops at a number of more bytes than 64 bits need: hyparquet reads one of any length, in a time that grows with its square. What else
 * may be wrong with it hyparquet says.
 */
export function requireShortNumbers(bytes: Uint8Array, at: number, fail: Fail): void {
  struct({ bytes, at }, fail);
}

/** The next number, as 32 bits of it; stops where it does not end. */
export function shortNumber(reader: Reader, fail: Fail): number {
  let value = 0;
  for (let k = 0; k < MOST_BYTES; k++) {
    const byte = reader.bytes.at(reader.at++) ?? 0;
    if (k < 5) value |= (byte & 0x7f) << (7 * k);
    if (byte < 0x80) return value;
  }
  return fail(`numbers of at most ${MOST_BYTES} bytes`, 'a longer one');
}

function struct(reader: Reader, fail: Fail): void {
  while (reader.at < reader.bytes.length) {
    const head = reader.bytes[reader.at++];
    const type = head & 15;
    if (type === STOP) return;
    if (head >> 4 === 0) shortNumber(reader, fail);
    element(reader, type, fail);
  }
}

function element(reader: Reader, type: number, fail: Fail): void {
  switch (type) {
    case TRUE:
    case FALSE:
      return;
    case BYTE:
      reader.at++;
      return;
    case I16:
    case I32:
    case I64:
      shortNumber(reader, fail);
      return;
    case DOUBLE:
      reader.at += 8;
      return;
    case BINARY: {
      const length = shortNumber(reader, fail);
      reader.at = length < 0 ? Infinity : reader.at + length;
      return;
    }
    case LIST: {
      const head = reader.bytes[reader.at++];
      const own = head & 15;
      const size = head >> 4 === 15 ? shortNumber(reader, fail) : head >> 4;
      for (let k = 0; k < size && reader.at < reader.bytes.length; k++) {
        element(reader, own === TRUE || own === FALSE ? BYTE : own, fail);
      }
      return;
    }
    case STRUCT:
      struct(reader, fail);
      return;
    default:
      // hyparquet knows no others.
      reader.at = Infinity;
  }
}
