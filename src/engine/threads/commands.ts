/** Commands that may lie before a helper, a power of two. */
export const SLOTS = 64;
/** Arguments of a command, at most, odd, and how many of them may be other than addresses and counts. */
export const MOST_ARGUMENTS = 29;
const MOST_FLOATS = 8;
/** Cells of a command, three cache lines: a kernel's number, how many arguments, which of them are neither, these, and the floats that are meant. */
export const WIDTH = 3 + MOST_ARGUMENTS + 2 * MOST_FLOATS;
/** Of no kernel: the helper is to end. */
export const END = 0xffff;

/** A helper's ring of commands in cells that it shares: what one thread writes and another reads takes as few cache lines as can be. */
export class Commands {
  /** The first cell, at a cache line. */
  readonly #first: number;
  readonly #words: Uint32Array<SharedArrayBuffer>;
  readonly #floats: Float64Array<SharedArrayBuffer>;
  readonly #lists = emptyLists();

  constructor({ buffer }: Int32Array<SharedArrayBuffer>, first: number) {
    this.#first = first;
    this.#words = new Uint32Array(buffer);
    this.#floats = new Float64Array(buffer);
  }

  write(command: number, kernel: number, args: readonly number[]): void {
    const words = this.#words;
    const at = this.#placeOf(command);
    words[at] = kernel;
    words[at + 1] = args.length;
    let [floats, next] = [0, (at + 3 + MOST_ARGUMENTS) >> 1];
    for (let k = 0; k < args.length; k++) {
      const value = args[k];
      // −0 is none.
      if (Object.is(value, value >>> 0)) words[at + 3 + k] = value;
      else {
        floats |= 1 << k;
        this.#floats[next++] = value;
      }
    }
    words[at + 2] = floats;
  }

  /** The kernel of a command, and its arguments until the next is read. */
  read(command: number): [kernel: number, args: readonly number[]] {
    const words = this.#words;
    const at = this.#placeOf(command);
    const list = this.#lists[words[at + 1]];
    const floats = words[at + 2];
    for (let k = 0, next = (at + 3 + MOST_ARGUMENTS) >> 1; k < list.length; k++) {
      list[k] = (floats >>> k) & 1 ? this.#floats[next++] : words[at + 3 + k];
    }
    return [words[at], list];
  }

  #placeOf(command: number): number {
    return this.#first + (command & (SLOTS - 1)) * WIDTH;
  }
}

/** One of each length. */
export function emptyLists(): number[][] {
  return Array.from({ length: MOST_ARGUMENTS + 1 }, (_, length) => new Array<number>(length).fill(0));
}
