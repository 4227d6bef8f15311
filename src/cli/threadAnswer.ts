import { parentPort, workerData } from 'node:worker_threads';
import { DactylError, type ErrorCode } from '../util/errors.ts';

/** What a thread tells `inThread`. */
export type ThreadMessage<Answer> =
  | { readonly kind: 'progress'; readonly share: number }
  | { readonly kind: 'answer'; readonly answer: Answer }
  // A class does not survive the way between threads.
  | { readonly kind: 'failure'; readonly code: ErrorCode; readonly message: string };

/** In the module that `inThread` starts: computes the answer to its task, with a function that tells how far it is (0 to 1). */
export async function answerTask<Task, Answer>(
  compute: (task: Task, onProgress: (share: number) => void) => Answer | Promise<Answer>,
): Promise<void> {
  const tell = (message: ThreadMessage<Answer>): void => {
    parentPort!.postMessage(message);
  };
  try {
    const answer = await compute(workerData as Task, (share) => {
      tell({ kind: 'progress', share });
    });
    tell({ kind: 'answer', answer });
  } catch (error) {
    if (!(error instanceof DactylError)) throw error;
    tell({ kind: 'failure', code: error.code, message: error.message });
  }
}
