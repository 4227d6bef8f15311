import type { MessagePort } from 'node:worker_threads';
import { workerData } from 'piscina';
import { CheckpointStore } from '../store/checkpoints.ts';
import { extraFor } from '../store/unipen.ts';
import { runTrial, type TrialOutcome } from '../study/trial.ts';
import { type TrialConfiguration, trialKey } from '../study/trialConfiguration.ts';
import { DactylError } from '../util/errors.ts';
import type { Task, TaskFailure, TaskMessage, WorkerData } from './task.ts';

const { source, checkpoints, threads } = workerData as WorkerData;

/** What a piscina worker does with a task: one trial, its epochs reported through the port. */
export default async function runTask({
  configuration,
  teachers,
  port,
}: Task): Promise<TrialOutcome | TaskFailure> {
  try {
    return await trial(configuration, teachers, port);
  } catch (error) {
    // A class does not survive the way between threads.
    if (error instanceof DactylError) return { failure: { code: error.code, message: error.message } };
    throw error;
  } finally {
    port.close();
  }
}

async function trial(
  configuration: TrialConfiguration,
  teachers: readonly Uint8Array[],
  port: MessagePort,
): Promise<TrialOutcome> {
  port.postMessage({ kind: 'started' } satisfies TaskMessage);
  const { extra } = extraFor([configuration.recipe]);
  const own = extra ? { ...source, extra: { ...source.extra, ...extra } } : source;
  const kept = checkpoints && new CheckpointStore(checkpoints.folder, trialKey(configuration));
  const run = (resume: Uint8Array | undefined): Promise<TrialOutcome> =>
    runTrial(configuration, own, {
      teachers,
      threads,
      onEpoch(epoch, logs, seconds) {
        port.postMessage({ kind: 'epoch', epoch, logs, seconds } satisfies TaskMessage);
      },
      ...(resume && { resume }),
      ...(kept && {
        checkpoint: {
          everySeconds: checkpoints.everySeconds,
          save: (file) => {
            kept.write(file);
          },
        },
      }),
    });
  const resume = kept?.read();
  try {
    return await run(resume);
  } catch (error) {
    // A checkpoint of another version of Dactyl: whole, but not to be taken up.
    const unusable = error instanceof DactylError && (error.code === 'E_FORMAT' || error.code === 'E_SHAPE');
    if (!resume || !unusable) throw error;
    kept?.remove();
    return run(undefined);
  }
}
