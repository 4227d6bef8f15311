import { HELPER } from './helper.ts';

/** A thread that runs `HELPER`. */
export interface HelperThread {
  /** Once it has said that it is ready; rejects where it cannot start. */
  readonly ready: Promise<void>;
  /** Whether it still runs, as far as can be known without letting events through. */
  isAlive(): boolean;
  end(): void;
}

/** A page's worker, or that of another host that has the same. */
interface PageWorker {
  postMessage(message: unknown): void;
  terminate(): void;
  onmessage: ((event: { data: unknown }) => void) | null;
  onerror: ((event: { message?: string; preventDefault?(): void }) => void) | null;
}

interface NodeWorker {
  postMessage(message: unknown): void;
  terminate(): Promise<number>;
  on(event: 'message' | 'error' | 'exit', listener: (value: unknown) => void): void;
  unref(): void;
  readonly performance: { eventLoopUtilization(): { readonly idle: number } };
}

interface Host {
  readonly Worker?: new (url: string) => PageWorker;
  readonly process?: {
    getBuiltinModule?(name: 'node:worker_threads'): {
      readonly Worker: new (code: string, options: object) => NodeWorker;
    };
  };
}

/** Starts one with its task; `failed` is told when it ends before it was told to. Throws where the host lets none start. */
export function startHelper(task: object, failed: (reason: string) => void): HelperThread {
  const host = globalThis as Host;
  if (host.Worker) return inPage(host.Worker, task, failed);
  return inNode(host.process!.getBuiltinModule!('node:worker_threads').Worker, task, failed);
}

function inPage(
  Worker: NonNullable<Host['Worker']>,
  task: object,
  failed: (reason: string) => void,
): HelperThread {
  const url = URL.createObjectURL(new Blob([HELPER], { type: 'text/javascript' }));
  const worker = new Worker(url);
  const ready = new Promise<void>((resolve, reject) => {
    worker.onmessage = ({ data }) => {
      if (data === 'ready') resolve();
      else failed(String(data));
    };
    worker.onerror = (event) => {
      event.preventDefault?.();
      const reason = event.message ?? 'it did not start';
      reject(new Error(reason));
      failed(reason);
    };
  }).finally(() => {
    URL.revokeObjectURL(url);
  });
  ready.catch(() => undefined);
  worker.postMessage(task);
  return {
    ready,
    isAlive: () => true,
    end() {
      worker.terminate();
    },
  };
}

function inNode(
  Worker: new (code: string, options: object) => NodeWorker,
  task: object,
  failed: (reason: string) => void,
): HelperThread {
  const worker = new Worker(HELPER, { eval: true, execArgv: [], name: 'dactyl' });
  const ready = new Promise<void>((resolve, reject) => {
    worker.on('message', (message) => {
      if (message !== 'ready') {
        failed(String(message));
        return;
      }
      // From now on it does not keep the process.
      worker.unref();
      resolve();
    });
    const fail = (reason: unknown): void => {
      reject(new Error(String(reason)));
      failed(String(reason));
    };
    worker.on('error', fail);
    worker.on('exit', (code) => {
      fail(`it ended with code ${String(code)}`);
    });
  });
  ready.catch(() => undefined);
  worker.postMessage(task);
  return {
    ready,
    // Node's count of idle milliseconds is negative for a thread that has ended.
    isAlive: () => worker.performance.eventLoopUtilization().idle >= 0,
    end() {
      void worker.terminate();
    },
  };
}
