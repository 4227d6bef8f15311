import { extname } from 'node:path';
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import type { Piscina } from 'piscina';
import type { DataSet } from '../data/dataSet.ts';
import { isMnist } from '../data/identity.ts';
import { type Checkpoints, CheckpointStore } from '../store/checkpoints.ts';
import { sha256 } from '../store/sha256.ts';
import { inSharedMemory } from '../store/sharedMemory.ts';
import type { Executor } from '../study/executor.ts';
import type { TrialOutcome } from '../study/trial.ts';
import { type TrialConfiguration, trialKey } from '../study/trialConfiguration.ts';
import { completeSource, type DataSource } from '../study/trialData.ts';
import { DactylError } from '../util/errors.ts';
import { requireFields, requireNumber } from '../util/options.ts';
import type { Task, TaskFailure, TaskMessage, WorkerData } from './task.ts';
import { threadError } from './threadError.ts';
import { turnOnWide, wideInEnvironment } from './wide.ts';

/**
 * Runs trials in `workers` threads of this process, started with the first trial. Images in shared memory are used as they are and must not
 * change meanwhile; others are copied there. With `checkpoints`, a trial that was interrupted goes on from its newest one. A trial of other
 * data throws E_MISMATCH. `threads`: that share the work of each trial.
 */
export function createLocalExecutor(
  given: DataSource,
  workers: number,
  checkpoints?: Checkpoints,
  threads = 1,
): Executor {
  requireFields('createLocalExecutor: source', ['train', 'test'], given);
  requireNumber('createLocalExecutor: workers', workers);
  requireNumber('createLocalExecutor: threads', threads);
  if (checkpoints !== undefined)
    requireFields('createLocalExecutor: checkpoints', ['folder', 'everySeconds'], checkpoints);
  const whole = completeSource(given, sha256);
  const source = { ...whole, train: inSharedMemory(whole.train), test: inSharedMemory(whole.test) };
  const data = source.identity;
  let pool: Promise<Piscina> | undefined;
  /** Of a thread that did not start: no trial of this executor ends any more. */
  const failure = new AbortController();
  /** Keys of trials that have not come to an end. */
  const begun = new Set<string>();
  const start = async (): Promise<Piscina> => {
    if (wideInEnvironment()) turnOnWide();
    // Loaded with the first trial: a bundle that runs none does without it.
    const { Piscina } = await import('piscina');
    const threadPool = new Piscina({
      filename: new URL(`./worker${extname(import.meta.url)}`, import.meta.url).href,
      minThreads: workers,
      maxThreads: workers,
      idleTimeout: Infinity,
      workerData: { source, checkpoints, threads } satisfies WorkerData,
    });
    threadPool.on('error', (error) => {
      failure.abort(threadError(error));
    });
    return threadPool;
  };
  const started = (): Promise<Piscina> => (pool ??= start());
  return {
    workers,
    data,
    source,
    async run(configuration, { teachers = [], signal, onStarted, onEpoch }) {
      requireData(configuration, source);
      const key = trialKey(configuration);
      begun.add(key);
      const { port1, port2 } = new MessageChannel();
      const heard = (message: TaskMessage): void => {
        if (message.kind === 'started') onStarted?.();
        else onEpoch?.(message.epoch, message.logs, message.seconds);
      };
      port1.on('message', heard);
      try {
        const task: Task = { configuration, teachers, port: port2 };
        const stop = signal ? AbortSignal.any([signal, failure.signal]) : failure.signal;
        const threads = await started();
        const outcome = (await threads.run(task, { transferList: [port2], signal: stop })) as
          TrialOutcome | TaskFailure;
        // The outcome comes by a way of its own, and may be faster than what was told before it.
        for (let told; (told = receiveMessageOnPort(port1));) heard(told.message as TaskMessage);
        begun.delete(key);
        if ('failure' in outcome) throw new DactylError(outcome.failure.code, outcome.failure.message);
        return outcome;
      } catch (error) {
        if (failure.signal.aborted) throw failure.signal.reason;
        if (signal?.aborted)
          throw new DactylError('E_ABORTED', 'The trial was stopped on request.', { cause: error });
        throw threadError(error);
      } finally {
        port1.close();
      }
    },
    close: async () => {
      await (await pool)?.destroy();
      // Threads that were ended amid a trial may have been writing.
      if (checkpoints) for (const key of begun) new CheckpointStore(checkpoints.folder, key).removeTorn();
    },
  };
}

function requireData({ data }: TrialConfiguration, { name, identity }: DataSet): void {
  if (identity.every((sum, k) => data[k] === sum)) return;
  const of = isMnist(data) ? 'MNIST' : `other images (SHA-256 ${data[0].slice(0, 12)}…)`;
  throw new DactylError(
    'E_MISMATCH',
    `The trial is of ${of}, the images at hand are ${name} (SHA-256 ${identity[0].slice(0, 12)}…): expected the images that it was trained on.`,
  );
}
