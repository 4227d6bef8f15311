import type { Random } from '../../src/util/random.ts';

/**
 * Bytes changed as accidents and attackers change files: cut, lengthened, bits flipped, bytes and whole numbers replaced by extreme ones, stretches repeated or
 * removed; one to four such changes. For tests of readers.
 */
export function mutated(bytes: Uint8Array, random: Random): Uint8Array {
  let result = Uint8Array.from(bytes);
  for (let changes = 1 + random.integer(4); changes > 0; changes--) result = changed(result, random);
  return result;
}

const EXTREMES = [0, 1, 0x7f, 0x80, 0xff];

function changed(bytes: Uint8Array<ArrayBuffer>, random: Random): Uint8Array<ArrayBuffer> {
  const n = bytes.length;
  if (n === 0) return Uint8Array.of(random.integer(256));
  // Headers decide most, so half of the changes are near the start or the end.
  const near = random.integer(4);
  const at =
    near === 0
      ? random.integer(Math.min(n, 64))
      : near === 1
        ? n - 1 - random.integer(Math.min(n, 64))
        : random.integer(n);
  switch (random.integer(8)) {
    case 0:
      return bytes.slice(0, at);
    case 1:
      return Uint8Array.from([
        ...bytes,
        ...Array.from({ length: 1 + random.integer(16) }, () => random.integer(256)),
      ]);
    case 2:
      bytes[at] ^= 1 << random.integer(8);
      return bytes;
    case 3:
      bytes[at] = EXTREMES[random.integer(EXTREMES.length)];
      return bytes;
    case 4:
      bytes.fill(EXTREMES[random.integer(EXTREMES.length)], at, at + [2, 4, 8][random.integer(3)]);
      return bytes;
    case 5: {
      const end = Math.min(n, at + 1 + random.integer(32));
      return Uint8Array.from([...bytes.subarray(0, end), ...bytes.subarray(at)]);
    }
    case 6:
      return Uint8Array.from([...bytes.subarray(0, at), ...bytes.subarray(at + 1 + random.integer(32))]);
    default:
      bytes[at] = random.integer(256);
      return bytes;
  }
}
