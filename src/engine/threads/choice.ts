/** Steps of a trial, by turns alone and shared, so many of each at a time: the first ones bring the weights to the cores that work on them, and the median leaves them out. */
const TURN = 8;
const TURNS = 6;
/** Milliseconds until the first trial, when kernels are hardly compiled yet; from one to the next it is twice as long, up to the second. */
const FIRST_HOLD_MS = 50;
const MOST_HOLD_MS = 2000;
/** A trial takes at most one part of so many of the time. */
const RARITY = 20;
/** Milliseconds of a step that surely gains: what threads cost one another is microseconds a call. */
const LONG_STEP_MS = 4;

/**
 * Whether steps are shared among threads or taken by the caller alone, whichever is faster at the time: short steps may be either, since what two cores share costs more the farther they lie
 * apart, which a virtual machine's do by the minute. The bits are the same.
 */
export class Choice {
  shared = true;
  #last = 0;
  /** Of the trial under way; −1: none is. */
  #step = -1;
  #began = 0;
  readonly #times: { readonly alone: number[]; readonly shared: number[] } = { alone: [], shared: [] };
  #hold = FIRST_HOLD_MS;
  #until = 0;

  /** To be told of the end of each step, at so many milliseconds. */
  stepped(now: number): void {
    const took = now - this.#last;
    const isFirst = this.#last === 0;
    this.#last = now;
    if (isFirst) this.#until = now + this.#hold;
    else if (this.#step >= 0) this.#try(now, took);
    else if (now >= this.#until && took < LONG_STEP_MS) this.#begin(now);
  }

  #begin(now: number): void {
    this.#step = 0;
    this.#began = now;
    this.#times.alone.length = this.#times.shared.length = 0;
    this.shared = !this.shared;
  }

  #try(now: number, took: number): void {
    const { alone, shared } = this.#times;
    (this.shared ? shared : alone).push(took);
    this.#step++;
    if (this.#step % TURN > 0) return;
    this.shared = !this.shared;
    if (this.#step < TURN * TURNS) return;
    this.#step = -1;
    this.shared = median(shared) < median(alone);
    this.#hold = Math.min(2 * this.#hold, MOST_HOLD_MS);
    this.#until = now + Math.max(this.#hold, RARITY * (now - this.#began));
  }
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1];
}
