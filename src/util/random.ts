import { mix } from './mix.ts';
import { naturalLogarithm } from './logarithm.ts';
import { requireType } from './options.ts';
import { atOnce, parts, type Steps } from './steps.ts';

type Shuffled = Uint8Array | Uint32Array | Int32Array | unknown[];

/** Some milliseconds. */
const SHUFFLED_AT_A_TIME = 1 << 16;

/**
 * An integer random generator with one independent stream per purpose: xoshiro128** (Blackman & Vigna 2018), its state
 * filled by a 32-bit mixing hash of the seed and the name of the purpose. Integer arithmetic only, so the same numbers
 * come out of every JavaScript engine.
 */
export class Random {
  readonly #state = new Uint32Array(4);

  /** `seed`: a whole number (any safe integer, negative too). `purpose`: for example `'shuffle'` or `'kernel/0'`. */
  constructor(seed: number, purpose: string) {
    requireType('Random', 'seed: a whole number', Number.isSafeInteger(seed), seed);
    requireType('Random', 'purpose: a text', typeof purpose === 'string', purpose);
    let hash = mix(seed | 0) ^ Math.imul(mix(Math.floor(seed / 0x1_0000_0000) | 0), 0x9e3779b1);
    for (let i = 0; i < purpose.length; i++) hash = mix(Math.imul(hash, 31) ^ purpose.charCodeAt(i));
    for (let i = 0; i < 4; i++) this.#state[i] = mix(hash + Math.imul(i + 1, 0x9e3779b9));
    if (this.#state.every((word) => word === 0)) this.#state[0] = 1;
  }

  /** Uniform on 0 … 2³² − 1. */
  uint32(): number {
    const s = this.#state;
    const result = Math.imul(rotateLeft(Math.imul(s[1], 5), 7), 9) >>> 0;
    const t = s[1] << 9;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotateLeft(s[3], 11);
    return result;
  }

  /** Uniform on [0, 1), a multiple of 2⁻⁵³. */
  uniform(): number {
    const high = this.uint32() >>> 5;
    const low = this.uint32() >>> 6;
    return (high * 0x400_0000 + low) / 0x20_0000_0000_0000;
  }

  /** Uniform on 0 … n − 1 without bias; n ≤ 2³². */
  integer(n: number): number {
    const limit = 0x1_0000_0000 - (0x1_0000_0000 % n);
    let draw = this.uint32();
    while (draw >= limit) draw = this.uint32();
    return draw % n;
  }

  /** Standard normal (Marsaglia's polar method, its logarithm the same on every machine). */
  normal(): number {
    for (;;) {
      const u = 2 * this.uniform() - 1;
      const v = 2 * this.uniform() - 1;
      const s = u * u + v * v;
      if (s > 0 && s < 1) return u * Math.sqrt((-2 * naturalLogarithm(s)) / s);
    }
  }

  /** Shuffles in place (Fisher–Yates) and returns the array. */
  shuffle<A extends Shuffled>(array: A): A {
    atOnce(this.shuffleInSteps(array));
    return array;
  }

  shuffleInSteps(array: Shuffled): Steps<void> {
    const last = array.length - 1;
    return parts(last, SHUFFLED_AT_A_TIME, (from, to) => {
      for (let i = last - from; i > last - to; i--) {
        const j = this.integer(i + 1);
        const kept = array[i];
        array[i] = array[j];
        array[j] = kept;
      }
    });
  }

  /** The four words of state, to be stored and given back by `restore`. */
  save(): Uint32Array {
    return this.#state.slice();
  }

  restore(state: Uint32Array): void {
    this.#state.set(state);
  }
}

function rotateLeft(x: number, bits: number): number {
  return (x << bits) | (x >>> (32 - bits));
}
