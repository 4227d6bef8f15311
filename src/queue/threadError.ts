import { isCrowded } from '../store/fileError.ts';
import { DactylError } from '../util/errors.ts';

/** Why a thread could not be started or went on, so that its user can do something about it; other errors as they are. */
export function threadError(error: unknown): unknown {
  const { code, message = '' } = error as { code?: string; message?: string };
  if (isCrowded(error)) {
    return new DactylError(
      'E_FILE',
      'Cannot start a thread: too many files are open (EMFILE). Raise the limit of open files (ulimit -n 1024).',
      { cause: error },
    );
  }
  if (code === 'ERR_WORKER_INIT_FAILED' || code === 'ERR_WORKER_OUT_OF_MEMORY') {
    return new DactylError(
      'E_MEMORY',
      `Cannot run a thread: ${message}. Take fewer --jobs, or give Node more memory (NODE_OPTIONS=--max-old-space-size=8192).`,
      { cause: error },
    );
  }
  return error;
}
