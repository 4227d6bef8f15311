import { inSteps, type Steps } from '../util/steps.ts';
import type { Breathe } from './breather.ts';

/** What the engine takes at a time. */
const MOST = 128;
/** Milliseconds that rows at a time may take. */
const LONG_MS = 8;

/** Goes through rows, so many at a time as take some milliseconds, never across a multiple of 128; between two, others have a turn now and then. */
export async function rowsInTurns(
  count: number,
  breathe: Breathe,
  take: (range: readonly [from: number, to: number]) => Steps<void>,
): Promise<void> {
  let size = 1;
  for (let from = 0; from < count;) {
    const to = Math.min(count, from + size);
    const begun = performance.now();
    await inSteps(take([from, to]), breathe);
    const took = performance.now() - begun;
    if (took > LONG_MS) size = Math.max(1, size / 2);
    else if (took < LONG_MS / 2 && size < MOST && to % (2 * size) === 0) size *= 2;
    from = to;
    const pause = breathe();
    if (pause) await pause;
  }
}
