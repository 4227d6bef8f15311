import { extname } from 'node:path';
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import type { FastifyBaseLogger } from 'fastify';
import { threadError } from '../../queue/threadError.ts';
import { DactylError } from '../../util/errors.ts';
import { onMessages } from '../longTurns.ts';
import type { NetworkFacts } from './infer.ts';
import type { Order, Report } from './messages.ts';

type Rows = Float64Array<ArrayBuffer>;

interface Waiting<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (error: unknown) => void;
}

interface Thread {
  readonly worker: Worker;
  readonly port: MessagePort;
  readonly under: Map<number, Waiting<Rows>>;
  readonly loading: Map<string, Waiting<void>[]>;
}

/** A thread that ends by itself is started again, but not at once. */
const AGAIN_MS = 500;

/** Of earlier batches; each of a power of two, and so many of each. */
const LEAST_BYTES = 4096;
const KEPT_OF_A_SIZE = 4;

/** Threads that compute. Each holds every model; a batch goes to the one that has least to do. */
export class InferenceThreads {
  readonly #log: FastifyBaseLogger;
  readonly #networks = new Map<string, NetworkFacts>();
  readonly #threads = new Set<Thread>();
  readonly #count: number;
  /** Is told when a thread has come in the place of one that had ended. */
  onThread: () => void = () => undefined;
  /** By size. */
  readonly #spare = new Map<number, ArrayBuffer[]>();
  #next = 0;
  #closed = false;

  constructor(count: number, log: FastifyBaseLogger) {
    this.#log = log;
    this.#count = count;
    for (let k = 0; k < count; k++) this.#start();
  }

  /** Whether all of them are there. */
  get whole(): boolean {
    return this.#threads.size === this.#count;
  }

  /** Batches of the thread that has fewest; Infinity where there is none. */
  get least(): number {
    let least = Infinity;
    for (const { under } of this.#threads) least = Math.min(least, under.size);
    return least;
  }

  /** In every thread, before it resolves. Throws where one of them ends. */
  async load(network: NetworkFacts): Promise<void> {
    this.#networks.set(network.hash, network);
    await Promise.all([...this.#threads].map((thread) => loadIn(thread, network)));
  }

  /** After what is under way with it. */
  unload(hash: string): void {
    this.#networks.delete(hash);
    for (const { port } of this.#threads) port.postMessage({ kind: 'unload', hash } satisfies Order);
  }

  /** Zeroed memory of at least so many bytes, for `run`; where there is some, of an earlier batch: the system clears new memory, and its garbage has to be found. */
  memory(bytes: number): ArrayBuffer {
    let size = LEAST_BYTES;
    while (size < bytes) size *= 2;
    return this.#spare.get(size)?.pop() ?? new ArrayBuffer(size);
  }

  /** `data`, whose memory is given away, is that of `count` inputs. Throws the `DactylError` that the network threw. */
  run(hash: string, data: Uint8Array<ArrayBuffer> | Float32Array<ArrayBuffer>, count: number): Promise<Rows> {
    let chosen: Thread | undefined;
    for (const thread of this.#threads) {
      if (chosen === undefined || thread.under.size < chosen.under.size) chosen = thread;
    }
    if (chosen === undefined) return Promise.reject(new Error('No thread is there to compute.'));
    const { under, port } = chosen;
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      under.set(id, { resolve, reject });
      port.postMessage({ kind: 'infer', id, hash, data, count } satisfies Order, [data.buffer]);
    });
  }

  #keep(memory: ArrayBuffer): void {
    const { byteLength } = memory;
    const same = this.#spare.get(byteLength) ?? [];
    if (same.length < KEPT_OF_A_SIZE) same.push(memory);
    this.#spare.set(byteLength, same);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#threads].map(({ worker }) => worker.terminate()));
  }

  #start(): void {
    const { port1: port, port2 } = new MessageChannel();
    const worker = new Worker(new URL(`./worker${extname(import.meta.url)}`, import.meta.url), {
      workerData: port2,
      transferList: [port2],
    });
    const thread: Thread = { worker, port, under: new Map(), loading: new Map() };
    this.#threads.add(thread);
    const takeLast = onMessages(port, (report: Report) => {
      if (report.kind === 'loaded') {
        for (const { resolve } of thread.loading.get(report.hash) ?? []) resolve();
        thread.loading.delete(report.hash);
        return;
      }
      const waiting = thread.under.get(report.id)!;
      thread.under.delete(report.id);
      this.#keep(report.memory);
      if (report.kind === 'rows') waiting.resolve(report.rows);
      else {
        const { code, message } = report;
        waiting.reject(code === undefined ? new Error(message) : new DactylError(code, message));
      }
    });
    let reason: unknown;
    worker.on('error', (error) => {
      reason = threadError(error);
    });
    worker.on('exit', () => {
      takeLast();
      this.#threads.delete(thread);
      const ended = reason ?? new Error('A thread that computed has ended.');
      for (const { reject } of thread.under.values()) reject(ended);
      for (const { reject } of [...thread.loading.values()].flat()) reject(ended);
      if (this.#closed) return;
      this.#log.error({ err: reason }, 'a thread that computes has ended; another is started');
      setTimeout(() => {
        if (!this.#closed) this.#start();
      }, AGAIN_MS).unref();
    });
    // A thread takes orders one after the other: what is asked of it next finds the models there.
    for (const network of this.#networks.values()) loadIn(thread, network).catch(() => undefined);
    this.onThread();
  }
}

function loadIn({ port, loading }: Thread, network: NetworkFacts): Promise<void> {
  return new Promise((resolve, reject) => {
    loading.set(network.hash, [...(loading.get(network.hash) ?? []), { resolve, reject }]);
    port.postMessage({ kind: 'load', network } satisfies Order);
  });
}
