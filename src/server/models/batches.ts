import { DactylError } from '../../util/errors.ts';
import { unavailable } from '../errors.ts';
import { soon } from '../longTurns.ts';
import { Tally } from '../monitor/tally.ts';
import { Answers } from './answers.ts';
import type { ServedModel } from './model.ts';
import type { InferenceThreads } from './threads.ts';

/** Values of `count` images, one after the other. */
export type Values = Uint8Array | Float32Array;

export interface BatchLimits {
  /** Images, at most, in a batch of several requests. */
  readonly batch: number;
  /** Images, at most, that wait. */
  readonly waiting: number;
  /** Where one has waited so many milliseconds, no other may come and wait behind it. */
  readonly waitMs: number;
}

interface Job {
  readonly model: ServedModel;
  readonly values: Values;
  readonly count: number;
  readonly coverage: number;
  /** When it came, in milliseconds. */
  readonly since: number;
  readonly isGone: (() => boolean) | undefined;
  readonly resolve: (answers: Answers) => void;
  readonly reject: (error: unknown) => void;
}

/** Batches of a thread: one that it computes and, where that many images are there for it, one that waits for it; a message to a thread costs as much as some images. */
const DEPTH = 2;
const WORTH_WAITING = 32;
/** One for all: the trace of an error takes longer than the rest of a refusal. */
const FULL = unavailable('More images wait than this server takes at a time.');

/**
 * Requests of the same moment go to a thread as one batch: what comes in one turn of the event loop, and while all threads are busy. What waits is bounded; past it, in images or in the time that the first has waited,
 * requests are refused (503), so that no queue grows.
 */
export class Batches {
  /** Images of the batches that threads were given. */
  readonly sizes = new Tally([1, 4, 16, 64, 256, 1024, 4096]);
  readonly #threads: InferenceThreads;
  readonly #limits: BatchLimits;
  #jobs: Job[] = [];
  /** Images in `#jobs`. */
  #waiting = 0;
  #under = 0;
  #isPlanned = false;
  #drained: (() => void) | undefined;

  constructor(threads: InferenceThreads, limits: BatchLimits) {
    this.#threads = threads;
    this.#limits = limits;
    threads.onThread = () => {
      this.#plan();
    };
  }

  /** Images that wait for a thread. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Whether images wait for this model. */
  has(model: ServedModel): boolean {
    return this.#jobs.some((job) => job.model === model);
  }

  /** Throws E_BUSY where too many wait; what the network throws for these images. `isGone`: whether nobody wants the answer any more. */
  predict(
    model: ServedModel,
    values: Values,
    count: number,
    coverage: number,
    isGone?: () => boolean,
  ): Promise<Answers> {
    const { waiting, waitMs } = this.#limits;
    const since = performance.now();
    const oldest = this.#jobs.at(0);
    if (oldest !== undefined && (this.#waiting + count > waiting || since - oldest.since > waitMs)) {
      return Promise.reject(FULL);
    }
    return new Promise((resolve, reject) => {
      this.#jobs.push({ model, values, count, coverage, since, isGone, resolve, reject });
      this.#waiting += count;
      this.#plan();
    });
  }

  /** When all that was taken is answered. */
  async drain(): Promise<void> {
    if (this.#jobs.length === 0 && this.#under === 0) return;
    await new Promise<void>((resolve) => {
      this.#drained = resolve;
    });
  }

  #plan(): void {
    if (this.#isPlanned || !this.#isTime()) return;
    this.#isPlanned = true;
    soon(this.#sendAll);
  }

  readonly #sendAll = (): void => {
    this.#isPlanned = false;
    while (this.#isTime()) this.#send(this.#take());
    if (this.#jobs.length === 0 && this.#under === 0) this.#drained?.();
  };

  /** Whether a batch is sent. */
  #isTime(): boolean {
    const { least } = this.#threads;
    return this.#jobs.length > 0 && (least === 0 || (least < DEPTH && this.#waiting >= WORTH_WAITING));
  }

  /** Jobs of the first one's model, as many as fit. */
  #take(): Job[] {
    const [{ model, values }] = this.#jobs;
    const chosen: Job[] = [];
    const others: Job[] = [];
    let count = 0;
    for (const job of this.#jobs) {
      if (job.isGone?.()) {
        this.#waiting -= job.count;
        // Said to nobody: the client is gone, which is no fault of the server.
        job.reject(unavailable('Nobody waits for this answer.'));
        continue;
      }
      const fits =
        job.model === model &&
        job.values.constructor === values.constructor &&
        (chosen.length === 0 || count + job.count <= this.#limits.batch);
      if (fits) {
        chosen.push(job);
        count += job.count;
      } else others.push(job);
    }
    this.#jobs = others;
    this.#waiting -= count;
    return chosen;
  }

  #send(jobs: readonly Job[]): void {
    if (jobs.length === 0) return;
    const [{ model, values: first }] = jobs;
    const count = jobs.reduce((sum, job) => sum + job.count, 0);
    this.sizes.add(count);
    const size = count * model.size;
    const memory = this.#threads.memory(size * first.BYTES_PER_ELEMENT);
    const data =
      first instanceof Uint8Array ? new Uint8Array(memory, 0, size) : new Float32Array(memory, 0, size);
    let at = 0;
    for (const { values } of jobs) {
      data.set(values, at);
      at += values.length;
    }
    this.#under++;
    this.#threads.run(model.hash, data, count).then(
      (rows) => {
        let from = 0;
        for (const job of jobs) {
          job.resolve(new Answers(model, rows, from, job.count, job.coverage));
          from += job.count;
        }
        this.#ended();
      },
      (error: unknown) => {
        if (jobs.length > 1 && error instanceof DactylError) {
          // One of them is to blame, and the others are not refused with it.
          for (const job of jobs) this.#send([job]);
        } else for (const job of jobs) job.reject(error);
        this.#ended();
      },
    );
  }

  #ended(): void {
    this.#under--;
    if (this.#jobs.length > 0) this.#plan();
    else if (this.#under === 0) this.#drained?.();
  }
}
