import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { DactylError } from '../../util/errors.ts';
import type { ServerConfig } from '../config/schema.ts';
import { HttpError, unavailable } from '../errors.ts';
import type { AnswerTo, Task, Told } from './task.ts';

export interface PoolOptions {
  /** How many pictures are read at the same time. */
  readonly threads: number;
  /** How many may wait besides. */
  readonly waiting: number;
  /** After so long in the queue a task is refused. */
  readonly longestWait?: number;
  /** After so long a reading is given up. */
  readonly milliseconds: number;
  /** Of the heap of a thread, in megabytes. Pixels lie outside of it: their limit is that of the task. */
  readonly heapMegabytes: number;
}

/** Milliseconds. A client that sends its picture again is served sooner than one that waits as long. */
const LONGEST_WAIT_MS = 30_000;
const FULL = 'Too many pictures are being read. Send this one again later.';

/** A thread that did not start is tried anew after this. */
const RESTART_MS = 1000;

interface Job {
  readonly task: Task;
  readonly resolve: (answer: never) => void;
  readonly reject: (error: unknown) => void;
  /** Of its waiting. */
  timer?: NodeJS.Timeout;
}

/** As the settings say. */
export function poolOf({ reading: { seconds, ...own } }: Pick<ServerConfig, 'reading'>): ReadingPool {
  return new ReadingPool({ ...own, milliseconds: seconds * 1000 });
}

/** A thread, and what it works on. */
interface Place {
  worker: Worker;
  ready: boolean;
  job?: Job | undefined;
  timer?: NodeJS.Timeout;
}

/**
 * Threads that read what strangers send: one task each at a time. One that takes too long, or more memory than it may have, is refused, its thread ended and replaced by a new
 * one; the other tasks are not touched. What finds no place to wait is refused at once.
 */
export class ReadingPool {
  readonly #options: PoolOptions;
  readonly #places: Place[] = [];
  readonly #queue: Job[] = [];
  #closed = false;
  #idle: (() => void) | undefined;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /** Starts the threads, which the first task does else. */
  start(): void {
    while (this.#places.length < this.#options.threads) this.#places.push(this.#started({} as Place));
  }

  /** Whether one more task would be taken. */
  get hasRoom(): boolean {
    const busy = this.#places.filter(({ job }) => job !== undefined).length;
    return !this.#closed && busy + this.#queue.length < this.#options.threads + this.#options.waiting;
  }

  /** Throws what the task is refused with, E_BUSY (503) where there is no room or none has come for half a minute, E_DATA (422) where it takes too long, E_MEMORY (413) where it takes too much. */
  run<T extends Task>(task: T, signal?: AbortSignal): Promise<AnswerTo<T>> {
    if (!this.hasRoom) {
      return Promise.reject(unavailable(FULL));
    }
    return new Promise<AnswerTo<T>>((resolve, reject) => {
      const job: Job = { task, resolve, reject };
      const leave = (error: Error): void => {
        const at = this.#queue.indexOf(job);
        if (at < 0) return;
        this.#queue.splice(at, 1);
        clearTimeout(job.timer);
        reject(error);
      };
      signal?.addEventListener(
        'abort',
        () => {
          // Said to nobody, and no fault of the server.
          leave(unavailable('Nobody waits for this answer.'));
        },
        { once: true },
      );
      job.timer = setTimeout(() => {
        leave(unavailable(FULL));
      }, this.#options.longestWait ?? LONGEST_WAIT_MS);
      this.#queue.push(job);
      this.start();
      this.#next();
    });
  }

  /** Once what was taken is answered. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#queue.length > 0 || this.#places.some(({ job }) => job)) {
      await new Promise<void>((resolve) => {
        this.#idle = resolve;
      });
    }
    await Promise.all(this.#places.map(({ worker }) => worker.terminate()));
  }

  #started(place: Place): Place {
    const worker = new Worker(new URL(`./worker${extname(import.meta.url)}`, import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: this.#options.heapMegabytes },
      // Nothing of the environment, where keys may stand, and no flags meant for the main thread.
      env: {},
      execArgv: [],
    });
    // What is open on a port keeps a process alive, not threads that wait.
    worker.unref();
    worker.on('message', (told: Told) => {
      this.#hear(place, told);
    });
    worker.once('error', (error: NodeJS.ErrnoException) => {
      this.#lose(place, worker, lossOf(error));
    });
    worker.once('exit', (code) => {
      this.#lose(place, worker, new Error(`A thread that reads ended with ${code}.`));
    });
    return Object.assign(place, { worker, ready: false, job: undefined });
  }

  #hear(place: Place, told: Told): void {
    const { job } = place;
    if (told.kind === 'ready') place.ready = true;
    else if (job !== undefined) {
      clearTimeout(place.timer);
      place.job = undefined;
      if (told.kind === 'answer') job.resolve(told.answer as never);
      else job.reject(new DactylError(told.code, told.message));
    }
    this.#next();
  }

  /** A thread is gone: its task is refused, and another takes its place. */
  #lose(place: Place, worker: Worker, error: unknown): void {
    if (this.#closed && place.job === undefined && this.#queue.length === 0) return;
    if (place.worker !== worker) return;
    clearTimeout(place.timer);
    const { job, ready } = place;
    place.job = undefined;
    place.ready = false;
    if (ready) this.#started(place);
    else {
      // It did not even start: what waits is not left to wait for a second that may fail as well.
      for (const { reject, timer } of this.#queue.splice(0)) {
        clearTimeout(timer);
        reject(error);
      }
      setTimeout(() => {
        if (!this.#closed) this.#started(place);
      }, RESTART_MS).unref();
    }
    job?.reject(error);
    this.#next();
  }

  #next(): void {
    for (const place of this.#places) {
      if (!place.ready || place.job !== undefined) continue;
      const job = this.#queue.shift();
      if (job === undefined) break;
      clearTimeout(job.timer);
      place.job = job;
      place.timer = setTimeout(() => {
        void place.worker.terminate();
        this.#lose(place, place.worker, tooSlow(this.#options.milliseconds));
      }, this.#options.milliseconds);
      place.worker.postMessage(job.task);
    }
    if (this.#queue.length === 0 && !this.#places.some(({ job }) => job)) this.#idle?.();
  }
}

function tooSlow(milliseconds: number): HttpError {
  return new HttpError(
    422,
    'E_DATA',
    `Expected what is read within ${milliseconds / 1000} s, received what takes longer. Send a smaller picture, or fewer strokes.`,
  );
}

function lossOf(error: NodeJS.ErrnoException): unknown {
  if (error.code !== 'ERR_WORKER_OUT_OF_MEMORY') return error;
  return new HttpError(
    413,
    'E_MEMORY',
    'Expected what is read in the memory that there is, received what takes more. Send a smaller picture, or fewer strokes.',
  );
}
