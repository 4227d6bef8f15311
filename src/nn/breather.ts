import { DactylError } from '../util/errors.ts';
import { yieldToEvents } from '../util/yieldToEvents.ts';

/** After this long others have a turn: with the step that is under way, also one of 4,096 rows of the paper's network, that stays below 50 ms; longer steps are divided (`trainStep`). */
const YIELD_EVERY_MS = 12;

/** Asked between two steps; a promise where others are to have a turn. */
export type Breathe = () => Promise<void> | undefined;

/** Lets events through now and then, also where epochs are short, and throws E_ABORTED once `signal` says so. */
export function breather(signal: AbortSignal | undefined): Breathe {
  let last = performance.now();
  return () => {
    throwIfAborted(signal);
    if (performance.now() - last <= YIELD_EVERY_MS) return undefined;
    return yieldToEvents().then(() => {
      last = performance.now();
      throwIfAborted(signal);
    });
  };
}

export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted)
    throw new DactylError('E_ABORTED', 'Training was stopped on request.', { cause: signal.reason });
}
