import { parentPort, workerData } from 'node:worker_threads';
import { DactylError, type ErrorCode } from '../util/errors.ts';

/** What a thread tells `inThread`. */
export type ThreadMessage<Answer, Told = number> =
  | { readonly kind: 'progress'; readonly told: Told }
  | { readonly kind: 'answer'; readonly answer: Answer }
  // A class does not survive the way between threads.
  | { readonly kind: 'failure'; readonly code: ErrorCode; readonly message: string };

/** In the module that `inThread` starts: computes the answer to its task, with a function that tells how far it is (0 to 1), or what else. */
export async function answerTask<Task, Answer, Told = number>(
  compute: (task: Task, onProgress: (told: Told) => void) => Answer | Promise<Answer>,
): Promise<void> {
  const tell = (message: ThreadMessage<Answer, Told>): void => {
    parentPort!.postMessage(message);
  };
  try {
    const answer = await compute(workerData as Task, (told) => {
      tell({ kind: 'progress', told });
    });
    tell({ kind: 'answer', answer });
  } catch (error) {
    if (!(error instanceof DactylError)) throw error;
    tell({ kind: 'failure', code: error.code, message: error.message });
  }
}
