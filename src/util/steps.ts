/** Work that stops now and then, so that others may have a turn: each `yield` is such a place. */
export type Steps<T> = Generator<undefined, T, undefined>;

/** All of it at once. */
export function atOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** Goes through `count` things, `part` at a time, with a stop between two. `size`: of the first part, if it is smaller; each has up to twice as many as the one before. */
export function* parts(
  count: number,
  part: number,
  take: (from: number, to: number) => void,
  size = part,
): Steps<void> {
  for (let from = 0; from < count; size = Math.min(2 * size, part)) {
    if (from > 0) yield;
    take(from, Math.min(from + size, count));
    from += size;
  }
}

/** Whether it is given in steps, or at once. */
export function isSteps<T>(given: T | Steps<T>): given is Steps<T> {
  return (given as Partial<Steps<T>> | undefined)?.next !== undefined;
}

/** `breathe` is asked at each step whether others should have a turn; where it throws, the work is left off. */
export async function inSteps<T>(steps: Steps<T>, breathe: () => Promise<void> | undefined): Promise<T> {
  try {
    for (;;) {
      const { done, value } = steps.next();
      if (done) return value;
      const pause = breathe();
      if (pause) await pause;
    }
  } finally {
    steps.return(undefined as T);
  }
}
