import { extname } from 'node:path';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { Piscina } from 'piscina';
import type { Mnist } from '../datasets/mnist.ts';
import type { EpochLogs } from '../nn/history.ts';
import type { Executor } from '../study/executor.ts';
import type { TrialConfiguration, TrialOutcome } from '../study/trial.ts';
import { DactylError, type ErrorCode } from '../util/errors.ts';

export interface Task {
  readonly configuration: TrialConfiguration;
  readonly port: MessagePort;
}

export interface TaskProgress {
  readonly epoch: number;
  readonly logs: EpochLogs;
  readonly seconds: number;
}

export interface TaskFailure {
  readonly failure: { readonly code: ErrorCode; readonly message: string };
}

/** Runs trials in `workers` threads of this process, started with the first trial. `mnist` should lie in shared memory, else every thread gets a copy. */
export function createLocalExecutor(mnist: Mnist, workers: number): Executor {
  let pool: Piscina | undefined;
  const started = (): Piscina =>
    (pool ??= new Piscina({
      filename: new URL(`./worker${extname(import.meta.url)}`, import.meta.url).href,
      minThreads: workers,
      maxThreads: workers,
      idleTimeout: Infinity,
      workerData: { mnist },
    }));
  return {
    workers,
    async run(configuration, { signal, onEpoch }) {
      const { port1, port2 } = new MessageChannel();
      port1.on('message', ({ epoch, logs, seconds }: TaskProgress) => onEpoch?.(epoch, logs, seconds));
      try {
        const task: Task = { configuration, port: port2 };
        const outcome = (await started().run(task, { transferList: [port2], ...(signal && { signal }) })) as
          TrialOutcome | TaskFailure;
        if ('failure' in outcome) throw new DactylError(outcome.failure.code, outcome.failure.message);
        return outcome;
      } catch (error) {
        if (signal?.aborted)
          throw new DactylError('E_ABORTED', 'The trial was stopped on request.', { cause: error });
        throw error;
      } finally {
        port1.close();
      }
    },
    close: async () => pool?.destroy(),
  };
}
