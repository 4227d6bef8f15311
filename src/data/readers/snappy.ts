/** What begins an element says, in its lowest two bits: bytes as they are, or a copy with its distance in one, two or four bytes. */
const LITERAL = 0;
const NEAR = 1;
/** Literals of more bytes say in how many their length follows. */
const SHORT = 60;

/**
 * The `size` bytes that Snappy's raw format has packed. Throws an Error for anything else, before a byte outside of what is there or wanted is touched: hyparquet's own
 * goes back, and on for minutes, where the length of a literal is beyond 2³¹.
 */
export function unsnap(packed: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const { length: end } = packed;
  const result = new Uint8Array(size);
  let at = 0;
  let done = 0;
  const number = (bytes: number): number => {
    if (at + bytes > end) throw new Error('Snappy: the end within a number');
    let value = 0;
    for (let k = 0; k < bytes; k++) value += packed[at++] * 256 ** k;
    return value;
  };
  const promised = (): number => {
    let value = 0;
    for (let scale = 1; scale < 2 ** 35; scale *= 128) {
      const byte = number(1);
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    throw new Error('Snappy: a length that does not end');
  };
  const length = promised();
  if (length !== size) throw new Error(`Snappy: ${length} bytes where the page has ${size}`);
  while (at < end) {
    const tag = number(1);
    const kind = tag & 3;
    let count = (tag >>> 2) + 1;
    if (kind === LITERAL) {
      if (count > SHORT) count = number(count - SHORT) + 1;
      if (count > end - at || count > size - done) throw new Error('Snappy: a literal beyond the end');
      result.set(packed.subarray(at, at + count), done);
      at += count;
    } else {
      if (kind === NEAR) count = 4 + ((tag >>> 2) & 7);
      const back = kind === NEAR ? (tag >>> 5) * 256 + number(1) : number(kind === 2 ? 2 : 4);
      if (back < 1 || back > done || count > size - done) throw new Error('Snappy: a copy from nowhere');
      // What is copied may begin before the copy ends: then it repeats.
      for (let k = 0; k < count; k++) result[done + k] = result[done - back + k];
    }
    done += count;
  }
  if (done !== size) throw new Error(`Snappy: ${done} bytes of ${size}`);
  return result;
}
