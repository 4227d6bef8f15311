import { DactylError } from '../../src/util/errors.ts';

const CODES = ['E_DATA', 'E_IDX'];

/** The message of the E_DATA or E_IDX that `read` throws; anything else is thrown on. */
export function fault(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    return messageOf(error);
  }
  throw new Error('nothing was thrown');
}

/** The same of a promise. */
export async function laterFault(read: Promise<unknown>): Promise<string> {
  return read.then(
    () => {
      throw new Error('nothing was thrown');
    },
    (error: unknown) => messageOf(error),
  );
}

function messageOf(error: unknown): string {
  if (error instanceof DactylError && CODES.includes(error.code)) return error.message;
  throw error;
}
