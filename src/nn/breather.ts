import { DactylError } from '../util/errors.ts';
import { yieldToEvents } from '../util/yieldToEvents.ts';

/** How long training may keep the thread to itself. */
const YIELD_EVERY_MS = 50;

/** Lets events through now and then, also where epochs are short, and throws E_ABORTED once `signal` says so. */
export function breather(signal: AbortSignal | undefined): () => Promise<void> | undefined {
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
