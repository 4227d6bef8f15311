import { DactylError } from '../util/errors.ts';

/** What `work` returns; what it refuses as damaged is refused with what to do about it. */
export function withAdvice<T>(work: () => T, advice: string): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof DactylError)) throw error;
    if (error.code !== 'E_FORMAT' && error.code !== 'E_CHECKSUM') throw error;
    throw new DactylError(error.code, `${error.message} What to do: ${advice}.`, {
      cause: error,
    });
  }
}
