/** Cells of a cache line. Line 0 is the calling thread's; a helper has two, one that the caller writes and one that whoever works writes. */
export const LINE = 16;
export const CALLER_ASLEEP = 0;
/**
 * Where the cells of a helper lie: numbers of commands posted and done; whether it sleeps; whether it has failed; whether someone is busy with its commands, the helper or, where
 * that is not, the caller, who need not wait then for one that sleeps or has no core.
 */
export function placesOf(thread: number): Record<'POSTED' | 'ASLEEP' | 'FAILED' | 'DONE' | 'BUSY', number> {
  const line = LINE * (2 * thread - 1);
  return { POSTED: line, ASLEEP: line + 1, FAILED: line + 2, DONE: line + LINE, BUSY: line + LINE + 1 };
}

/** A page's own thread may not: it spins. */
export const MAY_SLEEP = maySleep();

function maySleep(): boolean {
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1);
    return true;
  } catch {
    return false;
  }
}
