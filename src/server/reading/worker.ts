import { parentPort } from 'node:worker_threads';
import { DactylError } from '../../util/errors.ts';
import { answerTo } from './answer.ts';
import type { Task, Told } from './task.ts';

const tell = (told: Told): void => {
  parentPort!.postMessage(told);
};

/** Tasks come one after the other: the next when the last is answered. */
parentPort!.on('message', (task: Task) => {
  void answered(task).then(tell);
});
tell({ kind: 'ready' });

async function answered(task: Task): Promise<Told> {
  try {
    return { kind: 'answer', answer: await answerTo(task) };
  } catch (error) {
    // Another error ends the thread, which is then replaced.
    if (!(error instanceof DactylError)) throw error;
    return { kind: 'refusal', code: error.code, message: error.message };
  }
}
