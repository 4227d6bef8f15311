import { unavailable } from '../errors.ts';
import { goOn } from '../longTurns.ts';

/** So many are taken in any turn: where this process waits for a processor, or collects garbage, time alone says nothing. */
const ALWAYS = 64;
/** One for all: the trace of an error takes longer than the rest of a refusal. */
const LATE = unavailable('More requests came at once than this server answers in time.');

/**
 * Holds a turn of the event loop to a time: where more requests have come than can be answered in it, those behind are refused at once (503), before their bodies are read. So a
 * request that is taken waits for few turns, and each is short, however many come.
 */
export class Turns {
  readonly #budgetMs: number;
  readonly #now: () => number;
  #began = -1;
  #taken = 0;

  constructor(budgetMs: number, now: () => number = () => performance.now()) {
    this.#budgetMs = budgetMs;
    this.#now = now;
  }

  /** Throws E_BUSY where this turn has lasted its time. */
  enter(): void {
    goOn();
    const now = this.#now();
    if (this.#began < 0) {
      this.#began = now;
      setImmediate(() => {
        this.#began = -1;
        this.#taken = 0;
      });
    } else if (this.#taken >= ALWAYS && now - this.#began > this.#budgetMs) {
      throw LATE;
    }
    this.#taken++;
  }
}
