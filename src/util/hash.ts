import { atOnce, type Steps } from './steps.ts';

const BLOCK = 64;
/** A few milliseconds. */
const HASHED_AT_A_TIME = 1 << 19;

let constants: { readonly k: Int32Array; readonly start: Int32Array } | undefined;

/** SHA-256 (FIPS 180-4) of the bytes, all parts one after the other, as 64 lower-case hexadecimal digits. Synchronous, the same in every runtime. */
export function sha256Hex(...parts: readonly Uint8Array[]): string {
  return atOnce(sha256InSteps(...parts));
}

export function* sha256InSteps(...parts: readonly Uint8Array[]): Steps<string> {
  const { k, start } = (constants ??= primeConstants());
  const state = start.slice();
  const words = new Int32Array(64);
  const block = new Uint8Array(BLOCK);
  const view = new DataView(block.buffer);
  let filled = 0;
  let total = 0;
  for (const part of parts) {
    const own = new DataView(part.buffer, part.byteOffset, part.length);
    total += part.length;
    for (let from = 0; from < part.length;) {
      if (filled === 0 && part.length - from >= BLOCK) {
        compress(state, own, from, words, k);
        from += BLOCK;
        if (from % HASHED_AT_A_TIME === 0) yield;
        continue;
      }
      const some = part.subarray(from, from + BLOCK - filled);
      block.set(some, filled);
      filled += some.length;
      from += some.length;
      if (filled < BLOCK) break;
      compress(state, view, 0, words, k);
      filled = 0;
    }
  }
  block.fill(0, filled);
  block[filled] = 0x80;
  if (filled >= BLOCK - 8) {
    compress(state, view, 0, words, k);
    block.fill(0);
  }
  view.setUint32(BLOCK - 8, Math.floor(total / 0x2000_0000));
  view.setUint32(BLOCK - 4, total << 3);
  compress(state, view, 0, words, k);
  return Array.from(state, (word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}

/** The block of 16 big-endian words at `at` into the state, section 6.2.2. */
function compress(state: Int32Array, block: DataView, at: number, w: Int32Array, k: Int32Array): void {
  for (let t = 0; t < 16; t++) w[t] = block.getInt32(at + 4 * t);
  for (let t = 16; t < 64; t++) {
    const x = w[t - 15];
    const y = w[t - 2];
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    w[t] = w[t - 16] + s0 + w[t - 7] + s1;
  }
  let a = state[0];
  let b = state[1];
  let c = state[2];
  let d = state[3];
  let e = state[4];
  let f = state[5];
  let g = state[6];
  let h = state[7];
  for (let t = 0; t < 64; t++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const one = (h + s1 + ((e & f) ^ (~e & g)) + k[t] + w[t]) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const two = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + one) | 0;
    d = c;
    c = b;
    b = a;
    a = (one + two) | 0;
  }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
  state[4] += e;
  state[5] += f;
  state[6] += g;
  state[7] += h;
}

/** The first 32 bits of the fractions of the cube roots of the first 64 primes, and of the square roots of the first eight. */
function primeConstants(): { k: Int32Array; start: Int32Array } {
  const primes: number[] = [];
  for (let n = 2; primes.length < 64; n++) if (primes.every((prime) => n % prime > 0)) primes.push(n);
  return {
    k: Int32Array.from(primes, (prime) => fractionOfRoot(prime, 3n)),
    start: Int32Array.from(primes.slice(0, 8), (prime) => fractionOfRoot(prime, 2n)),
  };
}

/** ⌊2³² · prime^(1 / degree)⌋ in whole numbers, bit by bit; as int32, of which the whole part falls away. */
function fractionOfRoot(prime: number, degree: bigint): number {
  const power = BigInt(prime) << (32n * degree);
  let root = 0n;
  for (let bit = 36n; bit >= 0n; bit--) {
    const larger = root | (1n << bit);
    if (larger ** degree <= power) root = larger;
  }
  return Number(BigInt.asIntN(32, root));
}
