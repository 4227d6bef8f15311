import type { MessagePort } from 'node:worker_threads';
import { workerData } from 'piscina';
import type { Mnist } from '../datasets/mnist.ts';
import { runTrial, type TrialConfiguration, type TrialOutcome } from '../study/trial.ts';
import { DactylError } from '../util/errors.ts';
import type { Task, TaskFailure, TaskProgress } from './local.ts';

const { mnist } = workerData as { mnist: Mnist };

/** What a piscina worker does with a task: one trial, its epochs reported through the port. */
export default async function runTask({ configuration, port }: Task): Promise<TrialOutcome | TaskFailure> {
  try {
    return await trial(configuration, port);
  } catch (error) {
    // A class does not survive the way between threads.
    if (error instanceof DactylError) return { failure: { code: error.code, message: error.message } };
    throw error;
  } finally {
    port.close();
  }
}

function trial(configuration: TrialConfiguration, port: MessagePort): Promise<TrialOutcome> {
  return runTrial(configuration, mnist, {
    onEpoch(epoch, logs, seconds) {
      port.postMessage({ epoch, logs, seconds } satisfies TaskProgress);
    },
  });
}
