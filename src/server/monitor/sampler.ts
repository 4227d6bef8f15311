import { Random } from '../../util/random.ts';

/** Images that may be looked at together after a quiet time, so that what begins slowly is seen whole. */
const RESERVE = 1000;
/** Of one request: some 4 ms. */
const AT_ONCE = 50;

/** Says which images are looked at: all while they are few, else so many a second, evenly spread over each request from a random place on. */
export class Sampler {
  readonly #perSecond: number;
  readonly #random = new Random(0, 'monitor/sampler');
  #left: number;
  #at: number | undefined;

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
    this.#left = perSecond === 0 ? 0 : RESERVE;
  }

  /** Of a request's `count` images at the time `now` (ms), the indices in order. */
  choose(count: number, now: number): number[] {
    const passed = Math.max(0, now - (this.#at ?? now));
    this.#at = now;
    this.#left = Math.min(RESERVE, this.#left + (passed * this.#perSecond) / 1000);
    const n = this.#perSecond === 0 ? 0 : Math.min(count, AT_ONCE, Math.floor(this.#left));
    if (n === 0) return [];
    this.#left -= n;
    const start = n === count ? 0 : this.#random.uniform();
    return Array.from({ length: n }, (_, k) => Math.floor(((k + start) * count) / n));
  }
}
