/** Counts of values in buckets, as cheap as two additions and a short search; a histogram of Prometheus is made of it when it is asked for. */
export class Tally {
  /** Upper ends, ascending; what is above all of them is counted behind. */
  readonly ends: readonly number[];
  readonly #counts: Float64Array;
  #sum = 0;

  constructor(ends: readonly number[]) {
    this.ends = ends;
    this.#counts = new Float64Array(ends.length + 1);
  }

  add(value: number): void {
    let k = 0;
    while (k < this.ends.length && value > this.ends[k]) k++;
    this.#counts[k]++;
    this.#sum += value;
  }

  get sum(): number {
    return this.#sum;
  }

  get count(): number {
    return this.#counts.reduce((sum, one) => sum + one, 0);
  }

  /** How many values are at most each end. */
  cumulative(): number[] {
    let sum = 0;
    return this.ends.map((_, k) => (sum += this.#counts[k]));
  }
}
