import type { Clock } from '../../src/server/clock.ts';

/** A clock that stands until a test moves it; work that is then due is done. */
export interface MovedClock extends Clock {
  forward(ms: number): void;
}

export function movedClock(start = Date.UTC(2026, 10, 29)): MovedClock {
  let now = start;
  const works = new Set<{ ms: number; next: number; work: () => void }>();
  return {
    now: () => now,
    every(ms, work) {
      const own = { ms, next: now + ms, work };
      works.add(own);
      return () => works.delete(own);
    },
    forward(ms) {
      now += ms;
      for (const own of works) {
        if (own.next > now) continue;
        own.next = now + own.ms;
        own.work();
      }
    },
  };
}
