import { DactylError } from './errors.ts';
import { yieldToEvents } from './yieldToEvents.ts';

/** A signal is heard after this long, whatever the number of items. */
const TURN_MS = 30;

/**
 * The work of each item, one after the other, that lets events through every few hundredths of a second: for what is quick once and slow a hundred
 * thousand times. Throws E_ABORTED once `signal` is aborted.
 */
export async function inTurns<T, R>(
  items: Iterable<T>,
  work: (item: T) => R,
  signal?: AbortSignal,
): Promise<R[]> {
  const results: R[] = [];
  let begun = performance.now();
  for (const item of items) {
    if (performance.now() - begun > TURN_MS) {
      await yieldToEvents();
      if (signal?.aborted) {
        throw new DactylError('E_ABORTED', 'Stopped on request.', { cause: signal.reason });
      }
      begun = performance.now();
    }
    results.push(work(item));
  }
  return results;
}
