import { extname } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import { Piscina } from 'piscina';
import type { Checkpoints } from '../store/checkpoints.ts';
import type { Executor } from '../study/executor.ts';
import type { TrialOutcome } from '../study/trial.ts';
import type { DataSource } from '../study/trialData.ts';
import { DactylError } from '../util/errors.ts';
import type { Task, TaskFailure, TaskMessage, WorkerData } from './task.ts';

/**
 * Runs trials in `workers` threads of this process, started with the first trial. The images should lie in shared memory, else
 * every thread gets a copy. With `checkpoints`, a trial that was interrupted goes on from its newest one.
 */
export function createLocalExecutor(
  source: DataSource,
  workers: number,
  checkpoints?: Checkpoints,
): Executor {
  let pool: Piscina | undefined;
  const started = (): Piscina =>
    (pool ??= new Piscina({
      filename: new URL(`./worker${extname(import.meta.url)}`, import.meta.url).href,
      minThreads: workers,
      maxThreads: workers,
      idleTimeout: Infinity,
      workerData: { source, checkpoints } satisfies WorkerData,
    }));
  return {
    workers,
    async run(configuration, { teachers = [], signal, onStarted, onEpoch }) {
      const { port1, port2 } = new MessageChannel();
      port1.on('message', (message: TaskMessage) => {
        if (message.kind === 'started') onStarted?.();
        else onEpoch?.(message.epoch, message.logs, message.seconds);
      });
      try {
        const task: Task = { configuration, teachers, port: port2 };
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
