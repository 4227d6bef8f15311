import { Worker, type ResourceLimits } from 'node:worker_threads';
import { threadError } from '../queue/threadError.ts';
import { DactylError } from '../util/errors.ts';
import type { ThreadMessage } from './threadAnswer.ts';

export interface ThreadOptions<Told> {
  readonly signal: AbortSignal;
  /** The message of E_ABORTED, such as 'Judging was stopped on request.' */
  readonly stopped: string;
  /** Is told what the computation tells, by default shares of the work, 0 to 1. */
  readonly onProgress?: (told: Told) => void;
  readonly resourceLimits?: ResourceLimits;
}

/**
 * A computation that lets no event through (drawing, resampling, checking a huge plan), in a thread of its own, so that Ctrl-C is heard
 * meanwhile. `file` is a module beside the caller that calls `answerTask`; task and answer are plain data. Throws the `DactylError` that the computation
 * threw, and E_ABORTED once `signal` is aborted: the thread is ended wherever it is, so what it writes has to be written in full or not at all.
 */
export async function inThread<Task, Answer, Told = number>(
  file: URL,
  task: Task,
  { signal, stopped, onProgress, resourceLimits }: ThreadOptions<Told>,
): Promise<Answer> {
  const abortion = (): DactylError => new DactylError('E_ABORTED', stopped, { cause: signal.reason });
  if (signal.aborted) throw abortion();
  const worker = new Worker(file, { workerData: task, ...(resourceLimits && { resourceLimits }) });
  let stop: (() => void) | undefined;
  try {
    return await new Promise<Answer>((resolve, reject) => {
      stop = () => {
        reject(abortion());
      };
      signal.addEventListener('abort', stop, { once: true });
      worker.on('message', (message: ThreadMessage<Answer, Told>) => {
        if (message.kind === 'progress') onProgress?.(message.told);
        else if (message.kind === 'answer') resolve(message.answer);
        else reject(new DactylError(message.code, message.message));
      });
      worker.once('error', (error: NodeJS.ErrnoException) => {
        reject(
          error.code === 'ERR_WORKER_OUT_OF_MEMORY'
            ? new DactylError(
                'E_MEMORY',
                'Expected more memory than this computation may have; received none. Give it fewer data, or Node more: NODE_OPTIONS=--max-old-space-size=8192.',
              )
            : (threadError(error) as Error),
        );
      });
      worker.once('exit', (code) => {
        reject(new Error(`A thread ended with ${code} and without an answer.`));
      });
    });
  } finally {
    if (stop) signal.removeEventListener('abort', stop);
    await worker.terminate();
  }
}
